"""The fits of every model. Belongs here: the asset and its check. Does not: the fitting (steps/models)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.models.fit_models import compare_engines, fit_models
from resources.process.side_by_side import on_every_core
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check


@zone_asset(kinds={"mixed_model"}, group_name="modelling")
def model_fits(context: dg.AssetExecutionContext, imputed_frames: pl.DataFrame, study: StudyResource) -> pl.DataFrame:
    """Mixed logistic regressions, one per model and completed data set (methodology 2.8.4)."""
    with on_every_core():
        fits = fit_models(imputed_frames, study.settings(context.partition_key).modelling)
    context.add_output_metadata(compare_engines(fits))
    return fits


@zone_check(model_fits)
def every_fit_agrees_with_a_second_engine(context: dg.AssetCheckExecutionContext, model_fits: pl.DataFrame):
    """By another engine's likelihood too, no estimates and no sd of the random intercept are better (steps/models)."""
    found = compare_engines(model_fits)
    return dg.AssetCheckResult(passed=found["fits that differ"] == 0, metadata=found)
