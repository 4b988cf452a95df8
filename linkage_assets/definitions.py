"""The linkage zone: reads identifiers, links people, hands on records without identifiers."""

import dagster as dg

from contracts.extracts import LINKAGE_EXTRACTS
from contracts.holdings import ABOUT
from contracts.signed_off import digests
from contracts.zones import CROSSING_TABLES, MADE_BY, SECTIONS
from linkage_assets.assets.courts import court_appearances, court_coverage, outcome_forms, prison_receptions
from linkage_assets.assets.links import linkage_model, linkage_profile, linked_pairs, scored_pairs, threshold_links
from linkage_assets.assets.people import (
    client_clusters,
    cluster_checks,
    complete_records,
    offender_clusters,
    person_key,
    pseudonyms,
    standardised_people,
)
from linkage_assets.assets.quality import link_counts, linkage_comparison, linkage_errors, linkage_quality
from linkage_assets.assets.release import (
    anonymised_requirements,
    consort_counts,
    linkage_receipts,
    note_request,
    requirement_counts,
)
from linkage_assets.assets.requirements import analysed_requirements, combined_requirements, probation_attributes
from linkage_assets.assets.sources import extract_fit, extracts, source_profile
from linkage_assets.assets.treatment import substance_use, treatment_journeys
from linkage_assets.models.linkage_model_file import model_file
from linkage_assets.models.linkage_models import LinkageModels
from linkage_assets.models.train_first import TRAINED_TABLE, TRAINING_JOB, training_first
from linkage_assets.schemas import TABLES
from record_linkage.splink_backend import SplinkBackend
from resources.drift.earlier_profile import files_of_quarter_before
from resources.duties.asked import Duties
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.operation.simulated_review import simulated_review
from resources.operation.starts import runs_when_delivered
from resources.operation.watches import watches_delivery
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.review.read_findings import findings_files
from resources.secrets.zone_secrets import linkage_secrets
from resources.settings.study_settings import load_study_settings
from resources.zone.at_launch import closed
from resources.zone.dagster_partitions import quarters
from resources.zone.dagster_resources import secrets_resource
from resources.zone.gates import decisions_file
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    extracts,
    extract_fit,
    standardised_people,
    offender_clusters,
    client_clusters,
    cluster_checks,
    linkage_model,
    scored_pairs,
    linkage_profile,
    linked_pairs,
    pseudonyms,
    person_key,
    complete_records,
    probation_attributes,
    prison_receptions,
    court_appearances,
    treatment_journeys,
    outcome_forms,
    source_profile,
    combined_requirements,
    analysed_requirements,
    consort_counts,
    threshold_links,
    anonymised_requirements,
    substance_use,
    requirement_counts,
    note_request,
    link_counts,
    linkage_comparison,
    linkage_errors,
    court_coverage,
    linkage_quality,
    linkage_receipts,
]

# Of people, and of simulated reviewers of synthetic extracts (pathways review).
REVIEW_FINDINGS = findings_files("linkage")

PLAYED = "simulated_review_of_pairs"

# Secret to the tables that are made with it.
MADE_WITH = {
    "release": [
        "probation_pseudonyms",
        "requirement_pseudonyms",
        "treatment_pseudonyms",
        "court_appearances",
        "release_keys",
        "note_request",
        "substance_use",
    ],
    "note_draw": ["note_draws"],
    "model_values": ["linkage_model", "trained_linkage_model", "scored_pairs"],
}

# What drift reads of the quarter before.
LAST_QUARTER = {
    drift: files_of_quarter_before("linkage", drift, tables)
    for drift, tables in (("linkage_drift", ["linkage_profile", "linkage_model"]), ("source_drift", ["source_profile"]))
}


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows, and the sensor that starts each quarter."""
    study = load_study_settings()
    linkage, shown, thresholds = study.linkage, study.publication, study.modelling.sensitivity.link_thresholds
    secrets = linkage_secrets(data_root())
    keys = {table: [secrets.file(name)] for name, tables in MADE_WITH.items() for table in tables}
    zone = make_zone(
        "linkage",
        SECTIONS["linkage"],
        CROSSING_TABLES,
        made_by=MADE_BY,
        quoted={"extract_ages": ("extracts",)},
        engine=f"disclosure {shown.disclosure_threshold} {shown.minimum_base}, thresholds {thresholds}",
        files={
            **keys,
            "linkage_model": [model_file(linkage.model.name), *keys["linkage_model"]],
            "linkage_quality": REVIEW_FINDINGS,
            "linkage_receipts": [decisions_file("{quarter}")],
            **LAST_QUARTER,
        },
    )
    job = zone_job("linkage_zone")
    trained = dg.AssetSelection.assets(TRAINED_TABLE).upstream()
    training = dg.define_asset_job(TRAINING_JOB, trained, partitions_def=quarters)
    played = simulated_review(
        PLAYED, LINKAGE_EXTRACTS, "pathways.zone_commands.linkage review", "pathways review sample"
    )
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        resources={
            "extracts": ExtractFolder(root=str(data_root())),
            "linkage_models": LinkageModels(root=str(data_root())),
            "secrets": secrets_resource(secrets),
            "splink_backend": closed(
                SplinkBackend.from_settings(linkage.backend, data_root() / "linkage" / "spill"),
                f"The database under Splink: {linkage.backend.engine}, {linkage.backend.memory_limit} of memory, "
                f"{linkage.backend.threads} threads (linkage.backend in study.toml).",
            ),
        },
        duties=_duties(),
        jobs=[job, training, played],
        sensors=[
            runs_when_delivered(job, LINKAGE_EXTRACTS, defs, (training, training_first)),
            watches_delivery("linkage", LINKAGE_EXTRACTS, data_root()),
        ],
    )


def _duties() -> Duties:
    """What is signed off before linkage: not before training, which makes a part of it, nor before a review is played,
    which real extracts refuse for a better reason.
    """
    root = data_root()
    return Duties(
        root,
        {what: digests(root)[what] for what in ("threshold", "model")},
        lambda quarter: synthetic_mark(extracts_of(root, quarter), LINKAGE_EXTRACTS) is not None,
        free=(TRAINING_JOB, PLAYED),
    )
