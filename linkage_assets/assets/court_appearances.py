"""Asset: court results of people on probation. Does not belong here: how defendants are matched (steps/)."""

import dagster as dg
import polars as pl

from linkage_assets.steps.collect_court_appearances import collect_court_appearances, count_matches
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="combining")
def court_appearances(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    defendant: pl.DataFrame,
    case: pl.DataFrame,
    offence: pl.DataFrame,
    result: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Results of the three court systems for people on probation, by numbers or details (methodology 2.9)."""
    linkage = study.settings(context.partition_key).linkage
    appearances = collect_court_appearances(offender, offender_address, defendant, case, offence, result, linkage)
    context.add_output_metadata(count_matches(appearances))
    return appearances
