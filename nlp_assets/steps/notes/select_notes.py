"""Picks the contact notes of the requested requirements out of all contact notes (report 1.5).

Belongs here: whose note and when, and how many of each kind. Does not belong here: what a note says.

"For each offender, the contact notes recorded between their ATR or DRR start date and end date ... were analysed": a
contact is the person's, whichever requirement it hangs on. Two requested requirements of one person whose windows
overlap share contacts. Of contacts marked sensitive only the number is taken.
"""

import polars as pl

from nlp_assets.schemas.notes import NoteSelection
from resources.settings.study_settings import Notes

COLUMNS = ["requirement_key", "contact_id", "contact_date", "note_text", "before_termination"]
THIS, ANOTHER, NONE = "the requirement itself", "another requirement of the person", "no requirement"
SHARED, SENSITIVE = "in the windows of several requested requirements", "marked sensitive, not read"


def keep_requested(contact_note: pl.DataFrame, note_request: pl.DataFrame) -> pl.DataFrame:
    """The contacts of requested people, and those recorded under a requested requirement: of others none is stored."""
    return contact_note.filter(_is_requested(note_request))


def _is_requested(note_request: pl.DataFrame) -> pl.Expr:
    return pl.col("crn").is_in(note_request["crn"].implode()) | pl.col("requirement_id").is_in(
        note_request["requirement_id"].implode()
    ).fill_null(False)


def select_notes(
    contact_note: pl.DataFrame | pl.LazyFrame, note_request: pl.DataFrame, settings: Notes
) -> pl.DataFrame:
    """Notes in the window of a requested requirement (report 1.5), those marked sensitive left out.

    A contact belongs to every requested requirement of the person (CRN) whose window holds its date, both ends
    included; with `settings.contacts_of` "requirement", one recorded under a requirement belongs to that one alone. One
    that is recorded under the requirement belongs to it under another CRN too, as CRNs are merged.
    `before_termination`: in the `termination_weeks` weeks that end with the day of termination (report 2.6); false
    when the requirement had not ended. Returns schemas.notes.RequestedNotes; empty notes are kept. Of a lazy frame only
    the notes of requested people are ever in memory.
    """
    notes = _in_windows(contact_note.lazy().filter(~is_sensitive()), note_request, note_text="notes")
    last_weeks = pl.col("contact_date") > pl.col("window_end").dt.offset_by(f"-{settings.termination_weeks}w")
    return (
        _belonging(notes, settings)
        .with_columns(before_termination=pl.col("terminated") & last_weeks)
        .select(COLUMNS)
        .sort("requirement_key", "contact_date", "contact_id")
    )


def count_selection(
    contact_note: pl.DataFrame | pl.LazyFrame, note_request: pl.DataFrame, settings: Notes
) -> pl.DataFrame:
    """How many contacts in the windows of requested requirements are of each kind, as schemas.notes.NoteSelection.

    By what they are recorded under: a contact that several requirements share counts with each, and once as shared.
    Contacts marked sensitive are in their own row alone.
    """
    found = _in_windows(contact_note.lazy(), note_request, sensitive=is_sensitive())
    belonging = _belonging(found, settings)
    left_out, read = belonging.filter("sensitive"), belonging.filter(~pl.col("sensitive"))
    shared = read.filter(pl.col("contact_id").is_duplicated())
    under = (
        pl.when(pl.col("recorded_under").is_null())
        .then(pl.lit(NONE))
        .when(_under_this())
        .then(pl.lit(THIS))
        .otherwise(pl.lit(ANOTHER))
    )
    rows: list[tuple[str, int, pl.DataFrame, bool]] = []
    for kind in (THIS, ANOTHER, NONE):
        contacts = found.filter(~pl.col("sensitive"), under == kind)
        rows.append((kind, contacts.height, contacts, kind != ANOTHER or settings.contacts_of == "person"))
    rows.append((SHARED, shared["contact_id"].n_unique(), shared, True))
    rows.append((SENSITIVE, left_out["contact_id"].n_unique(), left_out, False))
    return pl.DataFrame(
        [(kind, number, contacts["requirement_key"].n_unique(), is_read) for kind, number, contacts, is_read in rows],
        schema=list(NoteSelection.to_schema().columns),
        orient="row",
    )


def is_sensitive() -> pl.Expr:
    """Whether a contact is marked sensitive; one without a mark is not."""
    return (pl.col("sensitive") == "Y").fill_null(False)


def _in_windows(contacts: pl.LazyFrame, note_request: pl.DataFrame, **columns: str | pl.Expr) -> pl.DataFrame:
    """A row per requested requirement and contact of its person, or recorded under it, in its window: `columns` and
    those of the request, and `recorded_under`.
    """
    # Filtered before it is joined: polars applies a filter while it reads, and holds everything it joins.
    notes = (
        contacts.filter(_is_requested(note_request))
        .select("contact_id", "crn", "contact_date", recorded_under="requirement_id", **columns)
        .collect(engine="streaming")
    )
    of_person = notes.join(note_request, on="crn")
    under_it = notes.join(
        note_request, left_on="recorded_under", right_on="requirement_id", suffix="_requested", coalesce=False
    ).filter(pl.col("crn") != pl.col("crn_requested"))
    return pl.concat([of_person, under_it.select(of_person.columns)]).filter(
        pl.col("contact_date").is_between("window_start", "window_end")
    )


def _belonging(found: pl.DataFrame, settings: Notes) -> pl.DataFrame:
    if settings.contacts_of == "person":
        return found
    return found.filter(pl.col("recorded_under").is_null() | _under_this())


def _under_this() -> pl.Expr:
    return (pl.col("recorded_under") == pl.col("requirement_id")).fill_null(False)
