"""Links that each score and threshold would give, and pairs near the threshold. How is in steps/quality."""

import dagster as dg
import polars as pl

from linkage_assets.steps.quality.count_links import count_links, count_pairs_near_threshold
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="quality")
def link_counts(context: dg.AssetExecutionContext, person_pairs: pl.DataFrame, study: StudyResource) -> pl.DataFrame:
    """Pairs and people that each score would link from .5 to .999, the study's rule marked (methodology 2.5.3)."""
    return count_links(person_pairs, study.settings(context.partition_key).linkage)


@zone_asset(group_name="quality")
def pairs_near_threshold(
    context: dg.AssetExecutionContext, person_pairs: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Pairs of people per bit of match weight around the threshold and comparison pattern: counts only."""
    return count_pairs_near_threshold(person_pairs, study.settings(context.partition_key).linkage)
