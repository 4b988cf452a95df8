"""Asset: the contact notes of the requested requirements. The rules are in steps/notes/select_notes.py."""

import dagster as dg
import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from contracts.references import NOTE_REQUEST_REFERENCES
from nlp_assets.engines.fit_engines import require_instruct_model
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.serving.vllm.vllm_resource import VllmResource
from nlp_assets.steps.notes.select_notes import count_selection, select_notes
from resources.extracts.extract_references import judge_references
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="notes", metadata=READS_MARK, deps=["note_extract_age"])
def requested_notes(
    context: dg.AssetExecutionContext,
    contact_note: pl.LazyFrame,
    note_request: pl.DataFrame,
    study: StudyResource,
    label_folder: LabelFolder,
    vllm: VllmResource,
) -> pl.DataFrame:
    """Contact notes of the person in the window of a requested requirement, sensitive ones left out (report 1.5)."""
    quarter, notes = context.partition_key, study.settings(context.partition_key).notes
    # Before any note is taken: on real extracts the wrong reader would be refused only when all is filtered.
    require_instruct_model(notes.labels, label_folder.is_synthetic(quarter, NOTES_EXTRACTS), quarter, vllm.serving)
    return select_notes(contact_note, note_request, notes)


@zone_asset(group_name="notes")
def note_selection(
    context: dg.AssetExecutionContext, contact_note: pl.LazyFrame, note_request: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """How many contacts are recorded under the requirement, another or none, are shared, and are not read."""
    counts = count_selection(contact_note, note_request, study.settings(context.partition_key).notes)
    record_counts(context, dict(counts.select("kind", "notes").iter_rows()))
    return counts


NOTES_BESIDE_REQUEST = {
    "contact_note": dg.AssetIn("contact_note", dagster_type=pl.LazyFrame),
    "note_request": dg.AssetIn("note_request"),
}


@zone_gate(requested_notes, additional_ins=NOTES_BESIDE_REQUEST)
def notes_are_of_the_people_requested(
    requested_notes: pl.LazyFrame, contact_note: pl.LazyFrame, note_request: pl.DataFrame
) -> list[Measure]:
    """Most people of the request have a contact note, and notes under their requirements are theirs."""
    frames = {"contact_note": contact_note, "note_request": note_request}
    return [fit.measure for fit in judge_references(NOTE_REQUEST_REFERENCES, frames)]
