"""Records condensed to identities. How is in steps/identities."""

import dagster as dg
import polars as pl

from justice_assets.steps.clusters.overrides import said_apart
from justice_assets.steps.identities.condense_persons import batches_of, condense_persons, identities_of_forms
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="justice_linking")
def justice_identities(
    context: dg.AssetExecutionContext,
    standardised_persons: pl.LazyFrame,
    linkage_overrides: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """What records look like, each once, and how many look so."""
    linkage = study.settings(context.partition_key).justice.linkage
    batches = batches_of(standardised_persons, linkage.records_per_batch)
    return condense_persons(batches, said_apart(linkage_overrides)).identities


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
