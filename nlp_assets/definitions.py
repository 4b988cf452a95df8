"""The notes zone: reads the contact notes that were asked for, hands on what they say without their text."""

import os

import dagster as dg

from contracts.zones import CROSSING_TABLES, crossings_read_by
from nlp_assets.assets import extracts, filtered_notes, note_labels, requested_notes, requirement_engagement
from nlp_assets.schemas import TABLES
from resources.extract_folder import ExtractFolder
from resources.label_server import LabelServer, label_engine_identity
from resources.refresh_schedule import runs_when_written
from resources.zone_definitions import data_root, make_zone, zone_definitions, zone_job

MODULES = [extracts, requested_notes, filtered_notes, note_labels, requirement_engagement]


@dg.definitions
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows; they run when a note request has been written."""
    zone = make_zone("nlp", "nlp_assets", ["study", "notes"], CROSSING_TABLES, label_engine_identity(os.environ))
    job = zone_job("notes_zone")
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        reads=crossings_read_by("nlp_assets"),
        resources={
            "extracts": ExtractFolder(root=str(data_root())),
            "label_server": LabelServer(root=str(data_root())),
        },
        jobs=[job],
        sensors=[runs_when_written(job, "note_request", defs)],
    )
