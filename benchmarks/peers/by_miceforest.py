"""Predictive mean matching by miceforest itself, which impute_by_forests.py is held to and the benchmarks compare with.

Belongs here: running the library. Does not belong here: the imputation of a refresh (impute_by_forests.py).
"""

import warnings

import miceforest
import numpy as np
import pandas as pd
import polars as pl
from threadpoolctl import threadpool_limits

from modelling_assets.steps.imputation.impute_by_forests import DONORS, ITERATIONS, TIE_WIDTH, TREES, learnt_from


class RandomDonors(miceforest.ImputationKernel):
    """Breaks ties between donors at random, as R's mice does."""

    @staticmethod
    def _mean_match_nearest_neighbors(
        mean_match_candidates, bachelor_preds, candidate_preds, candidate_values, random_state, hashed_seeds=None
    ):
        def jittered(predictions):
            return predictions.astype(float) + random_state.uniform(-TIE_WIDTH, TIE_WIDTH, predictions.shape)

        return miceforest.ImputationKernel._mean_match_nearest_neighbors(
            mean_match_candidates, jittered(bachelor_preds), jittered(candidate_preds), candidate_values, random_state,
            hashed_seeds,
        )  # fmt: skip


def draw_by_miceforest(
    records: pl.DataFrame,
    incomplete: list[str],
    imputations: int,
    iterations: int,
    seed: int,
    kernel_class: type[miceforest.ImputationKernel] = RandomDonors,
    trees: dict = TREES | {"num_iterations": ITERATIONS},
) -> list[list[dict[str, pl.Series]]]:
    """As draw_by_forests, and by default the same values; or with another kernel and other trees."""
    table = pd.DataFrame({name: pd.Categorical(records[name].to_list()) for name in records.columns})
    seeds = np.random.default_rng(seed).integers(2**31, size=imputations)
    return [_chain(table, incomplete, iterations, int(own), kernel_class, trees) for own in seeds]


def _chain(
    table: pd.DataFrame, incomplete: list[str], iterations: int, seed: int,
    kernel_class: type[miceforest.ImputationKernel], trees: dict,
) -> list[dict[str, pl.Series]]:
    donors = {name: learnt_from(int(table[name].notna().to_numpy().sum())) for name in incomplete}
    with warnings.catch_warnings(), threadpool_limits(1):  # the library predicts with every core unless told
        warnings.filterwarnings("ignore", message=".*have very rare categories.*")
        warnings.filterwarnings("ignore", category=pd.errors.PerformanceWarning)  # of how the library keeps iterations
        kernel = kernel_class(
            table,
            num_datasets=1,
            variable_schema={target: [name for name in table.columns if name != target] for target in incomplete},
            mean_match_strategy="normal",
            mean_match_candidates={name: min(DONORS, number) for name, number in donors.items()},
            data_subset=donors,
            save_all_iterations_data=True,
            random_state=seed,
        )
        kernel.mice(iterations, **trees)
    return [
        {name: pl.Series(name, kernel[name, iteration, 0].astype(str).to_list()) for name in incomplete}
        for iteration in range(1, iterations + 1)
    ]
