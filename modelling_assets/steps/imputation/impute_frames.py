"""Completes the records of every model several times.

Belongs here: from records with gaps and the values drawn for them to completed records. Does not belong here: which
records a model studies (select_model_records.py), how missing values are drawn (draw_missing.py), fitting.
"""

import polars as pl

from modelling_assets.steps.imputation.draw_missing import draw_missing, incomplete_factors
from modelling_assets.steps.records.select_model_records import pool_records, records_of_model
from resources.settings.modelling_settings import Modelling

FACTOR_COLUMNS = [
    "sex",
    "age_band",
    "ethnic_group",
    "accommodation",
    "offence_group",
    "rsr_band",
    "ogrs_band",
    "length_band",
    "court_type",
    "disposal_type",
    "psr_type",
    "treatment_status",
    "requirement_type",
]
# With fewer values to draw, the completed data sets may well be alike by chance.
LEAST_TO_VARY = 10


class UnknownFactor(Exception):
    """study.toml names a factor that the analysis frame cannot offer."""


class ImputationsAreAlike(Exception):
    """The completed data sets do not differ where values were missing; names models and factors."""


def impute_frames(
    frame: pl.DataFrame, settings: Modelling, draws: pl.DataFrame | None = None, after: int = 0
) -> pl.DataFrame:
    """The records of every model, completed `imputation.imputations` times (methodology 2.8.2 and 2.8.3).

    `frame` is the analysis frame, `draws` what draw_missing returns; without it the values are drawn now, for no more
    iterations than are used. The first `after` completed data sets are left out. Columns returned: model, imputation
    (1, 2, ...), requirement_key, outcome (bool), region and FACTOR_COLUMNS, empty where a factor is not in the model or
    has no recorded value at all. Sorted by model in the order of study.toml, imputation, requirement_key. What is
    missing is drawn given the model's other factors, its outcome and the region. A model that pools others has their
    completed records: missing values are drawn within each requirement type, so that what goes with what may differ
    between types.

    Raises UnknownFactor that names the factors which are not in FACTOR_COLUMNS.
    """
    unknown = sorted({name for model in settings.models.values() for name in model.factors} - set(FACTOR_COLUMNS))
    if unknown:
        raise UnknownFactor(f"study.toml models use {unknown}. Choose factors among {FACTOR_COLUMNS}.")
    if draws is None:
        draws = draw_missing(frame, settings, settings.imputation.iterations, after)
    used = draws.filter(pl.col("iteration") == settings.imputation.iterations)
    completed = {
        name: _complete_model(frame, used.filter(pl.col("model") == name), name, settings, after)
        for name in settings.models_of_one_type()
    }
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


def fill(records: pl.DataFrame, drawn: dict[str, pl.Series]) -> pl.DataFrame:
    """The records with drawn values where they were missing; both are in the same order."""
    return records.with_columns(
        **{name: records[name].scatter(records[name].is_null().arg_true(), values) for name, values in drawn.items()}
    )


def _complete_model(
    frame: pl.DataFrame, drawn: pl.DataFrame, name: str, settings: Modelling, after: int
) -> pl.DataFrame:
    model = settings.models[name]
    records = records_of_model(frame, model, settings)
    # With one recorded value every missing one is it.
    constant = [factor for factor in model.factors if records[factor].drop_nulls().n_unique() == 1]
    base = records.with_columns(
        pl.col(constant).fill_null(strategy="min"),
        *[pl.lit(None, pl.String).alias(factor) for factor in FACTOR_COLUMNS if factor not in model.factors],
        model=pl.lit(name),
    )
    return pl.concat(
        fill(base, _by_factor(drawn.filter(pl.col("imputation") == number)))
        .with_columns(imputation=pl.lit(number, pl.Int32))
        .select("model", "imputation", "requirement_key", "outcome", settings.random_intercept, *FACTOR_COLUMNS)
        for number in range(after + 1, settings.imputation.imputations + 1)
    )


def _by_factor(drawn: pl.DataFrame) -> dict[str, pl.Series]:
    """Values drawn for one data set, by factor, in the order of requirement_key."""
    return {
        factor: drawn.filter(pl.col("factor") == factor)["level"]
        for factor in drawn["factor"].unique(maintain_order=True)
    }
