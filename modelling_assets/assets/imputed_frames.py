"""The completed records of every model. Belongs here: the asset. Does not: the imputation (steps/impute_frames.py)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.impute_frames import count_records, impute_frames
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def imputed_frames(
    context: dg.AssetExecutionContext, analysis_frame: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Records of every model, missing factors completed by predictive mean matching (methodology 2.8.2 and 2.8.3)."""
    settings = study.settings(context.partition_key).modelling
    context.add_output_metadata(count_records(analysis_frame, settings))
    return impute_frames(analysis_frame, settings)
