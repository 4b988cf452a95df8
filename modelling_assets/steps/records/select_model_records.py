"""Selects the records that a model studies, and counts who leaves and why.

Belongs here: the rules of methodology 2.8.2 and 2.8.3 on outcomes, excluded values and rare levels. Does not belong
here: imputation, and what the fit finds not estimable.
"""

import polars as pl

from resources.settings.modelling_settings import POOLED_FACTOR, Model, Modelling

MODEL_RECORDS_COLUMNS = {
    "model": pl.String,
    "order": pl.Int32,
    "step": pl.String,
    "factor": pl.String,
    "level": pl.String,
    "before": pl.Int64,
    "removed": pl.Int64,
    "after": pl.Int64,
}
NO_OUTCOME, EXCLUDED_VALUE, RARE_LEVEL = "without an outcome", "excluded value", "rare level"


def records_of_model(frame: pl.DataFrame, model: Model, settings: Modelling) -> pl.DataFrame:
    """Records that a model studies: requirement_key, outcome, the random intercept's group and its factors.

    `frame` is the analysis frame. Leave, in this order: records without an outcome; those at a value that the variable
    sheet excludes, such as "Prison" (methodology 2.8.2); those at a rare level of a factor whose rule is "exclude".
    A level is rare with fewer than `rare_level_records` records among those left. Values outside the levels are
    emptied. Of a model that pools others, the records of these. Sorted by requirement_key.
    """
    if model.pools:
        parts = {name: _select(frame, settings.models[name], settings)[0] for name in model.pools}
        return pool_records(parts, settings).select(
            "requirement_key", "outcome", settings.random_intercept, *model.factors
        )
    return _select(frame, model, settings)[0]


def pool_records(parts: dict[str, pl.DataFrame], settings: Modelling) -> pl.DataFrame:
    """The records of several models, by model name, in one frame, with the requirement type of each in a column.

    Sorted by requirement_key; all other columns of the parts are kept.
    """
    of_type = [
        records.with_columns(pl.lit(settings.models[name].requirement_type).alias(POOLED_FACTOR))
        for name, records in parts.items()
    ]
    return pl.concat(of_type).sort("requirement_key")


def count_model_records(frame: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """How many records each rule took out of each model, in order, with columns MODEL_RECORDS_COLUMNS.

    One row for the outcome, one for each excluded value and one for each rare level that was found; `factor` and
    `level` are empty for the outcome. `before` of the first row are the requirements of the model's type, `after` of
    the last one the records in the model. Models that pool others take nothing out and have no rows. Counts before
    disclosure control: not for publication as they are.
    """
    rows: list[tuple[object, ...]] = []
    for name, model in settings.models_of_one_type().items():
        before = frame.filter(pl.col("requirement_type") == model.requirement_type).height
        for order, (step, factor, level, removed) in enumerate(_select(frame, model, settings)[1], start=1):
            rows.append((name, order, step, factor, level, before, removed, before - removed))
            before -= removed
    return pl.DataFrame(rows, schema=MODEL_RECORDS_COLUMNS, orient="row")


def _select(
    frame: pl.DataFrame, model: Model, settings: Modelling
) -> tuple[pl.DataFrame, list[tuple[str, str | None, str | None, int]]]:
    """The records of a model, and per rule the step, factor, level and number of records removed."""
    factors = {name: settings.factors[name] for name in model.factors}
    of_type = frame.filter(pl.col("requirement_type") == model.requirement_type)
    kept = of_type.filter(pl.col(model.outcome).is_not_null())
    removed: list[tuple[str, str | None, str | None, int]] = [(NO_OUTCOME, None, None, of_type.height - kept.height)]
    for name, factor in factors.items():
        for value in factor.excluded:
            left = kept.filter(pl.col(name).ne_missing(value))
            removed.append((EXCLUDED_VALUE, name, value, kept.height - left.height))
            kept = left
    # Once through, in the order of the sheet: what is rare is counted among records that are in the model so far.
    for name, factor in factors.items():
        for level in factor.levels if factor.when_rare == "exclude" else []:
            left = kept.filter(pl.col(name).ne_missing(level))
            if 0 < kept.height - left.height < settings.rare_level_records:
                removed.append((RARE_LEVEL, name, level, kept.height - left.height))
                kept = left
    records = kept.sort("requirement_key").select(
        "requirement_key",
        pl.col(model.outcome).alias("outcome"),
        settings.random_intercept,
        *[pl.when(pl.col(name).is_in(factor.levels)).then(name).alias(name) for name, factor in factors.items()],
    )
    return records, removed
