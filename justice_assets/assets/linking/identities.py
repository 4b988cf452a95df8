"""Records condensed to identities, and these as numbers. How is in steps/identities."""

import dagster as dg
import polars as pl

from justice_assets.steps.clusters.overrides import said_apart
from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import batches_of, condense_persons, identities_of_forms
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import ZoneStore

TAKEN_OVER = ["justice_identities", "identity_codes"]


@zone_asset(group_name="justice_linking")
def justice_identities(
    context: dg.AssetExecutionContext,
    standardised_persons: pl.LazyFrame,
    linkage_overrides: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """What records look like, each once, and how many look so."""
    linkage = study.settings(context.partition_key).justice.linkage
    batches = batches_of(standardised_persons, linkage.records_per_batch)
    before = zone_store.of_quarter_before(context.partition_key, ["justice_identities"])
    last = before["justice_identities"] if before else None
    return condense_persons(batches, said_apart(linkage_overrides), last).identities


@zone_asset(group_name="justice_linking")
def identity_codes(
    context: dg.AssetExecutionContext,
    justice_identities: pl.LazyFrame,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Identities as numbers, which groups and pairs are found by."""
    before = zone_store.of_quarter_before(context.partition_key, TAKEN_OVER)
    last = (before["justice_identities"], before["identity_codes"]) if before else None
    return code_identities(justice_identities, last)


@zone_asset(group_name="justice_linking")
def justice_members(
    context: dg.AssetExecutionContext,
    standardised_persons: pl.LazyFrame,
    linkage_overrides: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Which identity each form of a record is."""
    linkage = study.settings(context.partition_key).justice.linkage
    batches = batches_of(standardised_persons, linkage.records_per_batch)
    return identities_of_forms(batches, said_apart(linkage_overrides))
