"""The files of the publication. Does not belong here: what is in them (steps/workbook, report, methodology)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.methodology.write_methodology import RunRecords, methodology_files
from publication_assets.steps.open_data.write_open_data import open_data_files
from publication_assets.steps.regional.write_regional_page import regional_files
from publication_assets.steps.release.what_changed import LastRelease
from publication_assets.steps.report.write_report import report_files
from publication_assets.steps.workbook.write_workbook import workbook_files
from publishing.disclosure.cell_tables import PublishedCells
from resources.zone.dagster_resources import StudyResource
from resources.zone.partitions import previous_quarter
from resources.zone.schema_check import TableDoesNotMatchSchema, check_frame
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import TableNotUsable


@zone_asset(group_name="publication")
def publication(
    context: dg.AssetExecutionContext,
    published_tables: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    consort_counts: pl.DataFrame,
    linkage_quality: pl.DataFrame,
    imputation_convergence: pl.DataFrame,
    model_fits: pl.DataFrame,
    information_governance: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Workbook, open data, report, regional page and methodology of the quarter: name, size and hash of each file."""
    settings = study.settings(context.partition_key)
    facts = run_facts(analysis_frame, context.partition_key, settings, note_reading_quality)
    records = RunRecords(
        consort_counts,
        linkage_quality,
        note_reading_quality,
        imputation_convergence,
        model_fits,
        information_governance,
    )
    data = workbook_files(published_tables, facts) | open_data_files(published_tables, facts)
    last = last_release(zone_store, context.partition_key)
    report = report_files(published_tables, consort_counts, facts, last)
    files = (
        data
        | report
        | regional_files(published_tables, facts)
        | methodology_files(published_tables, records, facts, settings)
    )
    return publication_folder.write(context.partition_key, files)


def last_release(store: ZoneStore, quarter: str) -> LastRelease:
    """The published tables of the quarter before, where they are there, pass their checks and are of this version."""
    before = previous_quarter(quarter)
    if before is None:
        return LastRelease("", None)
    try:
        return LastRelease(
            before, check_frame(store.read("published_tables", before), PublishedCells, "published_tables")
        )
    except (TableNotUsable, TableDoesNotMatchSchema):
        return LastRelease(before, None)
