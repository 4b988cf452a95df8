"""Runs a zone of two tables in this process; with the word `kill`, the kernel ends it between a table and its check.

Usage: python killed_check.py ROOT [kill]. Prints what was made and judged. Exit code as `pathways.refresh.run_zone`.
"""

import os
import signal
import sys
from pathlib import Path
from types import ModuleType

import pandera.polars as pa
import polars as pl

from pathways.refresh.run_zone import run
from resources.zone.gates import Measure
from resources.zone.schema_check import Table
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import to_do, zone_definitions, zone_store
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"


class Numbers(Table):
    number: int = pa.Field(description="a number")


@zone_asset()
def first() -> pl.DataFrame:
    print("made first", flush=True)
    return pl.DataFrame({"number": [7]})


@zone_gate(first)
def number_is_small(first: pl.DataFrame) -> list[Measure]:
    """The number is small."""
    if sys.argv[2:] == ["kill"]:
        os.kill(os.getpid(), signal.SIGKILL)
    print("judged first", flush=True)
    value = first["number"].item()
    measure = Measure("number", value, "at most 3", value <= 3, "Look at it.")
    return [measure]


@zone_asset()
def second(first: pl.DataFrame) -> pl.DataFrame:
    print("made second", flush=True)
    return first


def main() -> int:
    module = ModuleType("tiny")
    for name, thing in (("first", first), ("number_is_small", number_is_small), ("second", second)):
        setattr(module, name, thing)
    tables = {"first": Numbers, "second": Numbers}
    definitions = zone_definitions(Zone("linkage", Path(sys.argv[1]), "code", "settings", {}), [module], tables)
    zone_store(definitions).release(QUARTER)
    return run("tiny", definitions, QUARTER, to_do(definitions, QUARTER))


if __name__ == "__main__":
    sys.exit(main())
