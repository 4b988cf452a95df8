"""Candidate pairs with their match probability. How is in steps/score_pairs.py."""

import dagster as dg
import polars as pl

from linkage_assets.steps.score_pairs import score_pairs
from resources.dagster_resources import StudyResource
from resources.splink_backend import SplinkBackend
from resources.zone_asset import zone_asset


@zone_asset(group_name="linking")
def scored_pairs(
    context: dg.AssetExecutionContext,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """Pairs of one nDelius and one NDTMS record with match probability and levels (methodology 2.5.2)."""
    return score_pairs(
        standardised_offenders, standardised_clients, linkage_model, splink_backend,
        study.settings(context.partition_key).linkage,
    )
