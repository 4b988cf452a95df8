"""Asset: substance use before and after, as it crosses. How is in steps/combining and steps/release."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.release.anonymise_substance_use import anonymise_substance_use
from linkage_assets.steps.treatment.choose_journeys import answering_journeys
from linkage_assets.steps.treatment.compare_substance_use import compare_substance_use
from resources.extracts.extract_folder import ExtractFolder
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="combining")
def substance_changes(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    outcome_forms: pl.DataFrame,
    person_key: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Days of use at the start of the journey that answers for a requirement and at the last form, by substance."""
    settings = study.settings(context.partition_key)
    journeys = answering_journeys(analysed_requirements, treatment_journeys, person_key, settings.combining)
    return compare_substance_use(
        analysed_requirements,
        journeys,
        outcome_forms,
        person_key,
        settings.combining.outcome_forms,
        settings.study.last_day_observed,
    )


@zone_asset(group_name="anonymising", metadata=READS_MARK)
def substance_use(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    substance_changes: pl.DataFrame,
    extracts: ExtractFolder,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """The same under keys of this table and substance alone: it can be joined to nothing."""
    synthetic = extracts.synthetic(context.partition_key, LINKAGE_EXTRACTS) is not None
    secret = secrets.of("release", context.partition_key)
    return anonymise_substance_use(analysed_requirements, substance_changes, secret, synthetic)
