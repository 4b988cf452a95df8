"""Tables of what a quarter's notes look like and how well they are read.

Does not belong here: the review by people (reviewing.py).
"""

from contracts.crossings import NoteReadingQuality, ReviewedRequirements, ZoneReceipts
from resources.drift.quarter_profile import Drift, Profile
from resources.zone.schema_check import Table

TABLES: dict[str, type[Table]] = {
    "note_profile": Profile,
    "note_drift": Drift,
    "reviewed_requirements": ReviewedRequirements,
    "note_reading_quality": NoteReadingQuality,
    "notes_receipts": ZoneReceipts,
}
