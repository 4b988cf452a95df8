"""How good the links are, without truth. How is in steps/quality."""

import dagster as dg
import polars as pl

from justice_assets.steps.clusters.cluster_persons import forms_of_members
from justice_assets.steps.linking.score_justice_pairs import justice_scoring
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.quality.date_records import date_records
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.find_impossible import find_impossible as count_impossible
from justice_assets.steps.quality.hold_out_numbers import hold_out_numbers
from justice_assets.steps.quality.link_without_numbers import link_without_numbers
from record_linkage.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="justice_quality")
def hold_out(
    context: dg.AssetExecutionContext,
    standardised_persons: pl.LazyFrame,
    justice_identities: pl.LazyFrame,
    identity_codes: pl.LazyFrame,
    scored_identities: pl.LazyFrame,
    justice_members: pl.LazyFrame,
    probation_disposal: pl.LazyFrame,
    custodial_journey: pl.LazyFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
    justice_linkage_model: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """Some people linked as if they had no identity number, held against the numbers."""
    settings = study.settings(context.partition_key).justice
    model = TrainedModel.from_json(justice_linkage_model["model_json"].item())
    scoring = justice_scoring(model, secrets.of("model_values"), splink_backend, settings.linkage)
    release = LastRelease(justice_identities, identity_codes, scored_identities)
    ids = justice_identities.select("identity").collect().to_series()
    _, forms = forms_of_members(ids, justice_members.collect())
    linked = link_without_numbers(release, forms, scoring, settings)
    dated = date_records(probation_disposal, custodial_journey, crown_defendant_case, magistrates_defendant_case)
    return hold_out_numbers(describe_records(standardised_persons, dated), linked)


@zone_asset(group_name="justice_quality")
def impossible_people(
    person_clusters: pl.DataFrame,
    standardised_persons: pl.LazyFrame,
    custodial_journey: pl.LazyFrame,
    probation_person: pl.LazyFrame,
    mags_crown_journey: pl.DataFrame,
) -> pl.DataFrame:
    """People who cannot be one person, and Crown Court cases that must have come from a magistrates' court."""
    records = standardised_persons.filter(pl.col("name_form") == 0)
    sentences = records.select("source", "record_key", sentence_date="sentence_dates").explode("sentence_date")
    return count_impossible(
        person_clusters,
        records.select("source", "record_key", "pnc", "cro").collect(),
        custodial_journey.select(
            "establishment_code", "reception_date", "release_date", prison_number="noms_number"
        ).collect(),
        probation_person.select(source=pl.lit("probation"), record_key="crn", died_on="died_on").collect(),
        sentences.collect(),
        mags_crown_journey,
    )
