"""When zones start by themselves: the first each quarter, the next ones when what they read has been written.

Belongs here: schedule and sensors. Does not belong here: which zone or table they are for.
"""

from collections.abc import Callable
from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from resources.partitions import QUARTER_NAMES, quarter_before
from resources.zone_definitions import to_do

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
    """Sensor that runs `job` for a quarter when another zone has written `table` of that quarter.

    `definitions` are those of the zone: where all its tables are current, as after `pathways refresh`, nothing runs.
    """

    @dg.asset_sensor(asset_key=dg.AssetKey(table), job=job, name=f"when_{table}_is_written",
                     default_status=dg.DefaultSensorStatus.RUNNING)
    def sensor(context: dg.SensorEvaluationContext, event: dg.EventLogEntry):
        """Starts this zone for the quarter of the table that has been written."""
        materialization = event.asset_materialization
        if materialization is None or materialization.partition is None:
            return dg.SkipReason(f"{table} was written without a quarter.")
        if not to_do(definitions(), materialization.partition).tables:
            return dg.SkipReason(f"all tables of {materialization.partition} are current.")
        return dg.RunRequest(run_key=context.cursor, partition_key=materialization.partition)

    return sensor
