"""Every table of the zone, declared once: asset name to class."""

from nlp_assets.schemas import extracts, notes

TABLES = {**extracts.TABLES, **notes.TABLES}
