"""Asset: what the notes of each requirement say, without their text. The rules are in summarise_engagement.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.labels.summarise_engagement import summarise_engagement
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="notes")
def requirement_engagement(
    context: dg.AssetExecutionContext,
    note_request: pl.DataFrame,
    requested_notes: pl.DataFrame,
    filtered_notes: pl.DataFrame,
    note_labels: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Whether the notes of each requested requirement say that the person engaged with treatment (report 2.5, 2.6)."""
    settings = study.settings(context.partition_key).notes
    return summarise_engagement(note_request, requested_notes, filtered_notes, note_labels, settings)
