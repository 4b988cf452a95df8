"""Every table of the zone, declared once: asset name to class."""

from linkage_assets.schemas import combining, extracts, linking

TABLES = {**extracts.TABLES, **linking.TABLES, **combining.TABLES}
