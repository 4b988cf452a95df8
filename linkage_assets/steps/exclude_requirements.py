"""Says why a requirement is left out of the analysis, and leaves it out (methodology 2.5.4, report 1.3.1).

Belongs here: the reasons and their order. Does not belong here: counting them (steps/count_consort.py).
"""

import polars as pl

from linkage_assets.schemas.combining import (
    BOTH_TYPES,
    DUPLICATE,
    EXCLUSIONS,
    NO_LENGTH,
    NO_PERSON,
    NOT_LINKABLE,
    OTHER_REGION,
    OUTSIDE_WINDOW,
)
from resources.study_settings import StudySettings


def mark_exclusions(combined: pl.DataFrame, settings: StudySettings) -> pl.DataFrame:
    """`combined` with a last column `exclusion`: the first reason of EXCLUSIONS that holds, or null when analysed.

    Duplicates are requirements of one type on one disposal within the cohort's dates: the one with a length stays, then
    the one started first, then the lowest id. Whether an order has both types is looked at over all that remain of
    the cohort, with or without a length. Length, both types, region and linkability are settings.
    """
    study, combining = settings.study, settings.combining
    in_window = pl.col("disposal_date").is_between(study.cohort_start, study.cohort_end)
    order = ["length_months_missing", "start_date", "requirement_id"]
    ranked = (
        combined.with_columns(in_window=in_window, length_months_missing=pl.col("length_months").is_null())
        .sort(order)
        .with_columns(copy=pl.int_range(pl.len()).over("disposal_id", "requirement_type", "in_window"))
        .sort("requirement_id")
    )
    types = pl.col("requirement_type").filter(in_window).n_unique().over("disposal_id")
    reasons = {
        OUTSIDE_WINDOW: ~in_window,
        DUPLICATE: pl.col("copy") > 0,
        NO_PERSON: pl.col("cluster_id").is_null(),
        NO_LENGTH: pl.lit(combining.exclude_missing_length) & pl.col("length_months").is_null(),
        BOTH_TYPES: pl.lit(combining.exclude_both_types) & (types > 1),
        OTHER_REGION: pl.col("region").is_in(study.exclude_regions),
        NOT_LINKABLE: pl.lit(combining.exclude_unlinkable) & ~pl.col("linkable"),
    }
    exclusion = pl.coalesce(pl.when(reasons[reason]).then(pl.lit(reason)) for reason in EXCLUSIONS)
    return ranked.with_columns(exclusion=exclusion).select(*combined.columns, "exclusion")


def keep_analysed(combined: pl.DataFrame) -> pl.DataFrame:
    """The requirements that no reason leaves out, without the column `exclusion`."""
    return combined.filter(pl.col("exclusion").is_null()).drop("exclusion")
