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
from resources.zone.gate_result import check_result
from resources.zone.gates import DecisionsFolder, judge
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check

contact_note = extract_asset(CONTACT_NOTE, "notes", keep_requested, beside=["note_request"])


@zone_asset(group_name="notes_extracts", deps=["contact_note"])
def note_extract_age(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
    """Whether the contact notes look like those of an earlier quarter, or are the new rows alone: days and counts."""
    return ages_of(extracts, NOTES_EXTRACTS, context.partition_key, spill_of("nlp"))


@zone_check(note_extract_age, name=EXTRACTS_CHECK)
def notes_are_accepted(
    context: dg.AssetCheckExecutionContext, note_extract_age: pl.DataFrame, decisions: dg.ResourceParam[DecisionsFolder]
) -> dg.AssetCheckResult:
    """The contact notes are of this quarter and whole, or it was accepted: what `pathways check` decides of them."""
    return check_result(judge(EXTRACTS_CHECK, ages_in(note_extract_age), decisions.of_quarter(context.partition_key)))
