"""The odds ratios under other assumptions. Belongs here: the asset. Does not: the models (steps/sensitivity)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.sensitivity.sensitivity_models import estimate_alternatives
from resources.process.side_by_side import on_every_core
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(kinds={"mixed_model"}, group_name="modelling")
def sensitivity_estimates(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    imputed_frames: pl.DataFrame,
    linkage_quality: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Every published odds ratio with other errors, records, imputations, thresholds and missed links (ours)."""
    with on_every_core():
        settings = study.settings(context.partition_key).modelling
        return estimate_alternatives(analysis_frame, imputed_frames, settings, linkage_quality)
