"""Which tables of the modelling zone a change of each section of study.toml makes anew: those that read or quote it."""

import pytest

import modelling_assets.definitions
import publication_assets.definitions
from resources.settings.study_settings import StudySettings, load_study_settings
from resources.zone import zone_definitions
from resources.zone.zone_tables import Zone

ESTIMATES = {
    "analysis_frame",
    "model_records",
    "imputation_draws",
    "imputation_convergence",
    "imputed_frames",
    "imputation_diagnostics",
    "model_fits",
    "pooled_odds_ratios",
    "engagement_estimates",
    "sensitivity_estimates",
}
IN_WORDS = {
    "counted_tables",
    "published_tables",
    "suppression_log",
    "publication",
    "linkage_quality_report",
    "note_reading_report",
    "published_comparison",
    "comparison_page",
    "lineage_page",
    "transparency_records",
    "release_manifest",
    "research_object",
}
OF_ALL_DOCUMENTS = {"lineage_page", "release_manifest", "research_object"}
DOCUMENTS = {
    "publication",
    "linkage_quality_report",
    "note_reading_report",
    "comparison_page",
    "transparency_records",
    *OF_ALL_DOCUMENTS,
}
EXPECTED = {
    "study": {*ESTIMATES, *IN_WORDS, "information_governance"},
    "modelling": {*ESTIMATES, *IN_WORDS, "information_governance"},
    "extracts": {"publication", *OF_ALL_DOCUMENTS},
    "governance": {"information_governance", *DOCUMENTS},
    "drift": {"publication", *OF_ALL_DOCUMENTS},
    "publication": {"engagement_estimates", *IN_WORDS},
    "release": DOCUMENTS,
    "operation": set(),
    "duties": set(),
    "justice": set(),
    "justice_views": set(),
    "justice_drift": set(),
}
CHANGES = {
    "study": ("exclude_regions", []),
    "linkage": ("threshold", 0.97),
    "combining": ("reconviction_months", 9),
    "notes": ("termination_weeks", 8),
    "modelling": ("confidence_level", 0.9),
    "publication": ("minimum_base", 40),
    "release": ("title", "T"),
    "governance": ("contact", "data@example.org"),
    "duties": ("appointed_by", "0" * 64),
}


def zones_with(monkeypatch, settings: StudySettings) -> list[Zone]:
    monkeypatch.setattr(zone_definitions, "load_study_settings", lambda: settings)
    locations = (modelling_assets.definitions, publication_assets.definitions)
    return [zone_definitions.zone_store(location.defs()).zone for location in locations]


def made_anew(before: Zone, after: Zone) -> set[str]:
    stale = {table for table in after.quoted if after.quoted[table] != before.quoted[table]}
    stale |= {later for table in stale for later in after.after[table]}
    return stale if after.settings == before.settings else stale | set(after.after)


@pytest.mark.parametrize("section", StudySettings.model_fields)
def test_a_section_makes_stale_what_reads_or_quotes_it_and_nothing_else(section, monkeypatch):
    plain = load_study_settings()
    part = getattr(plain, section)
    name, value = CHANGES.get(section) or next(
        (field, type(number)(number * 2)) for field, number in part if isinstance(number, (int, float)) and number
    )
    other = plain.model_copy(update={section: part.model_copy(update={name: value})})
    before, after = zones_with(monkeypatch, plain), zones_with(monkeypatch, other)
    stale = {table for each in zip(before, after, strict=True) for table in made_anew(*each)}
    assert stale == EXPECTED.get(section, IN_WORDS)
