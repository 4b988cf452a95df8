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
    the notes of requested requirements are ever in memory.
    """
    under_one = pl.col("requirement_id").is_not_null()
    asked_for = pl.when(under_one).then(
        pl.col("requirement_id").is_in(note_request["requirement_id"].implode())
    ).otherwise(pl.col("crn").is_in(note_request["crn"].implode()))
    # Filtered before it is joined: polars applies a filter while it reads, and holds everything it joins.
    notes = (
        contact_note.lazy()
        .filter(asked_for & ~is_sensitive())
        .select("contact_id", "crn", "requirement_id", "contact_date", note_text="notes")
        .collect(engine="streaming")
    )
    under_requirement = notes.filter(under_one).join(note_request.drop("crn"), on="requirement_id")
    under_none = notes.filter(~under_one).join(note_request.drop("requirement_id"), on="crn")
    last_weeks = pl.col("contact_date") > pl.col("window_end").dt.offset_by(f"-{termination_weeks}w")
    return (
        pl.concat([under_requirement, under_none], how="diagonal")
        .filter(pl.col("contact_date").is_between("window_start", "window_end"))
        .with_columns(before_termination=pl.col("terminated") & last_weeks)
        .select(COLUMNS)
        .sort("requirement_key", "contact_date", "contact_id")
    )


def count_sensitive(contact_note: pl.DataFrame | pl.LazyFrame) -> int:
    """How many contacts are marked sensitive."""
    return contact_note.lazy().select(is_sensitive().sum()).collect(engine="streaming").item()


def is_sensitive() -> pl.Expr:
    """Whether a contact is marked sensitive; one without a mark is not."""
    return (pl.col("sensitive") == "Y").fill_null(False)
