"""Every table of the zone, declared once: asset name to class."""

from justice_assets.schemas import estimates, extracts, linking, people, quality, release, views

_OF_RECORDS = {**extracts.TABLES, **people.TABLES, **linking.TABLES, **release.TABLES, **quality.TABLES}
TABLES = {**_OF_RECORDS, **views.TABLES, **estimates.TABLES}
