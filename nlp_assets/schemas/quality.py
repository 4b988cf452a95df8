"""Table of how well notes are read. Does not belong here: the review by people (reviewing.py)."""

from contracts.crossings import NoteReadingQuality
from resources.schema_check import Table

TABLES: dict[str, type[Table]] = {"note_reading_quality": NoteReadingQuality}
