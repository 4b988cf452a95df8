"""Asset: what the keyword filter misses. The rules are in steps/quality/estimate_missed_engagement.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.quality.estimate_missed_engagement import estimate_missed_engagement
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="filter_audit")
def missed_engagement(
    context: dg.AssetExecutionContext,
    requested_notes: pl.LazyFrame,
    filtered_notes: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    excluded_sample: pl.DataFrame,
    excluded_labels: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Excluded notes that say engaged, and requirements that one of them would turn: counts of the samples."""
    settings = study.settings(context.partition_key).notes.audit
    return estimate_missed_engagement(
        requested_notes, filtered_notes, requirement_engagement, excluded_sample, excluded_labels, settings
    )
