"""Says why a requirement is left out of the analysis, and leaves it out (methodology 2.5.4, report 1.3.1).

Belongs here: the reasons and their order. Does not belong here: counting them (steps/combining/count_consort.py).
"""

import polars as pl

from linkage_assets.schemas.combining import (
    BOTH_TYPES,
    DUPLICATE,
    EXCLUSIONS,
    IMPOSED_LATER,
    MENTAL_HEALTH,
    NO_LENGTH,
    NO_PERSON,
    NOT_LINKABLE,
    OTHER_REGION,
    OUTSIDE_WINDOW,
)
from linkage_assets.steps.treatment.join_same_date_records import days_between
from resources.settings.study_settings import StudySettings


def mark_exclusions(combined: pl.DataFrame, settings: StudySettings) -> pl.DataFrame:
    """`combined` with a last column `exclusion`: the first reason of EXCLUSIONS that holds, or null when analysed.

    A requirement was imposed later when its start is more than `same_date_tolerance_days` from the disposal date: only
    records of the date of the sentence belong to it. Duplicates are requirements of one type on one disposal among
    those that stand so far: the one with a length stays, then the one started first, then the first recorded. Whether
    an order, or all orders of a person's sentence date, has both types is looked at over all that stand, with or
    without a length. All reasons but the cohort's dates and a missing person are settings.
    """
    study, combining = settings.study, settings.combining
    outside = ~pl.col("disposal_date").is_between(study.cohort_start, study.cohort_end)
    apart = days_between("start_date", "disposal_date") > combining.same_date_tolerance_days
    imposed_later = pl.lit(combining.exclude_imposed_later) & apart
    order = ["length_months_missing", "start_date", "copy_number"]
    ranked = (
        combined.with_columns(stands=~outside & ~imposed_later, length_months_missing=pl.col("length_months").is_null())
        .sort(order)
        .with_columns(copy=pl.int_range(pl.len()).over("order_pseudonym", "requirement_type", "stands"))
        .sort("requirement_pseudonym")
    )
    sentence = ["order_pseudonym"] if combining.both_types_within == "order" else ["person_pseudonym", "disposal_date"]
    types = pl.col("requirement_type").filter("stands").n_unique().over(sentence)
    reasons = {
        OUTSIDE_WINDOW: outside,
        IMPOSED_LATER: imposed_later,
        DUPLICATE: pl.lit(combining.exclude_duplicates) & (pl.col("copy") > 0),
        NO_PERSON: pl.col("person_pseudonym").is_null(),
        NO_LENGTH: pl.lit(combining.exclude_missing_length) & pl.col("length_months").is_null(),
        BOTH_TYPES: pl.lit(combining.exclude_both_types) & (types > 1),
        MENTAL_HEALTH: pl.lit(combining.exclude_mental_health_orders) & pl.col("mental_health_order"),
        OTHER_REGION: pl.col("region").is_in(study.exclude_regions),
        NOT_LINKABLE: pl.lit(combining.exclude_unlinkable) & ~pl.col("linkable"),
    }
    exclusion = pl.coalesce(pl.when(reasons[reason]).then(pl.lit(reason)) for reason in EXCLUSIONS)
    return ranked.with_columns(exclusion=exclusion).select(*combined.columns, "exclusion")


def keep_analysed(combined: pl.DataFrame) -> pl.DataFrame:
    """The requirements that no reason leaves out, without the column `exclusion`."""
    return combined.filter(pl.col("exclusion").is_null()).drop("exclusion")
