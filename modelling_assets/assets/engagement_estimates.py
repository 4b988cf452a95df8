"""The estimates of engagement. Belongs here: the asset. Does not: the estimation (steps/engagement)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.engagement.estimate_engagement import estimate_engagement
from modelling_assets.steps.engagement.label_errors import reviewed_cases
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def engagement_estimates(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    reviewed_requirements: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Share of requirements not linked that engaged, with limits, as labelled and corrected (report 2.1)."""
    settings = study.settings(context.partition_key)
    reviewed = reviewed_cases(analysis_frame, reviewed_requirements, settings.publication.disclosure_threshold)
    return estimate_engagement(analysis_frame, reviewed, settings.modelling)
