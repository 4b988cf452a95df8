"""Checks of the deduplications: no person has so many identifiers that merging must have gone wrong.

Belongs here: sizes of clusters. Does not belong here: which identifiers belong together (steps/people).
"""

import dagster as dg
import polars as pl

from record_linkage.entities.clusters import cluster_sizes
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_gate import zone_gate


def sizes(clusters: pl.Series) -> dict:
    """People, and people with several identifiers: never who they are."""
    counts = cluster_sizes(clusters)
    return {"people": counts.len(), "people with several identifiers": int((counts > 1).sum())}


@zone_gate("offender_clusters")
def no_offender_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext, offender_clusters: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """No probation person has more identifiers than linkage.largest_cluster allows."""
    largest = study.settings(context.partition_key).linkage.largest_cluster
    return too_large("people on probation", offender_clusters["cluster_id"], largest)


@zone_gate("client_clusters")
def no_client_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext, client_clusters: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """No NDTMS person has more identifiers than linkage.largest_cluster allows."""
    largest = study.settings(context.partition_key).linkage.largest_cluster
    return too_large("people in NDTMS", client_clusters["client_cluster_id"], largest)


def too_large(people: str, clusters: pl.Series, largest: int) -> list[Measure]:
    """How many people have more identifiers than `largest`: none may."""
    found = int((cluster_sizes(clusters) > largest).sum())
    what_to_do = (
        "Look at the rules of deduplication and at the identifiers that these records share: a placeholder merges "
        "strangers."
    )
    return [Measure(f"{people} with more than {largest} identifiers", found, "none", not found, what_to_do)]
