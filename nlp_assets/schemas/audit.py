"""Tables that audit the keyword filter: what each keyword finds, and what the filter misses.

Belongs here: their declaration. Does not belong here: the notes themselves (notes.py).
"""

import pandera.polars as pa
import polars as pl

from nlp_assets.schemas.notes import NoteLabels
from resources.zone.schema_check import Table


class KeywordAudit(Table):
    """One row per keyword, as in methodology table 1. Exact counts: they stay in the zone."""

    keyword: str = pa.Field(unique=True, description="keyword")
    notes: pl.Int64 = pa.Field(ge=0, description="contacts whose note holds the keyword")
    requirements: pl.Int64 = pa.Field(ge=0, description="requirements with such a note in their window")
    notes_alone: pl.Int64 = pa.Field(ge=0, description="contacts that no other keyword finds")
    requirements_alone: pl.Int64 = pa.Field(
        ge=0, description="requirements that would have no keyword note without this keyword"
    )
    labelled_notes: pl.Int64 = pa.Field(ge=0, description="of `notes`, those with a label")
    engaged_notes: pl.Int64 = pa.Field(ge=0, description="of these, labelled 1: engaged with treatment")
    engaged_share: float = pa.Field(
        nullable=True, ge=0, le=1, description="engaged_notes of labelled_notes; empty without a label"
    )


class ExcludedSample(Table):
    """Requested notes without a keyword that are labelled too. Two samples; a note may be in both."""

    drawn_as: str = pa.Field(
        isin=["note", "requirement"],
        description="note: drawn by itself; requirement: one of all such notes of a requirement that was drawn",
    )
    requirement_key: str = pa.Field(description="a requirement in whose window the note is; as in note_request")
    contact_id: str = pa.Field(description="contact key")
    note_hash: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="keyed hash of the text of the note")
    note_text: str = pa.Field(description="free text of the contact, without a keyword")


class MissedEngagement(Table):
    """What the keyword filter misses, by each of the two samples. Exact counts: they stay in the zone."""

    unit: str = pa.Field(
        unique=True,
        isin=["notes", "requirements"],
        description="notes: excluded notes; requirements: those called not engaged",
    )
    population: pl.Int64 = pa.Field(ge=0, description="how many there are")
    sampled: pl.Int64 = pa.Field(ge=0, description="how many were drawn")
    known: pl.Int64 = pa.Field(
        ge=0, description="of these, notes with a label, or requirements that their excluded notes decide"
    )
    engaged: pl.Int64 = pa.Field(ge=0, description="of these, labelled 1, or with an excluded note labelled 1")
    excluded_notes: pl.Int64 = pa.Field(ge=0, description="labelled excluded notes that `known` rests on")
    labelled_engaged: pl.Int64 = pa.Field(ge=0, description="of these, labelled 1")
    explaining_error: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="share of notes wrongly labelled 1 that alone would give as many engaged; empty when none is known",
    )


TABLES: dict[str, type[Table]] = {
    "keyword_audit": KeywordAudit,
    "excluded_sample": ExcludedSample,
    "excluded_labels": NoteLabels,
    "missed_engagement": MissedEngagement,
}
