"""The information governance of the release. Does not belong here: what it must say (steps/governance)."""

import dagster as dg
import polars as pl

from publication_assets.steps.governance.governance_entries import (
    governance_entries,
    made_up_throughout,
    missing_entries,
)
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Decisions, judge
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check
from resources.zone.zone_gate import check_result


@zone_asset(group_name="publication")
def information_governance(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Who allowed that these data are linked and published (methodology 3): entries of study.toml."""
    synthetic = made_up_throughout(analysis_frame, note_reading_quality)
    return governance_entries(study.settings(context.partition_key).governance, synthetic)


@zone_check(information_governance)
def real_data_have_their_governance(
    context: dg.AssetCheckExecutionContext, information_governance: pl.DataFrame
) -> dg.AssetCheckResult:
    """Of data that are not synthetic every entry on governance is given. Nobody can accept that one is missing."""
    measures = missing_entries(information_governance)
    none = Decisions(context.partition_key)
    return check_result(judge("real_data_have_their_governance", measures, none, acceptable=False))
