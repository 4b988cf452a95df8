"""The page on how the contact notes were read. Does not belong here: what it says (steps/quality)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.quality.write_note_reading import note_reading_html
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="publication", deps=["information_governance"])
def note_reading_report(
    context: dg.AssetExecutionContext,
    published_tables: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
) -> pl.DataFrame:
    """How right the labels are and what that does to the estimates: name, size and hash of the file."""
    settings = study.settings(context.partition_key)
    facts = run_facts(analysis_frame, context.partition_key, settings, note_reading_quality)
    page = note_reading_html(published_tables, note_reading_quality, facts)
    return publication_folder.write(context.partition_key, {"note_reading.html": page.encode("utf-8")})
