"""Runs one zone for one quarter in this process: `python -m pathways.refresh.run_zone linkage_assets 2023Q1`.

A process of its own per zone, so that no memory of one zone is within reach of another.
"""

import argparse
import json
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

import dagster as dg

from pathways.refresh.ending import said_of
from pathways.refresh.refusals import refusal_lines
from pathways.refresh.settled import keep_seen, seen_now, zone_places
from pathways.refresh.stage_costs import CHECKS, RUN, TABLES, measured, within, write_down
from pathways.refresh.zone_order import JUSTICE, ZONES
from resources.process.shield import is_fault, withhold_unraisable
from resources.process.storage_faults import words_of_storage
from resources.process.user_name import user_name
from resources.records.launched_by import LAUNCHED_BY
from resources.settings.study_settings import StudySettingsError
from resources.zone.gates import DecisionsNotReadable
from resources.zone.zone_asset import BY_COMMAND, OF_ZONE
from resources.zone.zone_definitions import ToDo, duties_of, to_do, zone_store

CHECK_FAILED = "DagsterAssetCheckFailedError"
INTERRUPTED = "DagsterExecutionInterruptedError"  # by a signal: the command that was stopped says so, once


def run_zone(package: str, quarter: str, requested: str | None = None, config: dict | None = None) -> int:
    """Make every table of a zone that is not current, and judge every table that is not judged.

    With `requested`, make that table, with its `config`, and those of the tables before it that are not current.
    Returns 0, or 1 after printing one message to stderr: what stopped it, and what to do.
    """
    try:
        definitions = import_module(f"{package}.definitions").defs()
        store = zone_store(definitions)
        if changed := store.zone.not_believed(quarter):
            print(
                f"{package}: {len(changed)} tables are made again, as this zone did not sign their receipts, or has "
                f"signed newer ones: {', '.join(changed)}",
                flush=True,
            )
        store.release(quarter)
        seen = _seen(definitions, quarter)
        todo = to_do(definitions, quarter, requested)
        # What is made on request is no part of a refresh; who asked for it says what it cost.
        with nullcontext() if requested else measured(store.zone.root, quarter, within(package, RUN)):
            code = run(package, definitions, quarter, todo, requested, config)
        if code == 0 and not requested:
            if not todo.is_nothing:
                seen, todo = _seen(definitions, quarter), to_do(definitions, quarter)
            if todo.is_nothing:
                keep_seen(store.zone.root, package, quarter, seen)
    except (DecisionsNotReadable, StudySettingsError) as error:
        print(f"{package}: {error}", file=sys.stderr)
        return 1
    return code


def _seen(definitions: dg.Definitions, quarter: str) -> dict:
    """All that the zone decides from what there is to do, as it is now."""
    zone, specs = zone_store(definitions).zone, definitions.resolve_all_asset_specs()
    named = {key.path[-1] for spec in specs for key in (spec.key, *(dep.asset_key for dep in spec.deps))}
    return seen_now(zone.root, zone_places(zone.name, quarter, named & set(zone.crossings), zone.lists.values()))


def run(
    package: str,
    definitions: dg.Definitions,
    quarter: str,
    todo: ToDo,
    requested: str | None = None,
    config: dict | None = None,
) -> int:
    """Make the tables and judge the checks of `todo`. Returns 0, or 1 after printing why to stderr."""
    again = sum(check.asset_key not in todo.tables for check in todo.checks)
    judged = f", {again} {'check' if again == 1 else 'checks'} to judge again" if again else ""
    print(f"{package}: {len(todo.tables)} tables to make{judged}", flush=True)
    if todo.is_nothing:
        return 0
    if not requested and (waits := duties_of(definitions).waits_for(quarter)):
        print(f"{package}: {waits}", file=sys.stderr)
        return 1
    instance = dg.DagsterInstance.get()
    close_left_behind(instance)
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.get_subset(asset_selection=set(todo.tables), asset_check_selection=todo.checks).execute_in_process(
        partition_key=quarter,
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"progress": {}}, "ops": {requested: {"config": config or {}}} if requested else {}},
        tags={
            BY_COMMAND: quarter,
            OF_ZONE: zone_store(definitions).zone.name,
            LAUNCHED_BY: f"{user_name()}, by command",
        },
    )
    if not requested:
        _write_down_steps(package, zone_store(definitions).zone.root, quarter, result)
    if result.success:
        return 0
    if _interrupted(result):
        return 1
    print(f"{package}: stopped. What was made is kept; run the same command again to go on.", file=sys.stderr)
    for line in [*_failures(package, result), *refusal_lines(zone_store(definitions).refusals(quarter), quarter)]:
        print(line, file=sys.stderr)
    return 1


def close_left_behind(instance: dg.DagsterInstance) -> None:
    """Close runs that a command left behind, as it was killed: Dagster would wait for them. This command holds the lock
    of the data folder, so no other goes on.
    """
    going_on = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    for run in instance.get_runs(dg.RunsFilter(statuses=going_on)):
        if BY_COMMAND in run.tags:
            instance.report_run_canceled(run, "The command that ran this was killed.")


def _write_down_steps(package: str, root: Path, quarter: str, result: dg.ExecuteInProcessResult) -> None:
    """Write down what the steps that made tables took, and those that judged them."""
    making = {event.step_key for event in result.all_events if event.is_step_materialization}
    spent = {TABLES: 0.0, CHECKS: 0.0}
    for event in result.all_events:
        if event.is_step_success:
            spent[TABLES if event.step_key in making else CHECKS] += event.step_success_data.duration_ms / 1000
    for part, seconds in spent.items():
        write_down(root, quarter, within(package, part), seconds)


def _interrupted(result: dg.ExecuteInProcessResult) -> bool:
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return any(error and INTERRUPTED in (error.cls_name, error.cause and error.cause.cls_name) for error in errors)


def _failures(package: str, result: dg.ExecuteInProcessResult) -> list[str]:
    """One line per different error that stopped a step, but those of failed checks, which say more themselves."""
    steps: dict[str, str] = {}
    for event in result.all_events:
        if event.is_step_failure and (error := event.step_failure_data.error):
            cause = error.cause or error
            if CHECK_FAILED not in (cause.cls_name, error.cls_name):
                said = words_of_storage(cause.message) or cause.message.strip()
                steps.setdefault(said, event.step_key or "")
    return [f"{package}: {step} failed: {said}" for said, step in steps.items()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", choices=(*ZONES, JUSTICE))
    parser.add_argument("quarter")
    parser.add_argument("--make", help="make this table and what it needs, instead of all that a refresh makes")
    parser.add_argument("--config", type=json.loads, help="configuration of that table, JSON")
    arguments = parser.parse_args()
    withhold_unraisable()
    try:
        sys.exit(run_zone(arguments.package, arguments.quarter, arguments.make, arguments.config))
    except BaseException as error:  # such as of Dagster's own records, when the disk is full
        if not is_fault(error):
            raise
        print(f"{arguments.package}: {said_of(error)}", file=sys.stderr)
        sys.exit(1)
