"""The published tables, one row per cell. Does not belong here: counting and disclosure control (steps/make_tables)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.make_tables import make_tables
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="publication")
def published_tables(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    pooled_odds_ratios: pl.DataFrame,
    engagement_estimates: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Every cell of the published tables after disclosure control (accompanying data tables)."""
    settings = study.settings(context.partition_key)
    cells = make_tables(analysis_frame, pooled_odds_ratios, engagement_estimates, settings)
    context.add_output_metadata(
        {"tables": cells["table"].n_unique(), "withheld_cells": (cells["status"] == "[c]").sum()}
    )
    return cells
