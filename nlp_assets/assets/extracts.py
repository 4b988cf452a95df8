"""The one extract of the notes zone: the contact notes of the people who are asked for, and whether it is accepted.

Belongs here: its assets. Does not belong here: reading (resources/extracts/extract_reader.py), whose contacts are kept
(steps/notes/select_notes.py).
"""

import dagster as dg
import polars as pl

from contracts.extracts import CONTACT_NOTE, NOTES_EXTRACTS
from contracts.references import EXTRACTS_CHECK
from nlp_assets.steps.notes.select_notes import keep_requested
from resources.extracts.compare_age import ages_in
from resources.extracts.extract_assets import ages_of, extract_asset
from resources.extracts.extract_folder import ExtractFolder
from resources.process.data_root import spill_of
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate

contact_note = extract_asset(CONTACT_NOTE, "notes", keep_requested, beside=["note_request"])


@zone_asset(group_name="notes_extracts", deps=["contact_note"])
def note_extract_age(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
    """Whether the contact notes look like those of an earlier quarter, or are the new rows alone: days and counts."""
    return ages_of(extracts, NOTES_EXTRACTS, context.partition_key, spill_of("nlp"))


@zone_gate(note_extract_age, name=EXTRACTS_CHECK)
def notes_are_accepted(note_extract_age: pl.DataFrame) -> list[Measure]:
    """The contact notes are of this quarter and whole, or it was accepted: what `pathways check` decides of them."""
    return ages_in(note_extract_age)
