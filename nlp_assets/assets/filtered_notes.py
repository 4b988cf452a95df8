"""Asset: the notes with a treatment keyword. The rules are in steps/notes/filter_notes.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.notes.filter_notes import filter_notes, treatment_keywords
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="notes")
def filtered_notes(
    context: dg.AssetExecutionContext,
    requested_notes: pl.LazyFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Requested notes that hold one of the 45 published treatment keywords (methodology 2.7.1)."""
    settings = study.settings(context.partition_key).notes.filter
    return filter_notes(requested_notes, treatment_keywords(), settings, secrets.of("note_hash"))
