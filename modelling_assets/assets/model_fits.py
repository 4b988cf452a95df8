"""The fits of every model. Belongs here: the asset. Does not belong here: the fitting (steps/fit_models.py)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.fit_models import fit_models
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def model_fits(context: dg.AssetExecutionContext, imputed_frames: pl.DataFrame, study: StudyResource) -> pl.DataFrame:
    """Mixed logistic regressions, one per model and completed data set (methodology 2.8.4)."""
    fits = fit_models(imputed_frames, study.settings(context.partition_key).modelling)
    levels = fits.filter(pl.col("factor").is_not_null())
    difference = (levels["estimate"] - levels["check_estimate"]).abs().max()
    context.add_output_metadata({"largest difference from fixed effects (log odds)": difference})
    return fits
