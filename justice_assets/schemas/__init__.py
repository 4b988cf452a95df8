"""Every table of the zone, declared once: asset name to class."""

from justice_assets.schemas import extracts, people

TABLES = {**extracts.TABLES, **people.TABLES}
