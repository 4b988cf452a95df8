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
from record_linkage.scoring.profile_linkage import comparable
from resources.drift.earlier_profile import profile_of_quarter_before, same_table
from resources.drift.judge_drift import drift_measures
from resources.zone.dagster_resources import StudyResource
from resources.zone.gate_result import check_result
from resources.zone.gates import DecisionsFolder, judge
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check
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
    same_model = same_table(zone_store, quarter, "linkage_model")
    before = profile_of_quarter_before(zone_store, quarter, "linkage_profile", judged_in="linkage_drift")
    with_what = before.beside_training
    if before.frame is not None and not same_model:
        with_what += ", which another model scored: completeness only"
    context.add_output_metadata({"compared with": with_what})
    return compare_linkage(
        linkage_profile,
        TrainedModel.from_json(linkage_model["model_json"].item()).profile,
        comparable(before.frame, same_model),
        settings.linkage.drift,
        settings.drift.sampling_errors,
        with_what,
    )


@zone_check(linkage_drift)
def quarter_resembles_training(
    context: dg.AssetCheckExecutionContext,
    linkage_drift: pl.DataFrame,
    study: StudyResource,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """Completeness, candidate volume, link rate and match weights lie within linkage.drift, and some are linked."""
    drift, accepted = study.settings(context.partition_key).drift, decisions.of_quarter(context.partition_key)
    measures = drift_measures(plausibly_linked(linkage_drift, drift.plausible.linked), REMEDIES)
    return check_result(judge("quarter_resembles_training", measures, accepted))
