"""What each table holds, whose it is, on which basis it is held and for how long: the page for whoever is accountable.

Belongs here: kinds of content, and which tables are of each, by the package that makes them. Does not belong here: what
a column means (the schemas), what crosses (crossings.py), how the UI shows it (resources/lineage/table_catalogue.py).

Source: methodology 3 to 3.3 (separation of duties, legal bases, anonymisation, deletion).
"""

from dataclasses import dataclass

from contracts.crossings import CROSSINGS
from contracts.extracts import JUSTICE_EXTRACTS, LINKAGE_EXTRACTS, NOTES_EXTRACTS
from contracts.zones import PUBLISHED_FILES
from resources.lineage.table_catalogue import AboutTable

OF_PEOPLE = (
    "UK GDPR Articles 6 and 9: public interest or official authority, public health, research and statistics "
    "(methodology 3). A release names its own under governance.lawful_bases in study.toml."
)
OF_PATIENTS = f"{OF_PEOPLE} People in treatment were asked to consent to share with NDTMS."
NOT_PERSONAL = "None is needed once the data are anonymous, under the ICO code of practice (methodology 3.2)."
DELETED = "Until the publication of the quarter is quality assured. Then it is deleted, for good (methodology 3.3)."
AS_AGREED = "As long as the agreement under which the justice records are linked says."
WITH_RELEASE = "As long as the release that is made of it, as the data sharing agreement says."
JUSTICE_VIEWS = tuple(
    f"{what}_view"
    for what in (
        *("sentence", "court_outcome", "release", "licence_condition", "recall", "report", "supervision", "contact"),
        *("service", "people", "followed", "order", "requirement", "custody", "compared"),
    )
)
FOR_GOOD = "For good: it is published, or says how a published figure was made."


@dataclass(frozen=True)
class Care:
    """Who answers for what a package makes, the name of its zone in the UI, the basis on which it holds data of people,
    and how long it keeps what did not cross; "" where the kind of content says it."""

    owner: str
    zone: str
    legal_basis: str = NOT_PERSONAL
    retention: str = ""


@dataclass(frozen=True)
class Holding:
    """A kind of content in words, whether it is of people who could be told apart, and how long it is kept."""

    words: str
    of_people: bool = True
    retention: str = WITH_RELEASE


CARE = {
    "linkage_assets": Care("DHSC linkage team", "linkage", OF_PATIENTS, DELETED),
    "nlp_assets": Care("MoJ contact notes team", "notes", OF_PEOPLE, DELETED),
    "modelling_assets": Care("MoJ analysis team", "modelling"),
    "publication_assets": Care("MoJ statistics team", "publication"),
    "justice_assets": Care("MoJ justice linking team", "justice", OF_PEOPLE, AS_AGREED),
}
HOLDINGS = {
    "identifiers": Holding("identifiers of people, as sent or standardised, or pairs and clusters of them"),
    "case_notes": Holding("words that probation staff wrote about a person"),
    "keys": Holding("keys between records, people or pseudonyms: with it a pseudonym leads to a record"),
    "pseudonymised": Holding("a row for each person, requirement, episode or note, with dates, without identifiers"),
    "anonymised": Holding("a row for each requirement, without identifiers or exact dates", of_people=False),
    "figures": Holding(
        "counts, shares, parameters and settings. A count may be small, so it is not for publication", of_people=False
    ),
    "publishable": Holding("figures and files after disclosure control", of_people=False, retention=FOR_GOOD),
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
            "extract_ages",
            "linkage_receipts",
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
            "requirement_counts",
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
            "note_extract_age",
            "notes_receipts",
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
            *PUBLISHED_FILES,
        ),
    },
    "justice_assets": {
        "identifiers": (
            *(extract.name for extract in JUSTICE_EXTRACTS),
            "standardised_persons",
            "linkage_overrides",
            "justice_identities",
            "identity_codes",
            "justice_members",
            "scored_identities",
            "person_clusters",
        ),
        "keys": ("person_link", "mags_crown_journey", "id_changes"),
        "figures": (
            "quarantined_justice_rows",
            "justice_extract_fit",
            "justice_source_profile",
            "justice_source_drift",
            "justice_linkage_profile",
            "justice_linkage_drift",
            "justice_linkage_model",
            "trained_justice_model",
            "cluster_sizes",
            "id_change_counts",
            "justice_release",
            "hold_out",
            "impossible_people",
            "view_anonymity",
            *JUSTICE_VIEWS,
            "custody_estimates",
            "counted_views",
        ),
        "publishable": ("published_views", "panel_report", "justice_quality_report"),
    },
}


def _about(package: str, content: str, table: str) -> AboutTable:
    care, holding = CARE[package], HOLDINGS[content]
    basis = care.legal_basis if holding.of_people else NOT_PERSONAL
    retention = holding.retention if table in CROSSINGS else care.retention or holding.retention
    return AboutTable(care.zone, care.owner, content, holding.words, basis, retention)


ABOUT = {
    table: _about(package, content, table)
    for package, by_content in TABLES.items()
    for content, tables in by_content.items()
    for table in tables
}
