"""Draws values for the missing factors of every model's records.

Belongs here: what every way of imputing shares, and the table of what was drawn. Does not belong here: how values are
drawn (impute_by_*.py), completed records (impute_frames.py), what drawn values look like (diagnose_imputation.py).
"""

from hashlib import sha256

import polars as pl

from modelling_assets.steps.imputation.impute_by_forests import draw_by_forests
from modelling_assets.steps.imputation.impute_by_regressions import Drawn, draw_by_regressions
from modelling_assets.steps.records.select_model_records import records_of_model
from resources.records.progress import say
from resources.settings.modelling_settings import Modelling

METHODS = {"miceforest_pmm": draw_by_forests, "regressions": draw_by_regressions}
DRAW_COLUMNS = {
    "model": pl.String,
    "factor": pl.String,
    "imputation": pl.Int32,
    "iteration": pl.Int32,
    "requirement_key": pl.String,
    "level": pl.String,
}


def draw_missing(frame: pl.DataFrame, settings: Modelling, iterations: int, after: int = 0) -> pl.DataFrame:
    """Every value drawn for a missing one, after each of `iterations` of each chain, with columns DRAW_COLUMNS.

    `frame` is the analysis frame. Sorted by model in the order of study.toml, imputation, iteration, factor in the
    order of the model, requirement_key. Models that pool others have no rows: their values are those of the models that
    they pool. Fewer iterations are the first ones of more. The first `after` imputations are left out.
    """
    tables = [pl.DataFrame(schema=DRAW_COLUMNS)]
    for name, model in settings.models_of_one_type().items():
        records = records_of_model(frame, model, settings)
        gaps = {factor: records.filter(pl.col(factor).is_null())["requirement_key"] for factor in model.factors}
        chains = draw_values(records, model.factors, name, settings, iterations, after)
        for number, chain in enumerate(chains, start=after + 1):
            tables += [
                pl.DataFrame({"requirement_key": gaps[factor], "level": level}).select(
                    pl.lit(name).alias("model"),
                    pl.lit(factor).alias("factor"),
                    pl.lit(number, pl.Int32).alias("imputation"),
                    pl.lit(iteration, pl.Int32).alias("iteration"),
                    "requirement_key",
                    "level",
                )
                for iteration, drawn in enumerate(chain, start=1)
                for factor, level in drawn.items()
            ]
        say(f"{name}: {records.height:,} records completed {settings.imputation.imputations - after} times")
    return pl.concat(tables)


def draw_values(
    records: pl.DataFrame, factors: list[str], name: str, settings: Modelling, iterations: int, after: int = 0
) -> Drawn:
    """Values drawn for the missing ones of a model's records, per imputation, iteration and factor.

    `records` is what records_of_model returns for the model `name`. Empty lists of factors when nothing is missing.
    """
    imputation = settings.imputation
    incomplete = incomplete_factors(records, factors)
    if not incomplete:
        return [[{}] * iterations for _ in range(after, imputation.imputations)]
    recorded = [factor for factor in factors if records[factor].count()]
    predictors = records.select(pl.col("outcome", settings.random_intercept, *recorded).cast(pl.String))
    # With one recorded value there is nothing to draw, and it says nothing of the others.
    constant = [factor for factor in recorded if records[factor].drop_nulls().n_unique() == 1]
    # A seed of its own per model: adding a model to study.toml leaves the imputations of the others as they were.
    seed = int.from_bytes(sha256(f"{settings.seed} {name}".encode()).digest()[:4], "big")
    draw = METHODS[imputation.method]
    return draw(predictors.drop(constant), incomplete, imputation.imputations, iterations, seed, after)


def incomplete_factors(records: pl.DataFrame, factors: list[str]) -> list[str]:
    """Factors with missing values and at least two recorded levels to choose from."""
    return [name for name in factors if records[name].has_nulls() and records[name].drop_nulls().n_unique() > 1]
