"""Checks of the deduplications: no person has so many identifiers that merging must have gone wrong.

Belongs here: sizes of clusters. Does not belong here: which identifiers belong together (steps/people).
"""

import dagster as dg
import polars as pl

from record_linkage.entities.clusters import cluster_sizes
from resources.zone.dagster_resources import StudyResource
from resources.zone.gate_result import check_result
from resources.zone.gates import DecisionsFolder, Measure, judge
from resources.zone.zone_check import zone_check


def sizes(clusters: pl.Series) -> dict:
    """People, and people with several identifiers: never who they are."""
    counts = cluster_sizes(clusters)
    return {"people": counts.len(), "people with several identifiers": int((counts > 1).sum())}


@zone_check("offender_clusters")
def no_offender_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext,
    offender_clusters: pl.DataFrame,
    study: StudyResource,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """No probation person has more identifiers than linkage.largest_cluster allows."""
    largest = study.settings(context.partition_key).linkage.largest_cluster
    found = too_large("people on probation", offender_clusters["cluster_id"], largest)
    accepted = decisions.of_quarter(context.partition_key)
    return check_result(judge("no_offender_has_too_many_identifiers", [found], accepted))


@zone_check("client_clusters")
def no_client_has_too_many_identifiers(
    context: dg.AssetCheckExecutionContext,
    client_clusters: pl.DataFrame,
    study: StudyResource,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """No NDTMS person has more identifiers than linkage.largest_cluster allows."""
    largest = study.settings(context.partition_key).linkage.largest_cluster
    found = too_large("people in NDTMS", client_clusters["client_cluster_id"], largest)
    accepted = decisions.of_quarter(context.partition_key)
    return check_result(judge("no_client_has_too_many_identifiers", [found], accepted))


def too_large(people: str, clusters: pl.Series, largest: int) -> Measure:
    """How many people have more identifiers than `largest`: none may."""
    found = int((cluster_sizes(clusters) > largest).sum())
    return Measure(
        f"{people} with more than {largest} identifiers",
        found,
        "none",
        not found,
        "Look at the rules of deduplication and at the identifiers that these records share: a placeholder merges "
        "strangers.",
    )
