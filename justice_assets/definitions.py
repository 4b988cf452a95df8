"""The justice zone: reads full names of probation, prisons and courts, and says which records are one person."""

import dagster as dg

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.holdings import ABOUT
from contracts.zones import CROSSING_TABLES, JUSTICE_SOURCES_FOLDER, MADE_BY, SECTIONS
from justice_assets.assets.people import standardised_persons
from justice_assets.assets.sources import extracts, justice_extract_fit
from justice_assets.schemas import TABLES
from resources.extracts.extract_folder import ExtractFolder
from resources.operation.starts import runs_when_delivered
from resources.operation.watches import watches_delivery
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.secrets.zone_secrets import justice_secrets
from resources.zone.dagster_resources import secrets_resource
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [extracts, justice_extract_fit, standardised_persons]


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows, and the sensor that starts each quarter."""
    sources, secrets = data_root() / JUSTICE_SOURCES_FOLDER, justice_secrets(data_root())
    zone = make_zone("justice", SECTIONS["justice"], CROSSING_TABLES, made_by=MADE_BY)
    job = zone_job("justice_zone")
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        resources={"extracts": ExtractFolder(root=str(sources)), "secrets": secrets_resource(secrets)},
        jobs=[job],
        sensors=[
            runs_when_delivered(job, JUSTICE_EXTRACTS, defs, sources=sources),
            watches_delivery("justice", JUSTICE_EXTRACTS, sources),
        ],
    )
