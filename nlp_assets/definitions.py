"""The notes zone: reads the contact notes that were asked for, hands on what they say without their text."""

import os

import dagster as dg

from contracts.crossing_assets import crossings_read_by
from contracts.extracts import NOTES_EXTRACTS
from contracts.holdings import ABOUT
from contracts.zones import CROSSING_TABLES, MADE_BY, SECTIONS
from nlp_assets.assets import (
    excluded_labels,
    excluded_sample,
    extracts,
    filtered_notes,
    injections,
    keyword_audit,
    missed_engagement,
    note_labels,
    note_profile,
    note_reading_quality,
    notes_receipts,
    requested_notes,
    requirement_engagement,
    reviewed_requirements,
)
from nlp_assets.engines.open_engine import engine_fingerprint
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.schemas import TABLES
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.vllm_resource import VllmResource
from nlp_assets.steps.quality.reading_quality import REVIEWED_CASES
from resources.drift.earlier_profile import files_of_quarter_before
from resources.extracts.extract_folder import ExtractFolder
from resources.operation.simulated_review import simulated_review
from resources.operation.starts import runs_when_written
from resources.operation.watches import watches_delivery
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.secrets.zone_secrets import notes_secrets
from resources.settings.study_settings import load_study_settings
from resources.zone.dagster_resources import secrets_resource
from resources.zone.gates import decisions_file
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    extracts,
    requested_notes,
    filtered_notes,
    note_profile,
    note_labels,
    requirement_engagement,
    keyword_audit,
    excluded_sample,
    excluded_labels,
    missed_engagement,
    injections,
    reviewed_requirements,
    note_reading_quality,
    notes_receipts,
]

# Tables with hashes of notes, or made by looking notes up by their hash.
HASHED = ["filtered_notes", "note_labels", "excluded_sample", "excluded_labels", "injection_flips"]

# What drift reads of the quarter before.
LAST_QUARTER = {"note_drift": files_of_quarter_before("nlp", "note_drift", ["note_profile"])}


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows; they run when a note request has been written."""
    study = load_study_settings()
    engine = engine_fingerprint(study.notes.labels, data_root(), Serving.of(os.environ))
    shown = f"disclosure {study.publication.disclosure_threshold} {study.publication.minimum_base}"
    secrets = notes_secrets(data_root())
    keyed = {name: [secrets.file("note_hash")] for name in HASHED}
    zone = make_zone(
        "nlp",
        SECTIONS["nlp"],
        CROSSING_TABLES,
        f"{engine} {shown}",
        made_by=MADE_BY,
        quoted={"note_extract_age": ("extracts",)},
        files={
            **keyed,
            "reviewed_requirements": REVIEWED_CASES,
            "note_reading_quality": REVIEWED_CASES,
            "notes_receipts": [decisions_file("{quarter}")],
            **LAST_QUARTER,
        },
    )
    job, reads = zone_job("notes_zone"), crossings_read_by("nlp_assets")
    played = simulated_review(
        "simulated_review_of_notes",
        NOTES_EXTRACTS,
        "pathways.zone_commands.notes review-notes",
        "pathways review-notes sample",
    )
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        reads=reads,
        resources={
            "extracts": ExtractFolder(root=str(data_root())),
            "label_folder": LabelFolder(root=str(data_root())),
            "secrets": secrets_resource(secrets),
            "vllm": VllmResource.of(os.environ),
        },
        jobs=[job, played],
        sensors=[
            runs_when_written(job, reads, defs),
            watches_delivery("nlp", NOTES_EXTRACTS, data_root()),
        ],
    )
