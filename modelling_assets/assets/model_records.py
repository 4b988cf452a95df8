"""Who is in each model. Belongs here: the asset. Does not belong here: the rules (steps/records)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.records.select_model_records import count_model_records
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def model_records(
    context: dg.AssetExecutionContext, analysis_frame: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Records that each rule took out of each model: no outcome, excluded value, rare level (2.8.2 and 2.8.3)."""
    counts = count_model_records(analysis_frame, study.settings(context.partition_key).modelling)
    by_step = counts.group_by("model", "step", maintain_order=True).agg(pl.col("removed").sum())
    record_counts(context, {f"{model}: {step}": removed for model, step, removed in by_step.iter_rows()})
    return counts
