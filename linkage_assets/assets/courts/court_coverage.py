"""Court results by quarter and system, and a warning where there are too few. How is in steps/quality."""

import dagster as dg
import polars as pl

from linkage_assets.steps.quality.count_court_results import count_court_results
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check


@zone_asset(group_name="quality")
def court_coverage(
    context: dg.AssetExecutionContext,
    court_appearances: pl.DataFrame,
    analysed_requirements: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Court results of the people analysed by quarter of the appearance and court system (methodology 2.2)."""
    return count_court_results(court_appearances, analysed_requirements, study.settings(context.partition_key))


@zone_check(court_coverage)
def court_results_have_no_gap(
    context: dg.AssetCheckExecutionContext, court_coverage: pl.DataFrame
) -> dg.AssetCheckResult:
    """No quarter has fewer results than drift.court_results_fall allows. A warning only: it is history."""
    flagged = int(court_coverage["too_few"].sum())
    return dg.AssetCheckResult(
        passed=not flagged,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"quarters with too few results": flagged},
        description="The linkage quality report shows which quarters, and the systems that hold their results.",
    )
