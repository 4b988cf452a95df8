"""Who is one person, and which people should be looked at. How is in steps/clusters."""

import dagster as dg
import polars as pl

from justice_assets.steps.clusters.cluster_persons import CONTRADICTING, cluster_records, not_followed
from justice_assets.steps.clusters.list_clusters import list_clusters
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="justice_linking")
def person_clusters(
    context: dg.AssetExecutionContext,
    justice_identities: pl.LazyFrame,
    justice_members: pl.DataFrame,
    scored_identities: pl.DataFrame,
    linkage_overrides: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """People at three nested thresholds, from the strongest pair down; contradictory numbers keep records apart."""
    linkage = study.settings(context.partition_key).justice.linkage
    identities = justice_identities.select("identity", *CONTRADICTING).collect()
    found = cluster_records(identities, justice_members, scored_identities, linkage, linkage_overrides)
    by_record = found.by_record
    lost = not_followed(by_record, linkage_overrides)
    context.add_output_metadata({"pairs kept apart": found.refused.height, "decisions not followed": lost})
    return by_record


@zone_asset(group_name="justice_linking")
def cluster_sizes(
    context: dg.AssetExecutionContext,
    person_clusters: pl.LazyFrame,
    justice_members: pl.LazyFrame,
    scored_identities: pl.LazyFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """People by number of records: those with too many, and those that one pair alone holds together."""
    linkage = study.settings(context.partition_key).justice.linkage
    return list_clusters(person_clusters, justice_members, scored_identities, linkage)
