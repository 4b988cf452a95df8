"""What the extracts of a release look like, and beside training and the release before. How is in steps/drift."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.steps.drift.profile_sources import REMEDIES, profile_sources
from record_linkage.model.trained_model import TrainedModel
from resources.drift.earlier_profile import profile_of_quarter_before
from resources.drift.judge_drift import compare_profiles, drift_measures, source_bands
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import ZoneStore

READ = {extract.name: dg.AssetIn(extract.name, dagster_type=pl.LazyFrame) for extract in JUSTICE_EXTRACTS}


@zone_asset(group_name="justice_extracts", ins=READ)
def justice_source_profile(**tables: pl.LazyFrame) -> pl.DataFrame:
    """Rows, completeness and rows per person of every extract: a measurement that the next release reads back."""
    return profile_sources(tables)


@zone_asset(group_name="justice_extracts")
def justice_source_drift(
    context: dg.AssetExecutionContext,
    justice_source_profile: pl.DataFrame,
    justice_linkage_model: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """The profile of the extracts beside those that the model was trained with and the release before."""
    quarter = context.partition_key
    before = profile_of_quarter_before(zone_store, quarter, "justice_source_profile", judged_in="justice_source_drift")
    context.add_output_metadata({"compared with": before.beside_training})
    return compare_profiles(
        justice_source_profile,
        TrainedModel.from_json(justice_linkage_model["model_json"].item()).profile,
        before.frame,
        source_bands(study.settings(quarter).justice_drift),
        before.beside_training,
    )


@zone_gate(justice_source_drift)
def justice_sources_resemble_training_and_last_release(justice_source_drift: pl.DataFrame) -> list[Measure]:
    """Every measure of every extract lies within its band around training and around the release before."""
    return drift_measures(justice_source_drift, REMEDIES)
