"""Asset: requirements by quarter of sentence and by local authority, as they cross. How is in steps/release."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.release.count_by_quarter_and_authority import count_by_quarter_and_authority
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="anonymising", metadata=READS_MARK)
def requirement_counts(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    extracts: ExtractFolder,
    study: StudyResource,
) -> pl.DataFrame:
    """Counts by quarter and authority, which are on no record that crosses; small authorities are put together."""
    settings = study.settings(context.partition_key)
    synthetic = extracts.synthetic(context.partition_key, LINKAGE_EXTRACTS) is not None
    types = settings.study.requirement_types
    return count_by_quarter_and_authority(analysed_requirements, types, settings.publication, synthetic)
