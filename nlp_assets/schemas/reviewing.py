"""Tables of the review of notes by people: what is shown to them and what they said. Files, not assets of a refresh.

Belongs here: their declaration. Does not belong here: the review itself (pathways/review/notes).
"""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table

PHENOMENA = (
    "attended",
    "prescribed",
    "support_group",
    "good_feedback",
    "missed",
    "booked",
    "referred",
    "wish",
    "refuses",
    "third_party",
    "historic",
    "order_explained",
    "test_talk",
    "other_sense",
)
ANSWERS = ("yes", "no", "unsure")


class ReviewItems(Table):
    """What reviewers judge, in the order it is shown: the notes of a requirement by date, then the requirement.

    Drawn at random from the requested requirements with a keyword note (report 1.3.2), without regard to any label.
    """

    item: pl.Int32 = pa.Field(unique=True, ge=1, description="number in the review; decisions quote it")
    requirement: pl.Int32 = pa.Field(ge=1, description="number of the requirement in the sample, in random order")
    requirement_key: str = pa.Field(description="random pseudonym of the requirement, as in note_request")
    contact_id: str = pa.Field(nullable=True, description="contact key; empty for the requirement as a whole")
    contact_date: pl.Date = pa.Field(nullable=True, description="date of the contact")
    note_hash: str = pa.Field(nullable=True, description="keyed hash of the note text")
    note_text: str = pa.Field(nullable=True, description="free text of the contact, as it was when drawn")


class ReviewedCases(Table):
    """What reviewers signed: one row per reviewer and note, and per reviewer and requirement. No note text."""

    requirement_key: str = pa.Field(description="random pseudonym of the requirement, as in note_request")
    contact_id: str = pa.Field(nullable=True, description="contact key; empty for the requirement as a whole")
    note_hash: str = pa.Field(nullable=True, description="keyed hash of the note text")
    reviewer: pl.Int8 = pa.Field(ge=1, le=2, description="first or second reviewer")
    answer: str = pa.Field(isin=ANSWERS, description="whether it says that the person engaged with treatment")
    phenomenon: str = pa.Field(
        nullable=True, isin=PHENOMENA, description="what the note shows, where the reviewer named it"
    )
    simulated: bool = pa.Field(description="played from the truth of synthetic extracts: nobody read anything")


TABLES = {"review_items": ReviewItems}
