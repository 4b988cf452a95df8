"""When zones start by themselves: the first each quarter, the next ones when what they read has been written.

Belongs here: schedule and sensors. Does not belong here: which zone or table they are for.
"""

from collections.abc import Callable
from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from resources.partitions import QUARTER_NAMES, quarter_before
from resources.receipts import file_hash
from resources.zone_definitions import to_do, zone_store
from resources.zone_store import TableNotUsable

# The 20th of the month after a quarter's end, when extracts have been delivered.
EXTRACTS_DELIVERED = "0 6 20 1,4,7,10 *"


def quarterly_refresh(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Schedule that runs `job` for the quarter that has just ended."""

    @dg.schedule(name="quarterly_refresh", cron_schedule=EXTRACTS_DELIVERED, job=job,
                 execution_timezone="Europe/London")
    def schedule(context: dg.ScheduleEvaluationContext):
        """Starts the refresh of the quarter that has just ended."""
        day: date = context.scheduled_execution_time.date()
        quarter = quarter_before(day)
        if quarter not in QUARTER_NAMES:
            return dg.SkipReason(f"{quarter} is not among the quarters of resources/partitions.py.")
        return dg.RunRequest(run_key=quarter, partition_key=quarter)

    return schedule


def runs_when_written(
    job: UnresolvedAssetJobDefinition, table: str, definitions: Callable[[], dg.Definitions]
) -> dg.SensorDefinition:
    """Sensor that runs `job` for every quarter of which another zone has written `table` and let it pass its checks.

    `definitions` are those of the zone: where all its tables are current, as after `pathways refresh`, nothing runs. It
    looks at receipts, not at Dagster's events: an event comes before the checks, and of several only one is seen.
    """

    @dg.sensor(job=job, name=f"when_{table}_is_written", default_status=dg.DefaultSensorStatus.RUNNING)
    def sensor(context: dg.SensorEvaluationContext):
        """Starts this zone for every quarter whose table has been written and has passed."""
        zone = zone_store(definitions()).zone
        for quarter in QUARTER_NAMES:
            try:
                zone.passed(table, quarter)
            except TableNotUsable:
                continue
            todo = to_do(definitions(), quarter)
            if todo.tables or todo.checks:
                written = file_hash(zone.receipt_path(table, quarter))
                yield dg.RunRequest(run_key=f"{quarter} {written}", partition_key=quarter)

    return sensor
