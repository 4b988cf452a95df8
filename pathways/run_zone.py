"""Runs one zone for one quarter in this process: `python -m pathways.run_zone linkage_assets 2023Q1`.

A process of its own per zone, so that no memory of one zone is within reach of another.
"""

import argparse
import json
import sys
from importlib import import_module

import dagster as dg

from resources.zone_definitions import tables_to_make

ZONES = ("linkage_assets", "nlp_assets", "modelling_assets")


def run_zone(package: str, quarter: str, requested: str | None = None, config: dict | None = None) -> int:
    """Make every table of a zone that is not current. Returns 0, or 1 after printing one message to stderr.

    With `requested`, make that table, with its `config`, and those of the tables before it that are not current.
    """
    definitions = import_module(f"{package}.definitions").defs()
    stale = tables_to_make(definitions, quarter, requested)
    print(f"{package}: {len(stale)} tables to make", flush=True)
    if not stale:
        return 0
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        partition_key=quarter,
        asset_selection=stale,
        instance=dg.DagsterInstance.get(),
        raise_on_error=False,
        run_config={"loggers": {"progress": {}}, "ops": {requested: {"config": config or {}}} if requested else {}},
        tags={"pathways/quarter": quarter},
    )
    if result.success:
        return 0
    for event in result.all_events:
        if event.is_step_failure and (error := event.step_failure_data.error):
            cause = error.cause or error
            print(f"{package}: {event.step_key} failed: {cause.message.strip()}", file=sys.stderr)
    print(f"{package}: stopped. What was made is kept; run the same command again to go on.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", choices=ZONES)
    parser.add_argument("quarter")
    parser.add_argument("--make", help="make this table and what it needs, instead of all that a refresh makes")
    parser.add_argument("--config", type=json.loads, help="configuration of that table, JSON")
    arguments = parser.parse_args()
    sys.exit(run_zone(arguments.package, arguments.quarter, arguments.make, arguments.config))
