"""The justice zone: reads full names of probation, prisons and courts, and says which records are one person."""

import dagster as dg

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.holdings import ABOUT
from contracts.zones import CROSSING_TABLES, JUSTICE_FILES, JUSTICE_SOURCES_FOLDER, MADE_BY, SECTIONS
from justice_assets.assets.linking import (
    identities,
    justice_linkage_profile,
    linkage_overrides,
    person_clusters,
    scored_identities,
)
from justice_assets.assets.people import standardised_persons
from justice_assets.assets.quality import linkage_quality
from justice_assets.assets.release import justice_release, person_link
from justice_assets.assets.report import justice_quality_report, panel_report
from justice_assets.assets.sources import extracts, justice_extract_fit, justice_source_profile
from justice_assets.assets.views import research_views
from justice_assets.models.justice_models import JusticeModels
from justice_assets.schemas import TABLES
from justice_assets.steps.clusters.overrides import FILE
from record_linkage.splink_backend import SplinkBackend
from resources.drift.earlier_profile import files_of_quarter_before
from resources.duties.roles import FOLDER
from resources.extracts.extract_folder import ExtractFolder
from resources.operation.starts import runs_when_delivered
from resources.operation.watches import watches_delivery
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.review.read_findings import findings_files
from resources.secrets.zone_secrets import justice_secrets
from resources.settings.study_settings import load_study_settings
from resources.zone.at_launch import closed
from resources.zone.dagster_partitions import quarters
from resources.zone.dagster_resources import secrets_resource
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    extracts,
    justice_extract_fit,
    justice_source_profile,
    standardised_persons,
    linkage_overrides,
    identities,
    scored_identities,
    person_clusters,
    justice_linkage_profile,
    person_link,
    justice_release,
    linkage_quality,
    research_views,
    panel_report,
    justice_quality_report,
]

# Secret to the tables that are made with it.
MADE_WITH = {
    "model_values": ["justice_linkage_model", "trained_justice_model", "scored_identities", "hold_out"],
    "person_ids": ["person_link"],
}
OVERRIDES = [FILE, f"{FOLDER}/roles.json"]
LAST_RELEASE = ["justice/{before}/person_link.parquet", "justice/{before}/person_link.json"]
# What drift reads of the release before.
LAST_PROFILES = {
    "justice_source_drift": ["justice_source_profile"],
    "justice_linkage_drift": ["justice_linkage_profile", "justice_linkage_model"],
}
# Sections of study.toml besides the zone's, to the tables that read or quote them.
QUOTED = {
    **dict.fromkeys(research_views.MADE_BY, ("justice_views",)),
    **dict.fromkeys(("counted_views", "custody_estimates", "panel_report"), ("publication", "justice_views")),
    **dict.fromkeys(("view_anonymity", "justice_quality_report"), ("publication",)),
    **dict.fromkeys(("justice_source_drift", "justice_linkage_profile", "justice_linkage_drift"), ("justice_drift",)),
}


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows, and the sensor that starts each quarter."""
    sources, secrets = data_root() / JUSTICE_SOURCES_FOLDER, justice_secrets(data_root())
    keys = {table: [secrets.file(name)] for name, tables in MADE_WITH.items() for table in tables}
    backend = load_study_settings().justice.linkage.backend
    zone = make_zone(
        "justice",
        SECTIONS["justice"],
        CROSSING_TABLES,
        made_by=MADE_BY,
        files={
            **keys,
            "linkage_overrides": OVERRIDES,
            "justice_quality_report": findings_files("justice"),
            "person_link": [*keys["person_link"], *LAST_RELEASE],
            "id_changes": LAST_RELEASE,
            "id_change_counts": LAST_RELEASE,
            **{drift: files_of_quarter_before("justice", drift, tables) for drift, tables in LAST_PROFILES.items()},
        },
        quoted=QUOTED,
        lists=dict.fromkeys(JUSTICE_FILES, "justice/{quarter}"),
        sources=JUSTICE_SOURCES_FOLDER,
        study="justice",
    )
    job = zone_job("justice_zone")
    trained = dg.AssetSelection.assets("trained_justice_model").upstream()
    training = dg.define_asset_job("train_justice_model", trained, partitions_def=quarters)
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        resources={
            "extracts": ExtractFolder(root=str(sources)),
            "secrets": secrets_resource(secrets),
            "justice_models": JusticeModels(root=str(data_root())),
            "splink_backend": closed(
                SplinkBackend.from_settings(backend, data_root() / "justice" / "spill"),
                f"The database under Splink: {backend.engine}, {backend.memory_limit} of memory, "
                f"{backend.threads} threads (justice.linkage.backend in study.toml).",
            ),
        },
        jobs=[job, training],
        sensors=[
            runs_when_delivered(job, JUSTICE_EXTRACTS, defs, sources=sources),
            watches_delivery("justice", JUSTICE_EXTRACTS, sources, once_begun=True),
        ],
    )
