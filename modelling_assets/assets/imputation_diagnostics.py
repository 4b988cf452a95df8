"""What an imputation is judged by. Belongs here: the assets. Does not: computing (steps/imputation)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.imputation.diagnose_imputation import diagnose_imputation, trace_imputation
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def imputation_convergence(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    imputation_draws: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """How often each level is imputed after each iteration of each chain (methodology 2.8.3)."""
    return trace_imputation(analysis_frame, imputation_draws, study.settings(context.partition_key).modelling)


@zone_asset(group_name="modelling")
def imputation_diagnostics(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    imputation_convergence: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Recorded and imputed shares of each level, and whether the chains have mixed (methodology 2.8.3; table 29)."""
    settings = study.settings(context.partition_key).modelling
    diagnostics = diagnose_imputation(analysis_frame, imputation_convergence, settings)
    context.add_output_metadata({"largest R-hat": diagnostics["r_hat"].max()})
    return diagnostics
