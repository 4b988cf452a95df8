"""What the folder contact_notes holds: the contacts of people on probation, read by the notes zone only."""

from contracts.sources.columns import code, day, identifier, note
from contracts.sources.spellings import CRN_PATTERN
from contracts.sources.uses import NOTES_READ
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Extract, Withheld

CONTACT_NOTE = Extract(
    "contact_note",
    "contact_notes",
    "One row per contact with its note (nDelius CONTACT); read by the notes zone only",
    (
        identifier("contact_id", "contact key", NOTES_READ, null=False),
        identifier(
            "crn", "Case Reference Number of the person on probation", NOTES_READ, null=False, pattern=CRN_PATTERN
        ),
        identifier("requirement_id", "requirement the contact was recorded under, if any", NOTES_READ),
        day("contact_date", "date of the contact", NOTES_READ, null=False),
        code("sensitive", "Y when marked sensitive", "YN", NOTES_READ),
        note("notes", "free text of the contact", NOTES_READ),
    ),
    ("contact_id",),
    may_be_blank=("sensitive",),
    one_of=(("notes",), ("sensitive",)),  # without the mark, sensitive notes would be read as if they were not
    event_date="contact_date",
    withheld=(Withheld("sensitive", "Y", ("notes",), rules.SENSITIVE),),
    not_asked=("contact_start_time", "contact_type", "outcome", "attended", "complied"),
)
