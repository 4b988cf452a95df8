"""Both systems in the linkage view: one row per person and place. How is in steps/people."""

import dagster as dg
import polars as pl

from linkage_assets.steps.people.locate_places import count_places
from linkage_assets.steps.people.name_authorities import count_authorities
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="linking")
def standardised_offenders(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    requirement: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """People on probation as the linkage sees them, at their address on their latest sentence (methodology 2.5.1)."""
    settings = study.settings(context.partition_key).linkage
    record_counts(context, count_places(offender_address["postcode"], settings))
    return standardise_offenders(offender, offender_address, requirement, settings)


@zone_asset(group_name="linking")
def standardised_clients(
    context: dg.AssetExecutionContext,
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    adult_secure: pl.DataFrame,
    yp_secure: pl.DataFrame,
    cjit: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """People in the five NDTMS data sets as the linkage sees them, one row per place (methodology 2.5.1)."""
    settings = study.settings(context.partition_key).linkage
    data_sets = (adult_community, yp_community, adult_secure, yp_secure, cjit)
    postcodes = pl.concat(data_set["PC"] for data_set in (adult_community, yp_community, cjit))
    authorities = pl.concat(data_set["UTLA"] for data_set in data_sets)
    record_counts(context, count_places(postcodes, settings) | count_authorities(authorities))
    return standardise_clients(*data_sets, settings)
