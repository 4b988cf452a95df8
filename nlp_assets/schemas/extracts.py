"""Tables of the extract of contact notes, made from its declaration in contracts/sources."""

from contracts.extracts import CONTACT_NOTE
from resources.extracts.extract_schema import ExtractAges, extract_table
from resources.zone.schema_check import Table

TABLES: dict[str, type[Table]] = {"contact_note": extract_table(CONTACT_NOTE), "note_extract_age": ExtractAges}
