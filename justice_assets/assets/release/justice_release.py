"""The files of a release: lookups, changes of ids, tables of the views, their catalogue. How is in steps/release."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.released_files import write_files
from justice_assets.schemas.release import IdChangeCounts, IdChanges, MagsCrownJourney, PersonLink
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.release.release_files import release_files
from publishing.disclosure.cell_tables import PublishedCells
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK, ZoneStore

RELEASED = {
    "person_link": PersonLink,
    "mags_crown_journey": MagsCrownJourney,
    "id_changes": IdChanges,
    "id_change_counts": IdChangeCounts,
    "published_views": PublishedCells,
}


@zone_asset(group_name="releasing", ins={name: dg.AssetIn(name) for name in RELEASED}, metadata=READS_MARK)
def justice_release(
    context: dg.AssetExecutionContext,
    study: StudyResource,
    extracts: ExtractFolder,
    zone_store: dg.ResourceParam[ZoneStore],
    **tables: pl.DataFrame,
) -> pl.DataFrame:
    """Files in the folder release of the quarter: the lookups, what became of ids, the tables of the views, and what
    their columns mean."""
    quarter = context.partition_key
    facts = PanelFacts(quarter, extracts.synthetic(quarter, JUSTICE_EXTRACTS) is not None)
    linkage, version = study.settings(quarter).justice.linkage, zone_store.zone.code_of("justice_release")
    files = release_files(tables, RELEASED, facts, linkage, version)
    return write_files(quarter, "release", files)
