"""What the linkage of a release looks like, and beside training and the release before. How is in steps/drift."""

import dagster as dg
import polars as pl

from justice_assets.steps.drift.profile_linkage import (
    REMEDIES,
    compare_linkage,
    plausible_measures_of,
    profile_linkage,
)
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.profile_linkage import comparable
from resources.drift.earlier_profile import profile_of_quarter_before, same_table
from resources.drift.judge_drift import drift_measures, plausible_measures
from resources.zone.dagster_resources import StudyResource
from resources.zone.gate_result import check_result
from resources.zone.gates import DecisionsFolder, judge
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check
from resources.zone.zone_store import ZoneStore


@zone_asset(group_name="justice_linking")
def justice_linkage_profile(
    standardised_persons: pl.LazyFrame,
    justice_identities: pl.LazyFrame,
    scored_identities: pl.LazyFrame,
    person_clusters: pl.LazyFrame,
) -> pl.DataFrame:
    """Completeness, pairs, link rates and match weights: a measurement that the next release reads back."""
    identities = justice_identities.select(pl.len()).collect().item()
    return profile_linkage(standardised_persons, identities, scored_identities, person_clusters)


@zone_check(justice_linkage_profile)
def justice_linkage_is_plausible(
    context: dg.AssetCheckExecutionContext,
    justice_linkage_profile: pl.DataFrame,
    study: StudyResource,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """No source lacks the identifiers that it must have, and some records are linked: justice_drift.plausible."""
    drift, accepted = study.settings(context.partition_key).justice_drift, decisions.of_quarter(context.partition_key)
    bounds = plausible_measures_of(drift.plausible)
    measures = plausible_measures(justice_linkage_profile, bounds, drift.sampling_errors, REMEDIES)
    return check_result(judge("justice_linkage_is_plausible", measures, accepted))


@zone_asset(group_name="justice_linking")
def justice_linkage_drift(
    context: dg.AssetExecutionContext,
    justice_linkage_profile: pl.DataFrame,
    justice_linkage_model: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """The profile of the linkage beside what the model was trained on and the release before."""
    quarter, drift = context.partition_key, study.settings(context.partition_key).justice_drift
    same_model = same_table(zone_store, quarter, "justice_linkage_model")
    before = profile_of_quarter_before(
        zone_store, quarter, "justice_linkage_profile", judged_in="justice_linkage_drift"
    )
    with_what = before.beside_training
    if before.frame is not None and not same_model:
        with_what += ", which another model scored: completeness only"
    context.add_output_metadata({"compared with": with_what})
    return compare_linkage(
        justice_linkage_profile,
        TrainedModel.from_json(justice_linkage_model["model_json"].item()).profile,
        comparable(before.frame, same_model),
        drift.linkage,
        drift.sampling_errors,
        with_what,
    )


@zone_check(justice_linkage_drift)
def justice_linkage_resembles_training_and_last_release(
    context: dg.AssetCheckExecutionContext,
    justice_linkage_drift: pl.DataFrame,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """Completeness, pairs, link rates and match weights lie within justice_drift.linkage."""
    accepted = decisions.of_quarter(context.partition_key)
    measures = drift_measures(justice_linkage_drift, REMEDIES)
    return check_result(judge("justice_linkage_resembles_training_and_last_release", measures, accepted))
