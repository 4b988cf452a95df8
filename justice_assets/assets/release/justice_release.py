"""The files of a release: lookups and tables of the views, with their catalogue. How is in steps/release."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.released_files import write_files
from justice_assets.schemas.release import MagsCrownJourney, PersonLink
from justice_assets.steps.release.release_files import release_files
from publishing.disclosure.cell_tables import PublishedCells
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK, ZoneStore

RELEASED = {"person_link": PersonLink, "mags_crown_journey": MagsCrownJourney, "published_views": PublishedCells}


@zone_asset(group_name="releasing", ins={name: dg.AssetIn(name) for name in RELEASED}, metadata=READS_MARK)
def justice_release(
    context: dg.AssetExecutionContext,
    extracts: ExtractFolder,
    zone_store: dg.ResourceParam[ZoneStore],
    **tables: pl.DataFrame,
) -> pl.DataFrame:
    """Files in the folder release of the quarter: the lookups, the tables of the views, and what their columns mean."""
    quarter = context.partition_key
    synthetic = extracts.synthetic(quarter, JUSTICE_EXTRACTS) is not None
    files = release_files(tables, RELEASED, quarter, zone_store.zone.code_of("justice_release"), synthetic=synthetic)
    return write_files(quarter, "release", files)
