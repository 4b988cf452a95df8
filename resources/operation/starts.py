"""When zones start by themselves: the first one when extracts have come, the next ones when what they read is written.

Belongs here: the sensors that start runs. Does not belong here: which zone or table they are for, which extracts are
there (delivery.py), what is late (watches.py).

A quarter that came to its end is left alone until what it was made of changes: new code and settings alone are for
people to run, as they would publish every quarter anew. One that stopped is started again when anything that decides
has changed, such as settings or a recorded decision, and not before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import time

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from resources.deletion.deleted_quarters import deleted
from resources.extracts.extract_declaration import Extract
from resources.operation.delivery import not_delivered, quarters_begun
from resources.operation.quarter_lock import who_runs
from resources.process.shield import shielded
from resources.receipts.receipts import file_hash
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import DecisionsFolder, DecisionsNotReadable, decisions_file
from resources.zone.partitions import QUARTER_NAMES
from resources.zone.zone_definitions import duties_of, made_by_refresh, to_do, zone_store
from resources.zone.zone_store import made_from
from resources.zone.zone_tables import TableNotUsable, Zone

Before = Callable[[str], "dg.RunRequest | None"]


def runs_when_delivered(
    job: UnresolvedAssetJobDefinition,
    extracts: Sequence[Extract],
    definitions: Callable[[], dg.Definitions],
    training: tuple[UnresolvedAssetJobDefinition, Before] | None = None,
    sources: Path | None = None,
) -> dg.SensorDefinition:
    """Sensor that runs `job` for every quarter whose `extracts` have all come, once none is still being copied.

    `training`: a job, and a function that gives the run of it which a quarter needs first, where it needs one.
    `sources`: the folder that holds `extracts`, where it is not the data root. On by default; where nothing starts it
    says why.
    """

    @dg.sensor(  # pyright: ignore[reportUnknownMemberType]
        jobs=[job, training[0]] if training else [job],
        name=f"starts_{job.name}",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=load_study_settings().operation.seconds_between_looks,
        description="Starts the refresh of every quarter whose extracts have all come, also of one that comes late. "
        "On from the start: switch it off under Automation.",
    )
    @shielded
    def sensor(context: dg.SensorEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        found = definitions()
        zone, operation, started = zone_store(found).zone, load_study_settings().operation, _Started()
        root = sources or zone.root
        for quarter in quarters_begun(root):
            if reason := not_delivered(root, quarter, extracts, operation, date.today(), time()):
                started.waits.append(reason)
            elif request := started.looked_at(found, quarter, job.name):
                started.requests.append((training and training[1](quarter)) or request)
        return started.result()

    return sensor


def runs_when_written(
    job: UnresolvedAssetJobDefinition, reads: Sequence[dg.AssetSpec], definitions: Callable[[], dg.Definitions]
) -> dg.SensorDefinition:
    """Sensor that runs `job` for every quarter of which all that it `reads` has been written and has passed its checks.

    `definitions` are those of the location: where all its tables are current, as after `pathways refresh`, nothing
    runs. It looks at receipts, not at Dagster's events: an event comes before the checks, and of several only one is
    seen. It waits while a table is made of what has changed since: that is about to be made again.
    """
    tables = [spec.key.path[-1] for spec in reads]

    @dg.sensor(  # pyright: ignore[reportUnknownMemberType]
        job=job,
        name=f"starts_{job.name}",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=load_study_settings().operation.seconds_between_looks,
    )
    @shielded
    def sensor(context: dg.SensorEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        """Starts this location for every quarter whose tables have all been written and have passed."""
        found = definitions()
        zone, started = zone_store(found).zone, _Started()
        for quarter in QUARTER_NAMES:
            if _all_passed(zone, tables, quarter) and (request := started.looked_at(found, quarter, job.name)):
                started.requests.append(request)
        return started.result()

    return sensor


def _all_passed(zone: Zone, tables: Iterable[str], quarter: str) -> bool:
    """Whether all these tables are there, have passed, and are made of what is there."""
    try:
        for table in tables:
            zone.passed(table, quarter)
    except TableNotUsable:
        return False
    return all(zone.is_of_what_is_there(table, quarter) for table in tables)


class _Started:
    """What one look of a sensor found: runs to start, and why others wait."""

    def __init__(self) -> None:
        self.requests: list[dg.RunRequest] = []
        self.waits: list[str] = []

    def looked_at(self, definitions: dg.Definitions, quarter: str, job: str) -> dg.RunRequest | None:
        """The run that a quarter needs, of what is not current only; None where it needs none, or is being run."""
        zone = zone_store(definitions).zone
        if said := deleted(zone.root, quarter, zone.study):
            self.waits.append(said)
            return None
        if other := who_runs(zone.root, zone.name, quarter):
            self.waits.append(f"{quarter} is being run by {other}.")
            return None
        try:
            todo = to_do(definitions, quarter)
        except DecisionsNotReadable as error:
            self.waits.append(str(error))
            return None
        if todo.is_nothing or came_to_its_end(definitions, quarter):
            return None
        if waits := duties_of(definitions).waits_for(quarter):
            self.waits.append(waits)
            return None
        return dg.RunRequest(
            run_key=f"{quarter} {_all_that_decides(definitions, quarter)}",
            job_name=job,
            partition_key=quarter,
            asset_selection=todo.tables,
            asset_check_keys=sorted(todo.checks, key=str),
        )

    def result(self) -> list[dg.RunRequest] | dg.SkipReason:
        """What a sensor gives back."""
        return self.requests or dg.SkipReason(" ".join(self.waits) or "Every quarter that can be made has been made.")


def came_to_its_end(definitions: dg.Definitions, quarter: str) -> bool:
    """Whether every table was made of just what is there, and passed, whatever code and settings are now."""
    zone = zone_store(definitions).zone
    for spec in made_by_refresh(definitions):
        receipt = zone.receipt(spec.key.path[-1], quarter)
        if receipt is None or receipt.open_checks():
            return False
        if _another(receipt.made_from, made_from(zone, quarter, spec)):
            return False
    return True


def _another(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether a source has other content. One that only settings name, as another linkage model, is another setting."""
    same = {name for name in before.keys() & now.keys() if not name.startswith("settings:")}
    return any(before[name] != now[name] for name in same)


def _all_that_decides(definitions: dg.Definitions, quarter: str) -> str:
    """Hash of all that decides how a run ends, but what the run itself makes: tables of the location, and secrets."""
    zone, specs = zone_store(definitions).zone, made_by_refresh(definitions)
    own = {spec.key.path[-1] for spec in specs}
    sources = {
        (spec.key.path[-1] if name.startswith("settings:") else "", name): content
        for spec in specs
        for name, content in made_from(zone, quarter, spec).items()
        if name not in own and "/secrets/" not in name
    }
    decisions = zone.root / decisions_file(quarter)
    said = [
        *(f"{name} {content}" for name, content in sorted(sources.items())),
        *(f"{name} {code}" for name, code in sorted({**zone.made_with}.items())),
        *(f"{name} {code}" for name, code in sorted({**zone.judged_with}.items())),
        zone.code,
        zone.settings,
        file_hash(decisions) if decisions.is_file() else "",
        *(each.digest for each in DecisionsFolder(zone.root).of_quarter(quarter).accepted),
    ]
    return sha256("\n".join(said).encode()).hexdigest()
