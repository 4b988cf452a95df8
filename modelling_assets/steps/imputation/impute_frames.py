"""Completes the records of every model several times.

Belongs here: what every way of imputing shares, from records with gaps to completed ones. Does not belong here: which
records a model studies (select_model_records.py), how missing values are drawn (impute_by_*.py), fitting.
"""

from hashlib import sha256

import polars as pl

from modelling_assets.steps.imputation.impute_by_forests import draw_by_forests
from modelling_assets.steps.imputation.impute_by_regressions import draw_by_regressions
from modelling_assets.steps.records.select_model_records import pool_records, records_of_model
from resources.modelling_settings import Modelling
from resources.progress import say

FACTOR_COLUMNS = [
    "sex", "age_band", "ethnic_group", "accommodation", "offence_group", "rsr_band", "ogrs_band", "length_band",
    "court_type", "disposal_type", "psr_type", "treatment_status", "requirement_type",
]  # fmt: skip
METHODS = {"miceforest_pmm": draw_by_forests, "regressions": draw_by_regressions}
# With fewer values to draw, the completed data sets may well be alike by chance.
LEAST_TO_VARY = 10


class UnknownFactor(Exception):
    """study.toml names a factor that the analysis frame cannot offer."""


class ImputationsAreAlike(Exception):
    """The completed data sets do not differ where values were missing; names models and factors."""


def impute_frames(frame: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """The records of every model, completed `imputation.imputations` times (methodology 2.8.2 and 2.8.3).

    `frame` is the analysis frame. Columns returned: model, imputation (1, 2, ...), requirement_key, outcome (bool),
    region and FACTOR_COLUMNS, empty where a factor is not in the model or has no recorded value at all. Sorted by model
    in the order of study.toml, imputation, requirement_key. What is missing is drawn given the model's other factors,
    its outcome and the region. A model that pools others has their completed records: missing values are drawn within
    each requirement type, so that what goes with what may differ between types.

    Raises UnknownFactor that names the factors which are not in FACTOR_COLUMNS.
    """
    unknown = sorted({name for model in settings.models.values() for name in model.factors} - set(FACTOR_COLUMNS))
    if unknown:
        raise UnknownFactor(f"study.toml models use {unknown}. Choose factors among {FACTOR_COLUMNS}.")
    completed = {name: _impute_model(frame, name, settings) for name in settings.models_of_one_type()}
    return pl.concat(
        pool_completed(completed, name, settings) if model.pools else completed[name]
        for name, model in settings.models.items()
    )


def pool_completed(completed: dict[str, pl.DataFrame], name: str, settings: Modelling) -> pl.DataFrame:
    """The completed records of the models that the model `name` pools, as a model of its own.

    `completed` has what impute_frames returns of each model by name. The first completed data set of one goes with the
    first of the other, and so on: they were drawn independently.
    """
    model = settings.models[name]
    pooled = pool_records({part: completed[part] for part in model.pools}, settings)
    return pooled.with_columns(
        *[pl.lit(None, pl.String).alias(factor) for factor in FACTOR_COLUMNS if factor not in model.factors],
        model=pl.lit(name),
    ).sort("imputation", "requirement_key")


def check_imputations_vary(frame: pl.DataFrame, imputed: pl.DataFrame, settings: Modelling) -> None:
    """Refuse completed data sets that are all alike in a factor with LEAST_TO_VARY missing values or more.

    `frame` is the analysis frame, `imputed` what impute_frames returns. Factors with fewer than two recorded values
    cannot vary. Models that pool others have the same values. Raises ImputationsAreAlike.
    """
    alike = []
    for name, model in settings.models_of_one_type().items():
        records = records_of_model(frame, model, settings)
        for factor in incomplete_factors(records, model.factors):
            gaps = records.filter(pl.col(factor).is_null()).select("requirement_key")
            drawn = imputed.filter(pl.col("model") == name).join(gaps, on="requirement_key", how="semi")
            values = drawn.group_by("requirement_key").agg(pl.col(factor).n_unique().alias("distinct"))["distinct"]
            if gaps.height >= LEAST_TO_VARY and values.max() == 1:
                alike.append(f"{name}: {factor} ({gaps.height} missing values)")
    if alike:
        raise ImputationsAreAlike(
            f"All completed data sets are alike in {'; '.join(alike)}. Pooled intervals would be too narrow. Look at "
            "imputation_diagnostics, and at modelling.imputation and modelling.seed in study.toml."
        )


def draw_values(records: pl.DataFrame, factors: list[str], name: str, settings: Modelling):
    """Values drawn for the missing ones of a model's records, per imputation, iteration and factor.

    `records` is what records_of_model returns for the model `name`. Empty lists of factors when nothing is missing.
    """
    imputation = settings.imputation
    incomplete = incomplete_factors(records, factors)
    if not incomplete:
        return [[{}] * imputation.iterations for _ in range(imputation.imputations)]
    recorded = [factor for factor in factors if records[factor].count()]
    predictors = records.select(pl.col("outcome", settings.random_intercept, *recorded).cast(pl.String))
    # With one recorded value there is nothing to draw, and it says nothing of the others.
    constant = [factor for factor in recorded if records[factor].drop_nulls().n_unique() == 1]
    # A seed of its own per model: adding a model to study.toml leaves the imputations of the others as they were.
    seed = int.from_bytes(sha256(f"{settings.seed} {name}".encode()).digest()[:4], "big")
    draw = METHODS[imputation.method]
    return draw(predictors.drop(constant), incomplete, imputation.imputations, imputation.iterations, seed)


def incomplete_factors(records: pl.DataFrame, factors: list[str]) -> list[str]:
    """Factors with missing values and at least two recorded levels to choose from."""
    return [name for name in factors if records[name].has_nulls() and records[name].drop_nulls().n_unique() > 1]


def fill(records: pl.DataFrame, drawn: dict[str, pl.Series]) -> pl.DataFrame:
    """The records with drawn values where they were missing."""
    return records.with_columns(
        **{name: records[name].scatter(records[name].is_null().arg_true(), values) for name, values in drawn.items()}
    )


def _impute_model(frame: pl.DataFrame, name: str, settings: Modelling) -> pl.DataFrame:
    model = settings.models[name]
    records = records_of_model(frame, model, settings)
    # With one recorded value every missing one is it.
    constant = [factor for factor in model.factors if records[factor].drop_nulls().n_unique() == 1]
    base = records.with_columns(
        pl.col(constant).fill_null(strategy="min"),
        *[pl.lit(None, pl.String).alias(factor) for factor in FACTOR_COLUMNS if factor not in model.factors],
        model=pl.lit(name),
    )
    completed = pl.concat(
        fill(base, chain[-1])
        .with_columns(imputation=pl.lit(number, pl.Int32))
        .select("model", "imputation", "requirement_key", "outcome", settings.random_intercept, *FACTOR_COLUMNS)
        for number, chain in enumerate(draw_values(records, model.factors, name, settings), start=1)
    )
    say(f"{name}: {records.height:,} records completed {settings.imputation.imputations} times")
    return completed
