"""What this quarter's linkage looks like, and beside training and the quarter before. How is in steps/links."""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.profile_linkage import (
    compare_linkage,
    plausibly_linked,
    profile_linkage,
)
from linkage_assets.steps.sources.source_remedies import REMEDIES
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.earlier_linkage import linkage_of_quarter_before
from resources.drift.judge_drift import drift_measures
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import ZoneStore


@zone_asset(group_name="linking")
def linkage_profile(
    context: dg.AssetExecutionContext,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    scored_pairs: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Completeness, candidate volume, link rate and match weights: a measurement that the next quarter reads back."""
    threshold = study.settings(context.partition_key).linkage.threshold
    return profile_linkage(standardised_offenders, standardised_clients, scored_pairs, threshold)


@zone_asset(group_name="linking")
def linkage_drift(
    context: dg.AssetExecutionContext,
    linkage_profile: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """The profile of the linkage beside what the model was trained on and the quarter before."""
    quarter, settings = context.partition_key, study.settings(context.partition_key)
    before = linkage_of_quarter_before(zone_store, quarter, "linkage_profile", "linkage_drift", model="linkage_model")
    context.add_output_metadata({"compared with": before.beside_training})
    return compare_linkage(
        linkage_profile,
        TrainedModel.from_json(linkage_model["model_json"].item()).profile,
        before.frame,
        settings.linkage.drift,
        settings.drift.sampling_errors,
        before.beside_training,
    )


@zone_gate(linkage_drift)
def quarter_resembles_training(
    context: dg.AssetCheckExecutionContext, linkage_drift: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """Completeness, candidate volume, link rate and match weights lie within linkage.drift, and some are linked."""
    drift = study.settings(context.partition_key).drift
    return drift_measures(plausibly_linked(linkage_drift, drift.plausible.linked), REMEDIES)
