"""What this quarter's notes look like, and beside the quarter before. How is in steps/profile/profile_notes.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.profile.profile_notes import PLAUSIBLE, REMEDIES, compared_by_requirement, profile_notes
from resources.drift.earlier_profile import profile_of_quarter_before
from resources.drift.judge_drift import compare_profiles, drift_measures, plausible_measures, source_bands
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import ZoneStore


@zone_asset(group_name="notes")
def note_profile(
    note_request: pl.DataFrame, requested_notes: pl.LazyFrame, filtered_notes: pl.LazyFrame
) -> pl.DataFrame:
    """Volume of notes and keyword shares: a measurement that the next quarter reads back. Counts and shares only."""
    whose = [notes.select("requirement_key").collect() for notes in (requested_notes, filtered_notes)]
    return profile_notes(note_request, *whose)


@zone_gate(note_profile)
def notes_are_plausible(
    context: dg.AssetCheckExecutionContext, note_profile: pl.DataFrame, study: StudyResource
) -> list[Measure]:
    """Most requirements have notes and some notes a keyword, whatever there was before: drift.plausible."""
    drift = study.settings(context.partition_key).drift
    bounds = {measure: getattr(drift.plausible, name) for name, measure in PLAUSIBLE.items()}
    return plausible_measures(note_profile, bounds, drift.sampling_errors, REMEDIES)


@zone_asset(group_name="notes")
def note_drift(
    context: dg.AssetExecutionContext,
    note_profile: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """The profile of the notes beside the quarter before, which is their only baseline: no model is trained on them."""
    before = profile_of_quarter_before(zone_store, context.partition_key, "note_profile", judged_in="note_drift")
    context.add_output_metadata({"compared with": before.words})
    bands = source_bands(study.settings(context.partition_key).drift, continued=False)
    return compare_profiles(compared_by_requirement(note_profile), {}, before.frame, bands, before.words)


@zone_gate(note_drift)
def notes_resemble_last_quarter(note_drift: pl.DataFrame) -> list[Measure]:
    """Volume of notes and keyword shares lie within their bands around the quarter before."""
    return drift_measures(note_drift, REMEDIES)
