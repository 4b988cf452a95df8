"""Every table of the zone that is said of what was estimated, declared once: asset name to class."""

from publication_assets.schemas import comparison, publication

TABLES = {**publication.TABLES, **comparison.TABLES}
