"""Every table of the zone, declared once: asset name to class."""

from nlp_assets.schemas import audit, extracts, injections, notes, quality

TABLES = {**extracts.TABLES, **notes.TABLES, **audit.TABLES, **injections.TABLES, **quality.TABLES}
