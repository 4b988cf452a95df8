"""Which tables cross between zones, which zone makes each, and what of study.toml decides all tables of a zone."""

from contracts.crossings import CROSSINGS

CROSSING_TABLES = {name: crossing.table for name, crossing in CROSSINGS.items()}
MADE_BY = {name: crossing.made_by.removesuffix("_assets") for name, crossing in CROSSINGS.items()}  # names of zones
SECTIONS = {
    "linkage": ("study", "linkage", "combining", "drift", "notes"),
    "nlp": ("study", "notes", "drift"),
    "modelling": ("study", "modelling"),
    "justice": ("justice",),
}
# Folder below the data root that holds `extracts` of the justice zone, apart from the study's.
JUSTICE_SOURCES_FOLDER = "justice_sources"
RECEIPTS = {"linkage": "linkage_receipts", "nlp": "notes_receipts"}  # zone to what it tells of its tables
# Tables that list files of the publication, each of which they wrote: file, bytes, sha256
PUBLISHED_FILES = (
    "publication",
    "linkage_quality_report",
    "note_reading_report",
    "comparison_page",
    "lineage_page",
    "transparency_records",
    "release_manifest",
    "research_object",
)
# The same of the justice zone, whose files lie in the folder of the quarter
JUSTICE_FILES = ("justice_release", "panel_report", "justice_quality_report")
