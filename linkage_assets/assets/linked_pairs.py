"""Scored pairs that are links. How is in steps/link_pairs.py."""

import dagster as dg
import polars as pl

from linkage_assets.steps.link_pairs import link_pairs
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="linking")
def linked_pairs(
    context: dg.AssetExecutionContext, scored_pairs: pl.DataFrame, offender_clusters: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Best pair, at or above the threshold, of each probation person and NDTMS person (methodology 2.5.3)."""
    return link_pairs(scored_pairs, offender_clusters, study.settings(context.partition_key).linkage)
