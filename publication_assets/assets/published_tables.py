"""The tables, what is published of them, and what is not. Does not belong here: counting and protection (steps/)."""

import dagster as dg
import polars as pl

from modelling_assets.steps.engagement.worst_known_result import worst_known_result
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publishing.disclosure.show_cells import log_suppression, published_cells
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="publication")
def counted_tables(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    pooled_odds_ratios: pl.DataFrame,
    engagement_estimates: pl.DataFrame,
    sensitivity_estimates: pl.DataFrame,
    imputation_diagnostics: pl.DataFrame,
    substance_use: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    linkage_quality: pl.DataFrame,
    requirement_counts: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Every cell of the tables with what becomes of it; it holds what is withheld, so it stays in this zone."""
    inputs = TableInputs(
        analysis_frame,
        pooled_odds_ratios,
        engagement_estimates,
        sensitivity_estimates,
        imputation_diagnostics,
        substance_use,
        worst_known_result(note_reading_quality),
        linkage_quality,
        requirement_counts,
    )
    return make_tables(inputs, study.settings(context.partition_key))


@zone_asset(group_name="publication")
def published_tables(context: dg.AssetExecutionContext, counted_tables: pl.DataFrame) -> pl.DataFrame:
    """Every cell of the published tables after disclosure control (accompanying data tables)."""
    cells = published_cells(counted_tables)
    context.add_output_metadata(
        {"tables": cells["table"].n_unique(), "withheld_cells": (cells["status"] == "[c]").sum()}
    )
    return cells


@zone_asset(group_name="publication")
def suppression_log(counted_tables: pl.DataFrame) -> pl.DataFrame:
    """Which counts are withheld, in which tables and why; for analysts of this zone, not for publication."""
    return log_suppression(counted_tables)
