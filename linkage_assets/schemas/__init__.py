"""Every table of the zone, declared once: asset name to class."""

from linkage_assets.schemas import combining, extracts, linking, pseudonyms, quality, release

TABLES = {
    **extracts.TABLES,
    **linking.TABLES,
    **pseudonyms.TABLES,
    **combining.TABLES,
    **release.TABLES,
    **quality.TABLES,
}
