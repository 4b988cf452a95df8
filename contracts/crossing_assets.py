"""Crossing tables as seen by a zone that reads them: external assets that join the three zones into one graph."""

import dagster as dg

from contracts.crossings import CROSSINGS
from resources.zone.dagster_partitions import quarters


def crossings_read_by(package: str) -> list[dg.AssetSpec]:
    """External assets for the tables that the zone may read and another zone makes."""
    return [
        dg.AssetSpec(name, description=crossing.purpose, partitions_def=quarters, group_name="crossings")
        for name, crossing in CROSSINGS.items()
        if package in crossing.read_by
    ]
