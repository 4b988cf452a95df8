"""Every table of the zone, declared once: asset name to class."""

from justice_assets.schemas import extracts, linking, people, quality, release, views

TABLES = {**extracts.TABLES, **people.TABLES, **linking.TABLES, **release.TABLES, **quality.TABLES, **views.TABLES}
