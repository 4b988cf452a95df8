"""The page and the record that walk what is published back. Does not belong here: what they say (steps/lineage)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.run_of_quarter import run_of_quarter
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.lineage.lineage_page import lineage_html
from publication_assets.steps.lineage.prov_record import prov_json
from publication_assets.steps.lineage.prov_tables import PROV_FILE
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import OF_ALL_CODE
from resources.zone.zone_store import ZoneStore

DOCUMENTS = ("publication", "linkage_quality_report", "note_reading_report", "comparison_page")


@zone_asset(group_name="publication", ins={name: dg.AssetIn(name) for name in DOCUMENTS}, metadata=OF_ALL_CODE)
def lineage_page(
    context: dg.AssetExecutionContext,
    linkage_receipts: pl.DataFrame,
    notes_receipts: pl.DataFrame,
    published_tables: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    zone_store: dg.ResourceParam[ZoneStore],
    **documents: pl.DataFrame,
) -> pl.DataFrame:
    """Each published table walked back to the extracts, as a page and as PROV: name, size and hash of each file."""
    quarter = context.partition_key
    settings = study.settings(quarter)
    facts = run_facts(analysis_frame, quarter, settings, note_reading_quality)
    told = {"linkage": linkage_receipts, "nlp": notes_receipts}
    record = run_of_quarter(zone_store, quarter, told, settings, facts.synthetic)
    files = pl.concat(frame.select(pl.lit(name).alias("table"), "file", "sha256") for name, frame in documents.items())
    page = lineage_html(published_tables, record, facts)
    return publication_folder.write(
        quarter, {"lineage.html": page.encode("utf-8"), PROV_FILE: prov_json(record, files)}
    )
