"""The pooled odds ratios. Belongs here: the asset. Does not belong here: the pooling (steps/models)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.models.pool_estimates import pool_estimates
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def pooled_odds_ratios(
    context: dg.AssetExecutionContext, model_fits: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Adjusted odds ratios of every model, pooled by Rubin's rules (methodology 2.8.4 and 2.8.5; tables 16-19)."""
    return pool_estimates(model_fits, study.settings(context.partition_key).modelling)
