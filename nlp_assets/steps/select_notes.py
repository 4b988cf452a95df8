"""Picks the contact notes of the requested requirements out of all contact notes (report 1.5).

Belongs here: whose note and when. Does not belong here: what a note says.
"""

import polars as pl

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
    notes = contact_note.lazy().filter(~is_sensitive()).select(
        "contact_id", "crn", "requirement_id", "contact_date", pl.col("notes").alias("note_text")
    )
    request = note_request.lazy().select(
        "requirement_key", "requirement_id", "crn", "window_start", "window_end", "terminated"
    )
    has_requirement = pl.col("requirement_id").is_not_null()
    under_requirement = notes.filter(has_requirement).join(request.drop("crn"), on="requirement_id")
    under_none = notes.filter(~has_requirement).join(request.drop("requirement_id"), on="crn")
    last_weeks = pl.col("contact_date") > pl.col("window_end").dt.offset_by(f"-{termination_weeks}w")
    return (
        pl.concat([under_requirement, under_none], how="diagonal")
        .filter(pl.col("contact_date").is_between("window_start", "window_end"))
        .with_columns(before_termination=pl.col("terminated") & last_weeks)
        .select(COLUMNS)
        .sort("requirement_key", "contact_date", "contact_id")
        .collect(engine="streaming")
    )


def count_sensitive(contact_note: pl.DataFrame | pl.LazyFrame) -> int:
    """How many contacts are marked sensitive."""
    return contact_note.lazy().select(is_sensitive().sum()).collect(engine="streaming").item()


def is_sensitive() -> pl.Expr:
    """Whether a contact is marked sensitive; one without a mark is not."""
    return (pl.col("sensitive") == "Y").fill_null(False)
