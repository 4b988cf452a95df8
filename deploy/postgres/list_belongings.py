"""Writes deploy/postgres/zones.csv: which assets and pools are a zone's, which tables that cross to it it sees, and
in which code locations its runs are started.

    PYTHONPATH=. .venv/bin/python deploy/postgres/list_belongings.py

Dagster's database tells by it whose events are whose (rights.sql). It is a file because the container that gives the
rights holds no code of a zone. A test says when it is to be written anew.
"""

import csv
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

FILE = Path(__file__).with_name("zones.csv")
HEADER = ("zone", "kind", "name")
ZONES = {
    "linkage": ("linkage_assets",),
    "nlp": ("nlp_assets",),
    "modelling": ("modelling_assets", "publication_assets"),
    "justice": ("justice_assets",),
}


def belongings() -> list[tuple[str, str, str]]:
    """(zone, kind, name), sorted. kind: "asset" that the zone makes, "reads" what crosses to it, "pool" of an asset,
    "location" whose runs are the zone's."""
    found = {
        (zone, kind, name)
        for zone, packages in ZONES.items()
        for package in packages
        for kind, name in _belongings_of(package)
    }
    made = {(zone, name) for zone, kind, name in found if kind == "asset"}
    return sorted((zone, kind, name) for zone, kind, name in found if kind != "reads" or (zone, name) not in made)


def _belongings_of(package: str) -> Iterator[tuple[str, str]]:
    yield "location", package
    graph = import_module(f"{package}.definitions").defs().get_repository_def().asset_graph
    for key in graph.executable_asset_keys:
        yield "asset", key.to_user_string()
        yield from (("pool", pool) for pool in graph.get(key).pools or ())
    yield from (("reads", key.to_user_string()) for key in graph.external_asset_keys)


if __name__ == "__main__":
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *belongings()])
