"""The values drawn for what is missing, and the completed records of every model. Belongs here: the assets. Does not:
the imputation (steps/imputation)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.imputation.draw_missing import draw_missing
from modelling_assets.steps.imputation.impute_frames import check_imputations_vary, impute_frames
from resources.process.side_by_side import on_every_core
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(kinds={"imputation"}, group_name="modelling")
def imputation_draws(
    context: dg.AssetExecutionContext, analysis_frame: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Every value drawn for a missing one, after each iteration of each chain (methodology 2.8.3)."""
    settings = study.settings(context.partition_key).modelling
    with on_every_core():
        return draw_missing(analysis_frame, settings, settings.imputation.traced_iterations)


@zone_asset(group_name="modelling")
def imputed_frames(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    imputation_draws: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Records of every model, missing factors completed several times (methodology 2.8.2 and 2.8.3)."""
    settings = study.settings(context.partition_key).modelling
    imputed = impute_frames(analysis_frame, settings, imputation_draws)
    check_imputations_vary(analysis_frame, imputed, settings)
    return imputed
