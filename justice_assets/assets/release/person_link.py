"""The lookups that are released, and what changed since the last. How is in steps/release and steps/journeys."""

import dagster as dg
import polars as pl

from justice_assets.steps.journeys.match_crown_cases import match_crown_cases
from justice_assets.steps.release.assign_person_ids import assign_person_ids
from justice_assets.steps.release.compare_releases import compare_releases
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.partitions import previous_quarter
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import TableNotUsable


@zone_asset(group_name="releasing", deps=["justice_linkage_drift"])
def person_link(
    context: dg.AssetExecutionContext,
    person_clusters: pl.DataFrame,
    justice_linkage_model: pl.DataFrame,
    secrets: dg.ResourceParam[ZoneSecrets],
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Which records are one person: random ids at three nested thresholds, kept from release to release."""
    quarter, digest = context.partition_key, justice_linkage_model["sha256"].item()
    last = last_release(zone_store, quarter)
    link = assign_person_ids(person_clusters, last, secrets.of("person_ids"), quarter)
    return link.with_columns(run=pl.lit(quarter), model=pl.lit(digest[:16]))


@zone_asset(group_name="releasing")
def mags_crown_journey(
    person_clusters: pl.DataFrame, crown_defendant_case: pl.DataFrame, magistrates_defendant_case: pl.DataFrame
) -> pl.DataFrame:
    """The magistrates' case that each Crown Court case came from, with its score."""
    return match_crown_cases(crown_defendant_case, magistrates_defendant_case, person_clusters)


@zone_asset(group_name="releasing")
def id_changes(
    context: dg.AssetExecutionContext, person_link: pl.DataFrame, zone_store: dg.ResourceParam[ZoneStore]
) -> pl.DataFrame:
    """Ids of the last release that were merged or split."""
    return compare_releases(person_link, last_release(zone_store, context.partition_key))[0]


@zone_asset(group_name="releasing")
def id_change_counts(
    context: dg.AssetExecutionContext, person_link: pl.DataFrame, zone_store: dg.ResourceParam[ZoneStore]
) -> pl.DataFrame:
    """How many ids of the last release were kept, merged or split, and how many people are new."""
    return compare_releases(person_link, last_release(zone_store, context.partition_key))[1]


def last_release(store: ZoneStore, quarter: str) -> pl.DataFrame | None:
    """person_link of the quarter before, whatever code made it; None where there is none that may be read."""
    before = previous_quarter(quarter)
    if before is None or store.zone.receipt("person_link", before) is None:
        return None
    try:
        return store.read("person_link", before)
    except TableNotUsable:
        return None
