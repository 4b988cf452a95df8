"""Completes the records of every model by predictive mean matching.

Belongs here: which records a model studies and the imputation of their missing factors. Does not belong here: fitting.
"""

import warnings
from hashlib import sha256
from typing import cast

import miceforest
import pandas as pd
import polars as pl

from resources.study_settings import Model, Modelling

FACTOR_COLUMNS = [
    "sex", "age_band", "ethnic_group", "accommodation", "offence_group", "rsr_band", "ogrs_band", "length_band",
    "court_type", "disposal_type", "psr_type", "treatment_status",
]
DONORS = 5
TIE_WIDTH = 1e-3  # log odds; predictions closer than this are as good as equal
# Few, shallow trees, so that donors are not chosen by noise. The library's own deep forests give probabilities of
# exactly 0 and 1, whose log odds are infinite. Coverage of pooled intervals is to be shown before real use.
TREES = {
    "boosting": "gbdt", "num_iterations": 20, "max_depth": 2, "num_leaves": 4, "min_data_in_leaf": 20,
    "num_threads": 1, "deterministic": True, "force_row_wise": True,
}


class UnknownFactor(Exception):
    """study.toml names a factor that the analysis frame cannot offer."""


class _RandomDonors(miceforest.ImputationKernel):
    """Breaks ties between donors at random, as R's mice does.

    Records alike in every factor have equal predictions. The library then gives all of them the same five donors: on
    20,000 simulated records that made intervals a third wider than with random donors.
    """

    @staticmethod
    def _mean_match_nearest_neighbors(
        mean_match_candidates, bachelor_preds, candidate_preds, candidate_values, random_state, hashed_seeds=None
    ):
        def jittered(predictions):
            return predictions.astype(float) + random_state.uniform(-TIE_WIDTH, TIE_WIDTH, predictions.shape)

        return miceforest.ImputationKernel._mean_match_nearest_neighbors(
            mean_match_candidates, jittered(bachelor_preds), jittered(candidate_preds), candidate_values, random_state,
            hashed_seeds,
        )


def impute_frames(frame: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """The records of every model, completed `settings.imputations` times (methodology 2.8.2 and 2.8.3).

    `frame` is the analysis frame. Columns returned: model, imputation (1, 2, ...), requirement_key, outcome (bool),
    region and FACTOR_COLUMNS, empty where a factor is not in the model or has no recorded value at all. Sorted by model
    in the order of study.toml, imputation, requirement_key. Predictive mean matching uses the model's factors, its
    outcome and the region.

    Raises UnknownFactor that names the factors which are not in FACTOR_COLUMNS.
    """
    unknown = sorted({name for model in settings.models.values() for name in model.factors} - set(FACTOR_COLUMNS))
    if unknown:
        raise UnknownFactor(f"study.toml models use {unknown}. Choose factors among {FACTOR_COLUMNS}.")
    # One model after the other: with two threads of ours training at the same time, LightGBM now and then crashed the
    # process (segmentation fault while it built a data set).
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*have very rare categories.*")  # `_completions` handles rare levels
        return pl.concat(_impute_model(frame, name, settings) for name in settings.models)


def count_records(frame: pl.DataFrame, settings: Modelling) -> dict[str, dict[str, int]]:
    """Per model, the records of its type, those left out for each reason, those modelled (methodology 2.8.2, 2.8.3)."""
    counts = {}
    for name, model in settings.models.items():
        of_type = frame.filter(pl.col("requirement_type") == model.requirement_type)
        with_outcome = of_type.filter(pl.col(model.outcome).is_not_null())
        modelled = records_of_model(frame, model, settings)
        counts[name] = {
            "requirements": of_type.height,
            "without outcome": of_type.height - with_outcome.height,
            "excluded levels": with_outcome.height - modelled.height,
            "modelled": modelled.height,
        }
    return counts


def records_of_model(frame: pl.DataFrame, model: Model, settings: Modelling) -> pl.DataFrame:
    """Records that a model studies: requirement_key, outcome, region and its factors.

    Values outside the levels of study.toml are emptied. Leaves out records without an outcome and those at an excluded
    level such as "Prison" (methodology 2.8.2 and 2.8.3).
    """
    factors = {name: settings.factors[name] for name in model.factors}
    kept = frame.filter(
        pl.col("requirement_type") == model.requirement_type,
        pl.col(model.outcome).is_not_null(),
        *[~pl.col(name).is_in(factor.excluded).fill_null(False) for name, factor in factors.items() if factor.excluded],
    )
    return kept.sort("requirement_key").select(
        "requirement_key",
        pl.col(model.outcome).alias("outcome"),
        settings.random_intercept,
        *[pl.when(pl.col(name).is_in(factor.levels)).then(name).alias(name) for name, factor in factors.items()],
    )


def _impute_model(frame: pl.DataFrame, name: str, settings: Modelling) -> pl.DataFrame:
    model = settings.models[name]
    records = records_of_model(frame, model, settings)
    # A seed of its own per model: adding a model to study.toml leaves the imputations of the others as they were.
    seed = int.from_bytes(sha256(f"{settings.seed} {name}".encode()).digest()[:4], "big")
    absent = [pl.lit(None, pl.String).alias(factor) for factor in FACTOR_COLUMNS if factor not in model.factors]
    return pl.concat(
        records.with_columns(
            *columns, *absent, pl.lit(name).alias("model"), pl.lit(number, pl.Int32).alias("imputation")
        ).select("model", "imputation", "requirement_key", "outcome", settings.random_intercept, *FACTOR_COLUMNS)
        for number, columns in enumerate(_completions(records, model.factors, settings, seed), start=1)
    )


def _completions(records: pl.DataFrame, factors: list[str], settings: Modelling, seed: int) -> list[list[pl.Series]]:
    """Per imputation, the completed columns of the factors that had missing values."""
    distinct = {factor: records[factor].drop_nulls().n_unique() for factor in factors}
    # With one recorded value every donor has it: no model to train.
    constant = [records[factor].fill_null(strategy="min") for factor in factors if distinct[factor] == 1]
    incomplete = [factor for factor in factors if distinct[factor] > 1 and records[factor].has_nulls()]
    if not incomplete:
        return [constant] * settings.imputations
    predictors = [name for name in ["outcome", settings.random_intercept, *factors] if distinct.get(name, 1) > 0]
    # Only levels that occur become categories: a category without records would have a predicted probability near zero.
    table = pd.DataFrame({name: pd.Categorical(records[name].cast(pl.String).to_list()) for name in predictors})
    kernel = _RandomDonors(
        table,
        num_datasets=settings.imputations,
        variable_schema={target: [name for name in predictors if name != target] for target in incomplete},
        mean_match_strategy="normal",
        mean_match_candidates={factor: min(DONORS, records[factor].count()) for factor in incomplete},
        save_all_iterations_data=False,
        random_state=seed,
    )
    kernel.mice(settings.imputation_iterations, **TREES)
    completed = [cast(pd.DataFrame, kernel.complete_data(number)) for number in range(settings.imputations)]
    return [
        [*constant, *[pl.Series(factor, data[factor].astype(str).to_list(), pl.String) for factor in incomplete]]
        for data in completed
    ]
