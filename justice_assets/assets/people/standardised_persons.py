"""Records of all four sources in the same terms. How is in steps/people."""

import dagster as dg
import polars as pl

from justice_assets.steps.people.standardise_persons import (
    standardise_crown,
    standardise_magistrates,
    standardise_prison,
    standardise_probation,
)
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="justice_linking", deps=["justice_extract_fit"])  # whose check stops the zone before it
def standardised_persons(
    context: dg.AssetExecutionContext,
    probation_person: pl.LazyFrame,
    probation_alias: pl.LazyFrame,
    probation_address: pl.LazyFrame,
    probation_disposal: pl.LazyFrame,
    prison_person: pl.LazyFrame,
    custodial_journey: pl.LazyFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Every record of probation, prisons and courts, with its aliases, as the linking sees it."""
    settings = study.settings(context.partition_key).justice
    sources = (  # sorted by their names
        standardise_crown(crown_defendant_case, settings),
        standardise_magistrates(magistrates_defendant_case, settings),
        standardise_prison(prison_person, custodial_journey, settings),
        standardise_probation(probation_person, probation_alias, probation_address, probation_disposal, settings),
    )
    return pl.concat(sources)
