"""What each table holds, whose it is, on which basis it is held and for how long: the page for whoever is accountable.

Belongs here: kinds of content, and which tables are of each, by the package that makes them. Does not belong here: what
a column means (the schemas), what crosses (crossings.py), how the UI shows it (resources/zone/table_catalogue.py).

Source: methodology 3 to 3.3 (separation of duties, legal bases, anonymisation, deletion).
"""

from dataclasses import dataclass

from contracts.crossings import CROSSINGS
from contracts.extracts import LINKAGE_EXTRACTS, NOTES_EXTRACTS
from resources.zone.table_catalogue import AboutTable

# Package to the team that answers for its tables, and the name of its zone in the UI.
OWNERS = {
    "linkage_assets": ("DHSC linkage team", "linkage"),
    "nlp_assets": ("MoJ contact notes team", "notes"),
    "modelling_assets": ("MoJ analysis team", "modelling"),
    "publication_assets": ("MoJ statistics team", "publication"),
}

OF_PEOPLE = (
    "UK GDPR Articles 6 and 9: public interest or official authority, public health, research and statistics "
    "(methodology 3). A release names its own under governance.lawful_bases in study.toml."
)
OF_PATIENTS = f"{OF_PEOPLE} People in treatment were asked to consent to share with NDTMS."
NOT_PERSONAL = "None is needed once the data are anonymous, under the ICO code of practice (methodology 3.2)."
DELETED = "Until the publication of the quarter is quality assured. Then it is deleted, for good (methodology 3.3)."
WITH_RELEASE = "As long as the release that is made of it, as the data sharing agreement says."
FOR_GOOD = "For good: it is published, or says how a published figure was made."


@dataclass(frozen=True)
class Holding:
    """A kind of content: in words, on which basis it is held, and for how long where the zone does not delete it."""

    words: str
    legal_basis: str
    retention: str = DELETED


HOLDINGS = {
    "identifiers": Holding(
        "identifiers of people, as sent or standardised, or pairs and clusters of them", OF_PATIENTS
    ),
    "case_notes": Holding("words that probation staff wrote about a person", OF_PEOPLE),
    "keys": Holding("keys between records, people or pseudonyms: with it a pseudonym leads to a record", OF_PATIENTS),
    "pseudonymised": Holding(
        "a row for each person, requirement, episode or note, with dates, without identifiers", OF_PATIENTS
    ),
    "anonymised": Holding("a row for each requirement, without identifiers or exact dates", NOT_PERSONAL, WITH_RELEASE),
    "figures": Holding(
        "counts, shares, parameters and settings. A count may be small, so it is not for publication",
        NOT_PERSONAL,
        WITH_RELEASE,
    ),
    "publishable": Holding("figures and files after disclosure control", NOT_PERSONAL, FOR_GOOD),
}

# Package to kind of content to the tables that it makes.
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "linkage_assets": {
        "identifiers": (
            *(extract.name for extract in LINKAGE_EXTRACTS),
            "standardised_offenders",
            "standardised_clients",
            "offender_clusters",
            "client_clusters",
            "scored_pairs",
            "person_pairs",
            "linked_pairs",
            "deterministic_pairs",
            "linkage_comparison",
        ),
        "keys": (
            "probation_pseudonyms",
            "requirement_pseudonyms",
            "treatment_pseudonyms",
            "note_draws",
            "person_key",
            "wider_key",
            "complete_key",
            "release_keys",
            "note_request",
        ),
        "pseudonymised": (
            "probation_attributes",
            "pre_sentence_reports",
            "prison_receptions",
            "court_appearances",
            "treatment_episodes",
            "treatment_journeys",
            "outcome_forms",
            "combined_requirements",
            "analysed_requirements",
            "threshold_links",
            "substance_changes",
            "complete_people",
            "people_linkage",
        ),
        "anonymised": ("anonymised_requirements", "substance_use"),
        "figures": (
            "quarantined_rows",
            "extract_fit",
            "source_profile",
            "source_drift",
            "linkage_model",
            "trained_linkage_model",
            "linkage_profile",
            "linkage_drift",
            "choice_effects",
            "release_anonymity",
            "link_counts",
            "pairs_near_threshold",
            "estimated_errors",
            "linkage_errors",
            "linked_profile",
            "court_coverage",
            "consort_counts",
        ),
        "publishable": ("linkage_quality",),
    },
    "nlp_assets": {
        "case_notes": (
            *(extract.name for extract in NOTES_EXTRACTS),
            "requested_notes",
            "filtered_notes",
            "excluded_sample",
        ),
        "pseudonymised": ("note_labels", "excluded_labels"),
        "anonymised": ("requirement_engagement", "reviewed_requirements"),
        "figures": (
            "note_selection",
            "note_profile",
            "note_drift",
            "keyword_audit",
            "missed_engagement",
            "injection_flips",
        ),
        "publishable": ("note_reading_quality",),
    },
    "modelling_assets": {
        "anonymised": ("analysis_frame", "imputation_draws", "imputed_frames"),
        "figures": (
            "model_records",
            "imputation_convergence",
            "imputation_diagnostics",
            "model_fits",
            "pooled_odds_ratios",
            "engagement_estimates",
            "sensitivity_estimates",
        ),
    },
    "publication_assets": {
        "figures": ("counted_tables", "suppression_log"),
        "publishable": (
            "published_tables",
            "information_governance",
            "published_comparison",
            "publication",
            "linkage_quality_report",
            "note_reading_report",
            "comparison_page",
        ),
    },
}
# All that lies in these packages' zones goes once the publication is quality assured, but what crossed.
DELETED_AFTER = ("linkage_assets", "nlp_assets")


def _about(package: str, content: str, table: str) -> AboutTable:
    (owner, zone), holding = OWNERS[package], HOLDINGS[content]
    stays = package not in DELETED_AFTER or table in CROSSINGS
    basis = OF_PEOPLE if package == "nlp_assets" and content == "pseudonymised" else holding.legal_basis
    return AboutTable(zone, owner, content, holding.words, basis, holding.retention if stays else DELETED)


ABOUT = {
    table: _about(package, content, table)
    for package, by_content in TABLES.items()
    for content, tables in by_content.items()
    for table in tables
}
