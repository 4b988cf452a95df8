"""When zones start by themselves: the first each quarter, the next ones when what they read has been written.

Belongs here: schedule and sensors. Does not belong here: which zone or table they are for.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import last_touched
from resources.process.shield import shielded
from resources.zone.partitions import QUARTER_NAMES, quarter_before
from resources.zone.zone_definitions import to_do, zone_store
from resources.zone.zone_tables import TableNotUsable

# From the 20th of the month after a quarter's end, when extracts are delivered, each morning to the end of that month.
EXTRACTS_DELIVERED = "0 6 20-31 1,4,7,10 *"
SECONDS_UNTOUCHED = 3600  # a file that was touched since may still be copied


def quarterly_refresh(
    job: UnresolvedAssetJobDefinition, extracts: Sequence[str], definitions: Callable[[], dg.Definitions]
) -> dg.ScheduleDefinition:
    """Schedule that runs `job` once for the quarter that has just ended, when all its extracts have been delivered.

    `extracts`: names such as "ndelius/offender" of all that the zone of `definitions` reads. On by default: without
    extracts, or where the zone has been started for the quarter already, it skips and says why.
    """

    @dg.schedule(  # pyright: ignore[reportUnknownMemberType]
        name="quarterly_refresh",
        cron_schedule=EXTRACTS_DELIVERED,
        job=job,
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Starts the refresh of the quarter that has just ended, once, on the first morning from "
        "the 20th on when all its extracts are there. On from the start: switch it off under Automation.",
    )
    @shielded
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time
        quarter = quarter_before(now.date())
        if quarter not in QUARTER_NAMES:
            return dg.SkipReason(f"{quarter} is not among the quarters of resources/zone/partitions.py.")
        zone = zone_store(definitions()).zone
        if any((zone.root / zone.name / quarter).glob("*.json")):
            return dg.SkipReason(f"The {zone.name} zone has been started for {quarter} already. Go on with it by hand.")
        if reason := not_delivered(zone.root, quarter, extracts, now.timestamp()):
            return dg.SkipReason(reason)
        return dg.RunRequest(run_key=quarter, partition_key=quarter)

    return schedule


def not_delivered(root: Path, quarter: str, extracts: Sequence[str], now: float) -> str:
    """Why the extracts of a quarter cannot be read yet, at `now` (seconds since 1970); empty when they can."""
    files = {name: extract_file(root, quarter, name) for name in extracts}
    absent = sorted(name for name, path in files.items() if path is None)
    if absent:
        return f"{len(absent)} of {len(files)} extracts of {quarter} are not there yet: {', '.join(absent)}."
    if any(now - last_touched(path) < SECONDS_UNTOUCHED for path in files.values() if path):
        return f"Extracts of {quarter} were written in the last hour and may not be whole yet."
    return ""


def runs_when_written(
    job: UnresolvedAssetJobDefinition, reads: Sequence[dg.AssetSpec], definitions: Callable[[], dg.Definitions]
) -> dg.SensorDefinition:
    """Sensor that runs `job` for every quarter of which all that it `reads` has been written and has passed its checks.

    `definitions` are those of the location: where all its tables are current, as after `pathways refresh`, nothing
    runs. It looks at receipts, not at Dagster's events: an event comes before the checks, and of several only one is
    seen. It waits while a table is made of what has changed since: that is about to be made again.
    """
    tables = [spec.key.path[-1] for spec in reads]

    @dg.sensor(job=job, name=f"starts_{job.name}", default_status=dg.DefaultSensorStatus.RUNNING)  # pyright: ignore[reportUnknownMemberType]
    @shielded
    def sensor(context: dg.SensorEvaluationContext):
        """Starts this location for every quarter whose tables have all been written and have passed."""
        zone = zone_store(definitions()).zone
        for quarter in QUARTER_NAMES:
            try:
                written = [zone.passed(table, quarter).sha256 for table in tables]
            except TableNotUsable:
                continue
            if not all(zone.is_of_what_is_there(table, quarter) for table in tables):
                continue
            todo = to_do(definitions(), quarter)
            if not todo.is_nothing:
                key = sha256(" ".join(written).encode()).hexdigest()
                yield dg.RunRequest(run_key=f"{quarter} {key}", partition_key=quarter)

    return sensor
