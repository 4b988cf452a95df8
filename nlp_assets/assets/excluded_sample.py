"""Asset: notes without a keyword that are labelled too. The rules are in steps/quality/draw_excluded_sample.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.quality.draw_excluded_sample import draw_excluded_sample
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="filter_audit")
def excluded_sample(
    context: dg.AssetExecutionContext,
    requested_notes: pl.LazyFrame,
    filtered_notes: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Random notes that the keyword filter excludes, and all of those of random requirements called not engaged."""
    settings = study.settings(context.partition_key).notes.audit
    key = secrets.of("note_hash")
    return draw_excluded_sample(requested_notes, filtered_notes, requirement_engagement, settings, key)
