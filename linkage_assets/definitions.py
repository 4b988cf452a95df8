"""The linkage zone: reads identifiers, links people, hands on records without identifiers."""

import dagster as dg

from contracts.extracts import LINKAGE_EXTRACTS
from contracts.zones import CROSSING_TABLES, MADE_BY
from linkage_assets.assets import (
    analysed_requirements,
    anonymised_requirements,
    client_clusters,
    cluster_checks,
    combined_requirements,
    complete_records,
    consort_counts,
    court_appearances,
    court_coverage,
    extract_fit,
    extracts,
    link_counts,
    linkage_comparison,
    linkage_errors,
    linkage_model,
    linkage_profile,
    linkage_quality,
    linked_pairs,
    note_request,
    offender_clusters,
    outcome_forms,
    person_key,
    prison_receptions,
    probation_attributes,
    pseudonyms,
    scored_pairs,
    source_profile,
    standardised_people,
    substance_use,
    threshold_links,
    treatment_journeys,
)
from linkage_assets.schemas import TABLES
from resources.at_launch import closed
from resources.dagster_partitions import quarters
from resources.dagster_resources import secrets_resource
from resources.data_root import data_root
from resources.earlier_profile import files_of_quarter_before
from resources.extract_folder import ExtractFolder
from resources.linkage_model_file import model_file
from resources.linkage_models import LinkageModels
from resources.refresh_schedule import quarterly_refresh
from resources.shield import shielded
from resources.splink_backend import SplinkBackend
from resources.study_settings import load_study_settings
from resources.zone_definitions import make_zone, zone_definitions, zone_job
from resources.zone_secrets import linkage_secrets

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
    note_request,
    link_counts,
    linkage_comparison,
    linkage_errors,
    court_coverage,
    linkage_quality,
]

# Of people, and of simulated reviewers of synthetic extracts (pathways review).
REVIEW_FINDINGS = [f"linkage/{{quarter}}/{folder}/review_findings.json" for folder in ("review", "review_simulated")]

# Secret to the tables that are made with it.
MADE_WITH = {
    "release": ["probation_pseudonyms", "requirement_pseudonyms", "treatment_pseudonyms", "court_appearances",
                "release_keys", "note_request", "substance_use"],
    "note_draw": ["note_draws"],
    "model_values": ["linkage_model", "trained_linkage_model", "scored_pairs"],
}  # fmt: skip

# What drift reads of the quarter before.
LAST_QUARTER = {
    drift: files_of_quarter_before("linkage", drift, tables)
    for drift, tables in (("linkage_drift", ["linkage_profile", "linkage_model"]), ("source_drift", ["source_profile"]))
}


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows, and the schedule that starts each quarter."""
    study = load_study_settings()
    linkage, shown, thresholds = study.linkage, study.publication, study.modelling.sensitivity.link_thresholds
    secrets = linkage_secrets(data_root())
    keys = {table: [secrets.file(name)] for name, tables in MADE_WITH.items() for table in tables}
    zone = make_zone(
        "linkage", ["study", "linkage", "combining", "drift", "notes"], CROSSING_TABLES,
        made_by=MADE_BY,
        engine=f"disclosure {shown.disclosure_threshold} {shown.minimum_base}, thresholds {thresholds}",
        files={
            **keys, "linkage_model": [model_file(linkage.model.name), *keys["linkage_model"]],
            "linkage_quality": REVIEW_FINDINGS, **LAST_QUARTER,
        },
    )
    job = zone_job("linkage_zone")
    training = dg.define_asset_job(
        "train_linkage_model", dg.AssetSelection.assets("trained_linkage_model").upstream(), partitions_def=quarters
    )
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
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
        jobs=[job, training],
        schedules=[quarterly_refresh(job, [f"{each.system}/{each.name}" for each in LINKAGE_EXTRACTS], defs)],
    )
