"""Checks of the deduplications: no person has so many identifiers that merging must have gone wrong.

Belongs here: sizes of clusters. Does not belong here: which identifiers belong together (steps/people).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.people.find_duplicates import cluster_sizes
from resources.dagster_resources import StudyResource
from resources.partitions import quarters
from resources.zone_asset import shielded

LARGEST_SHOWN = 10


def sizes(clusters: pl.Series) -> dict:
    """People, people with several identifiers, and the sizes of the largest of them: never who they are."""
    counts = cluster_sizes(clusters)
    return {
        "people": counts.len(),
        "people with several identifiers": int((counts > 1).sum()),
        "identifiers of the largest": counts.head(LARGEST_SHOWN).to_list(),
    }


@dg.asset_check(asset="offender_clusters", blocking=True, partitions_def=quarters)
@shielded
def no_offender_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext, offender_clusters: pl.DataFrame, study: StudyResource
) -> dg.AssetCheckResult:
    """No probation person has more identifiers than linkage.largest_cluster allows."""
    return _judge(offender_clusters["cluster_id"], study.settings(context.partition_key).linkage.largest_cluster)


@dg.asset_check(asset="client_clusters", blocking=True, partitions_def=quarters)
@shielded
def no_client_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext, client_clusters: pl.DataFrame, study: StudyResource
) -> dg.AssetCheckResult:
    """No NDTMS person has more identifiers than linkage.largest_cluster allows."""
    return _judge(client_clusters["client_cluster_id"], study.settings(context.partition_key).linkage.largest_cluster)


def _judge(clusters: pl.Series, largest: int) -> dg.AssetCheckResult:
    counts = cluster_sizes(clusters)
    too_large = int((counts > largest).sum())
    return dg.AssetCheckResult(passed=not too_large, metadata={"too large": too_large, "allowed": largest})
