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
from record_linkage.scoring.earlier_linkage import linkage_of_quarter_before
from resources.drift.judge_drift import drift_measures, plausible_measures
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
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


@zone_gate(justice_linkage_profile)
def justice_linkage_is_plausible(
    context: dg.AssetCheckExecutionContext, justice_linkage_profile: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """No source lacks the identifiers that it must have, and some records are linked: justice_drift.plausible."""
    drift = study.settings(context.partition_key).justice_drift
    bounds = plausible_measures_of(drift.plausible)
    return plausible_measures(justice_linkage_profile, bounds, drift.sampling_errors, REMEDIES)


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
    before = linkage_of_quarter_before(
        zone_store, quarter, "justice_linkage_profile", "justice_linkage_drift", model="justice_linkage_model"
    )
    context.add_output_metadata({"compared with": before.beside_training})
    return compare_linkage(
        justice_linkage_profile,
        TrainedModel.from_json(justice_linkage_model["model_json"].item()).profile,
        before.frame,
        drift.linkage,
        drift.sampling_errors,
        before.beside_training,
    )


@zone_gate(justice_linkage_drift)
def justice_linkage_resembles_training_and_last_release(justice_linkage_drift: pl.DataFrame) -> list[Measure]:
    """Completeness, pairs, link rates and match weights lie within justice_drift.linkage."""
    return drift_measures(justice_linkage_drift, REMEDIES)
