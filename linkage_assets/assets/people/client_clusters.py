"""Which NDTMS identifiers are one person. How is in steps/people."""

import dagster as dg
import polars as pl

from linkage_assets.assets.people.cluster_checks import sizes
from linkage_assets.steps.people.find_duplicates import cluster_clients
from record_linkage.splink_backend import SplinkBackend
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(kinds={"splink"}, group_name="linking")
def client_clusters(
    context: dg.AssetExecutionContext,
    standardised_clients: pl.DataFrame,
    study: StudyResource,
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """The person behind each NDTMS identifier (methodology 2.5.1)."""
    clusters = cluster_clients(standardised_clients, splink_backend, study.settings(context.partition_key).linkage)
    record_counts(context, sizes(clusters["client_cluster_id"]))
    return clusters
