"""Crossing tables as seen by a zone that reads them: external assets that join the three zones into one graph."""

import dagster as dg

from contracts.crossings import CROSSINGS
from resources.partitions import quarters

CROSSING_TABLES = {name: crossing.table for name, crossing in CROSSINGS.items()}
MADE_BY = {name: crossing.made_by.removesuffix("_assets") for name, crossing in CROSSINGS.items()}  # names of zones


def crossings_read_by(package: str) -> list[dg.AssetSpec]:
    """External assets for the tables that the zone may read and another zone makes."""
    return [
        dg.AssetSpec(name, description=crossing.purpose, partitions_def=quarters, group_name="crossings")
        for name, crossing in CROSSINGS.items()
        if package in crossing.read_by
    ]
