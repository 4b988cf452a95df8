"""Asset: court results of people on probation, under pseudonyms. How defendants are matched is in steps/."""

import dagster as dg
import polars as pl

from linkage_assets.steps.courts.collect_court_appearances import collect_court_appearances, count_matches
from resources.records.record_counts import record_counts
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating", deps=["extract_fit"])
def court_appearances(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    defendant: pl.DataFrame,
    case: pl.DataFrame,
    offence: pl.DataFrame,
    result: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Results of the three court systems for people on probation, without identifiers (methodology 2.9)."""
    appearances = collect_court_appearances(
        offender,
        offender_address,
        defendant,
        case,
        offence,
        result,
        probation_pseudonyms,
        study.settings(context.partition_key),
        secrets.of("release", context.partition_key),
    )
    record_counts(context, count_matches(appearances))
    return appearances
