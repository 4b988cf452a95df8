"""The manifest of the publication. Does not belong here: what is in it (steps/release/write_manifest.py)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.release.write_manifest import ManifestTables, manifest_file
from resources.receipts.told_receipts import told_receipts
from resources.records.shown_counts import counts_base
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import OF_ALL_CODE
from resources.zone.zone_store import ZoneStore

DOCUMENTS = ("publication", "linkage_quality_report", "note_reading_report", "comparison_page")


@zone_asset(group_name="publication", deps=DOCUMENTS, metadata=OF_ALL_CODE)
def release_manifest(
    context: dg.AssetExecutionContext,
    linkage_receipts: pl.DataFrame,
    notes_receipts: pl.DataFrame,
    published_tables: pl.DataFrame,
    consort_counts: pl.DataFrame,
    published_comparison: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """What every table of every zone is and cost, the headline figures and what was accepted: name and hash of it."""
    quarter, zone = context.partition_key, zone_store.zone
    own = told_receipts(zone.receipts_of(quarter), {}, counts_base())
    made_before = own.filter(pl.col("table") != "release_manifest")
    tables = ManifestTables(
        {"linkage": linkage_receipts, "nlp": notes_receipts, zone.name: made_before},
        published_tables,
        consort_counts,
        published_comparison,
        note_reading_quality,
        bool(analysis_frame["synthetic"].any()),
    )
    settings = study.settings(quarter)
    return publication_folder.write(quarter, {"manifest.json": manifest_file(quarter, tables, settings)})
