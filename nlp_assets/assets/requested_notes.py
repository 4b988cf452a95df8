"""Asset: the contact notes of the requested requirements. The rules are in steps/select_notes.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.select_notes import count_sensitive, select_notes
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="notes")
def requested_notes(
    context: dg.AssetExecutionContext, contact_note: pl.LazyFrame, note_request: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Contact notes within the window of a requested requirement, sensitive ones left out (report 1.5)."""
    context.add_output_metadata({"sensitive_left_out": count_sensitive(contact_note)})
    return select_notes(contact_note, note_request, study.settings(context.partition_key).notes.termination_weeks)
