"""Picks the contact notes of the requested requirements out of all contact notes (report 1.5).

Belongs here: whose note and when. Does not belong here: what a note says.
"""

from itertools import chain

import polars as pl

NOTES_PER_BATCH = 100_000
COLUMNS = ["requirement_key", "contact_id", "contact_date", "note_text", "before_termination"]


def select_notes(
    contact_note: pl.DataFrame | pl.LazyFrame, note_request: pl.DataFrame, termination_weeks: int
) -> pl.DataFrame:
    """Notes in the window of a requested requirement (report 1.5), those marked sensitive left out.

    A contact recorded under a requirement belongs to that requirement alone; one recorded under none belongs to
    every requested requirement of the person whose window holds its date. Both ends of a window belong to it.
    `before_termination`: in the `termination_weeks` weeks that end with the day of termination (report 2.6); false
    when the requirement had not ended. Returns schemas.notes.RequestedNotes; empty notes are kept. Of a lazy frame only
    the notes that are selected are ever in memory.
    """
    by_requirement, by_person = pl.format("requirement {}", "requirement_id"), pl.format("person {}", "crn")
    notes = contact_note.lazy().filter(~is_sensitive()).select(
        "contact_id", "contact_date", note_text="notes", found_by=pl.coalesce(by_requirement, by_person)
    )
    request = pl.concat([note_request.with_columns(found_by=key) for key in (by_requirement, by_person)])
    last_weeks = pl.col("contact_date") > pl.col("window_end").dt.offset_by(f"-{termination_weeks}w")
    # Joined batch by batch: in one query, polars holds three times as many notes in memory.
    selected = [
        batch.join(request, on="found_by")
        .filter(pl.col("contact_date").is_between("window_start", "window_end"))
        .with_columns(before_termination=pl.col("terminated") & last_weeks)
        .select(COLUMNS)
        for batch in chain([notes.head(0).collect()], notes.collect_batches(chunk_size=NOTES_PER_BATCH))
    ]
    return pl.concat(selected).sort("requirement_key", "contact_date", "contact_id")


def count_sensitive(contact_note: pl.DataFrame | pl.LazyFrame) -> int:
    """How many contacts are marked sensitive."""
    return contact_note.lazy().select(is_sensitive().sum()).collect(engine="streaming").item()


def is_sensitive() -> pl.Expr:
    """Whether a contact is marked sensitive; one without a mark is not."""
    return (pl.col("sensitive") == "Y").fill_null(False)
