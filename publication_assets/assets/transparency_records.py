"""The transparency records of the release. Does not belong here: what they say (steps/transparency)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.run_of_quarter import run_of_quarter
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.transparency.write_records import Quality, transparency_files
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import OF_ALL_CODE
from resources.zone.zone_store import ZoneStore


@zone_asset(group_name="publication", metadata=OF_ALL_CODE)
def transparency_records(
    context: dg.AssetExecutionContext,
    linkage_receipts: pl.DataFrame,
    notes_receipts: pl.DataFrame,
    linkage_quality: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    information_governance: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Records of the linkage model and of the note classifier, and facts for the impact assessment: name and hash."""
    quarter = context.partition_key
    settings = study.settings(quarter)
    facts = run_facts(analysis_frame, quarter, settings, note_reading_quality)
    told = {"linkage": linkage_receipts, "nlp": notes_receipts}
    record = run_of_quarter(zone_store, quarter, told, settings, facts.synthetic)
    quality = Quality(linkage_quality, note_reading_quality, information_governance)
    return publication_folder.write(quarter, transparency_files(record, quality, facts))
