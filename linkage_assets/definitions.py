"""The linkage zone: reads identifiers, links people, hands on records without identifiers."""

import dagster as dg

from contracts.zones import CROSSING_TABLES
from linkage_assets.assets import (
    analysed_requirements,
    anonymised_requirements,
    combined_requirements,
    consort_counts,
    court_appearances,
    extracts,
    linkage_model,
    linked_pairs,
    note_request,
    offender_clusters,
    person_key,
    scored_pairs,
    standardised_people,
    treatment_journeys,
)
from linkage_assets.schemas import TABLES
from resources.extract_folder import ExtractFolder
from resources.refresh_schedule import quarterly_refresh
from resources.splink_backend import SplinkBackend
from resources.zone_definitions import data_root, make_zone, zone_definitions, zone_job

MODULES = [
    extracts,
    standardised_people,
    offender_clusters,
    linkage_model,
    scored_pairs,
    linked_pairs,
    person_key,
    treatment_journeys,
    court_appearances,
    combined_requirements,
    analysed_requirements,
    consort_counts,
    anonymised_requirements,
    note_request,
]


@dg.definitions
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows, and the schedule that starts each quarter."""
    zone = make_zone("linkage", "linkage_assets", ["study", "linkage", "combining", "notes"], CROSSING_TABLES)
    job = zone_job("linkage_zone")
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        resources={"extracts": ExtractFolder(root=str(data_root())), "splink_backend": SplinkBackend()},
        jobs=[job],
        schedules=[quarterly_refresh(job)],
    )
