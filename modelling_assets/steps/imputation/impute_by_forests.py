"""Imputes factors by predictive mean matching with boosted trees (miceforest), as the published study did.

Belongs here: one way of drawing missing levels. Does not belong here: which records and factors (impute_frames.py), the
other way (impute_by_regressions.py).

For each factor in turn, trees predict the log odds of its levels from everything else; a missing value takes the level
of a donor, drawn among the recorded values whose predictions are nearest. The library's strategy "normal" does so for
factors too; "fast" would draw from the predicted probabilities, which is no matching.
"""

import warnings
from typing import Any

import miceforest
import numpy as np
import pandas as pd
import polars as pl
from threadpoolctl import threadpool_limits

from resources.process.side_by_side import in_parts

DONORS = 5
TIE_WIDTH = 1e-3  # log odds; predictions closer than this are as good as equal
# Few, shallow trees, so that donors are not chosen by noise. The library's own deep forests give probabilities of
# exactly 0 and 1, whose log odds are infinite.
TREES = {
    "boosting": "gbdt",
    "num_iterations": 20,
    "max_depth": 2,
    "num_leaves": 4,
    "min_data_in_leaf": 20,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
}


class MatchingFailed(Exception):
    """Predictive mean matching stopped with an error of its library; says which kind, and what to do."""


class _RandomDonors(miceforest.ImputationKernel):
    """Breaks ties between donors at random, as R's mice does, and takes donors from all records.

    Records alike in every factor have equal predictions. The library then gives all of them the same five donors: on
    20,000 simulated records that made intervals a third wider than with random donors.

    miceforest 6.0.5 counts records in the smallest type that holds the last missing one of a factor, and so finds no
    donor behind record 256 where all that is missing lies before it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.na_where = {name: missing.astype(np.int64) for name, missing in self.na_where.items()}

    @staticmethod
    def _mean_match_nearest_neighbors(
        mean_match_candidates, bachelor_preds, candidate_preds, candidate_values, random_state, hashed_seeds=None
    ):
        def jittered(predictions):
            return predictions.astype(float) + random_state.uniform(-TIE_WIDTH, TIE_WIDTH, predictions.shape)

        return miceforest.ImputationKernel._mean_match_nearest_neighbors(
            mean_match_candidates,
            jittered(bachelor_preds),
            jittered(candidate_preds),
            candidate_values,
            random_state,
            hashed_seeds,
        )


def draw_by_forests(
    records: pl.DataFrame,
    incomplete: list[str],
    imputations: int,
    iterations: int,
    seed: int,
    after: int = 0,
    kernel_class: type[miceforest.ImputationKernel] = _RandomDonors,
    trees: dict[str, Any] = TREES,
) -> list[list[dict[str, pl.Series]]]:
    """Values drawn for what is missing, per imputation, iteration and factor, in the order of the records.

    `records` has one column per variable, all text, with missing values in the factors `incomplete` only; each of these
    has two recorded levels or more. Fewer imputations are the first ones of more, and so with iterations; the first
    `after` are left out. Raises MatchingFailed.
    """
    # Only levels that occur become categories: a category without records would have a predicted probability near zero.
    table = pd.DataFrame({name: pd.Categorical(records[name].to_list()) for name in records.columns})
    seeds = np.random.default_rng(seed).integers(2**31, size=imputations)
    # Never in threads: with two of them training at the same time, LightGBM now and then crashed the process
    # (segmentation fault while it built a data set).
    try:
        return in_parts(
            _chain, ((table, incomplete, iterations, int(own), kernel_class, trees) for own in seeds[after:])
        )
    except Exception as fault:  # of three libraries, any of which may quote values
        kind = type(fault).__name__
    raise MatchingFailed(
        f"Predictive mean matching of {', '.join(incomplete)} failed ({kind} in miceforest; {records.height} records). "
        'Set method = "regressions" under [modelling.imputation] in study.toml, and run again.'
    )


def _chain(
    table: pd.DataFrame,
    incomplete: list[str],
    iterations: int,
    seed: int,
    kernel_class: type[miceforest.ImputationKernel],
    trees: dict[str, Any],
) -> list[dict[str, pl.Series]]:
    """One completed data set after each iteration."""
    donors = {name: _records_learnt_from(int(table[name].notna().to_numpy().sum())) for name in incomplete}
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


def _records_learnt_from(recorded: int) -> int:
    """How many of the recorded values, drawn at random each time, trees learn from and donors are taken from: half.

    An imputation must not treat its model as known. A random half is to all of the records what all of them are to the
    population: its estimates vary around theirs as theirs do around the truth. So that draws the model anew.
    """
    return recorded // 2 if recorded >= 2 * DONORS else recorded
