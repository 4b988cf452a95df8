"""Tables of the notes zone made from contact notes, in the order they are made.

Belongs here: their declaration. Does not belong here: the extract (schemas/extracts.py) and what crosses to other
zones (contracts/crossings.py).
"""

import pandera.polars as pa
import polars as pl

from contracts.crossings import RequirementEngagement
from contracts.vocabulary import NOTE_LABELS
from resources.zone.schema_check import Table

STATUSES = ["ok", "empty", "too_long", "rejected", "off_choice"]


class RequestedNotes(Table):
    """One row per requested requirement and contact in its window, sorted by requirement, date and contact."""

    requirement_key: str = pa.Field(description="random pseudonym of the requirement, as in note_request")
    contact_id: str = pa.Field(description="contact key")
    contact_date: pl.Date = pa.Field(description="date of the contact, within the window of the requirement")
    note_text: str = pa.Field(nullable=True, description="free text of the contact; empty when nothing was written")
    before_termination: bool = pa.Field(description="in the last weeks of the requirement; false while it is active")


class NoteSelection(Table):
    """How many contacts in the windows of requested requirements are of each kind. Exact counts: they stay here."""

    kind: str = pa.Field(unique=True, description="what they are recorded under, shared by requirements, or sensitive")
    notes: pl.Int64 = pa.Field(
        ge=0,
        description="contacts; one that several requirements share counts with each, but "
        "for the rows of those shared and those marked sensitive",
    )
    requirements: pl.Int64 = pa.Field(ge=0, description="requested requirements with such a contact")
    is_read: bool = pa.Field(description="whether they are read, by notes.contacts_of and their mark")


class FilteredNotes(Table):
    """Requested notes that hold a treatment keyword (methodology 2.7.1), sorted by requirement, date and contact."""

    requirement_key: str = pa.Field(description="random pseudonym of the requirement, as in note_request")
    contact_id: str = pa.Field(description="contact key")
    contact_date: pl.Date = pa.Field(description="date of the contact")
    before_termination: bool = pa.Field(description="in the last weeks of the requirement; false while it is active")
    note_hash: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="keyed hash of the note text")
    note_text: str = pa.Field(description="free text of the contact")
    keywords: str = pa.Field(description="keywords found, in the order of the published list, joined by |")


class NoteLabels(Table):
    """One row per distinct note text, sorted by hash. A note without a label is not a 0. No note text."""

    note_hash: str = pa.Field(unique=True, str_matches=r"^[0-9a-f]{64}$", description="keyed hash of the note text")
    label: pl.Int8 = pa.Field(
        nullable=True,
        isin=[*map(int, NOTE_LABELS)],
        description="1 engaged with treatment, 0 not; empty unless status is ok",
    )
    p1: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="probability of 1 against 0, highest of the note's windows",
    )
    off_choice: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="probability of an answer other than 0 and 1, highest of the windows",
    )
    status: str = pa.Field(
        isin=STATUSES,
        description="ok labelled; empty no letter or digit; too_long too many windows; rejected refused by the server; "
        "off_choice the model rather wanted to say something else",
    )
    engine: str = pa.Field(description="how notes were read: vllm_prompt, chat, encoder, served_encoder")
    model: str = pa.Field(description="name of the model")
    weights: str = pa.Field(description="SHA-256 of its weights, or who states it")
    prompt_hash: str = pa.Field(description="hash of the prompt; empty for an engine without one")
    engine_version: str = pa.Field(description="software and precision")
    settings: str = pa.Field(description="JSON of the settings that change a reading")
    engine_kind: str = pa.Field(
        isin=["model", "fixture", "baseline"],
        description="model; fixture fit for showing and testing only; baseline never published",
    )


TABLES: dict[str, type[Table]] = {
    "requested_notes": RequestedNotes,
    "note_selection": NoteSelection,
    "filtered_notes": FilteredNotes,
    "note_labels": NoteLabels,
    "requirement_engagement": RequirementEngagement,
}
