"""What this quarter's sources look like, and beside training and the quarter before. How is in steps/sources."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.sources.profile_sources import PLAUSIBLE, PLAUSIBLE_WHEN_SENT, profile_sources
from linkage_assets.steps.sources.source_remedies import REMEDIES
from record_linkage.model.trained_model import TrainedModel
from resources.drift.earlier_profile import profile_of_quarter_before, rows_of_tables
from resources.drift.judge_drift import compare_profiles, drift_measures, plausible_measures, source_bands
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import ZoneStore

EXTRACTS = [extract.name for extract in LINKAGE_EXTRACTS]


@zone_asset(group_name="separating", deps=EXTRACTS)
def source_profile(
    context: dg.AssetExecutionContext,
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    outcome_forms: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Completeness, shares, records per person and rows of every source: a measurement that the next quarter reads."""
    quarter = context.partition_key
    return profile_sources(
        probation_attributes,
        pre_sentence_reports,
        prison_receptions,
        court_appearances,
        treatment_episodes,
        outcome_forms,
        rows_of_tables(zone_store, EXTRACTS, quarter),
        study.settings(quarter),
    )


@zone_gate(source_profile)
def sources_are_plausible(
    context: dg.AssetCheckExecutionContext, source_profile: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """No source has lost what it must have whatever there was before: the bounds of drift.plausible."""
    drift = study.settings(context.partition_key).drift
    measured = PLAUSIBLE | {
        name: measure for name, measure in PLAUSIBLE_WHEN_SENT.items() if measure in source_profile["measure"]
    }
    bounds = {measure: getattr(drift.plausible, name) for name, measure in measured.items()}
    return plausible_measures(source_profile, bounds, drift.sampling_errors, REMEDIES)


@zone_asset(group_name="separating")
def source_drift(
    context: dg.AssetExecutionContext,
    source_profile: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """The profile of the sources beside those that the linkage model was trained with and the quarter before."""
    before = profile_of_quarter_before(zone_store, context.partition_key, "source_profile", judged_in="source_drift")
    context.add_output_metadata({"compared with": before.beside_training})
    return compare_profiles(
        source_profile,
        TrainedModel.from_json(linkage_model["model_json"].item()).profile,
        before.frame,
        source_bands(study.settings(context.partition_key).drift),
        before.beside_training,
    )


@zone_gate(source_drift)
def sources_resemble_training_and_last_quarter(source_drift: pl.DataFrame) -> list[Measure]:
    """Every measure of every source lies within its band around training and around the quarter before."""
    return drift_measures(source_drift, REMEDIES)
