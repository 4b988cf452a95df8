"""What Dagster's records say that somebody must be told: runs that failed, what is late, sensors that cannot look.

Belongs here: reading records of all code locations, and the words. Does not belong here: sending (send.py), and when
to look (definitions.py). An alert says names, quarters and days: no count and no value, and no message of an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage.tags import WILL_RETRY_TAG

from resources.operation.sensor_words import NOTHING_LATE, PUBLICATION, WATCHES

RUNS_AT_ONCE = 50
TOO_LONG = "exceeding maximum runtime"  # what Dagster says where it ends such a run
TO_DELIVER = "Ask whoever supplies them. The quarter starts by itself once they are there."
TO_PUBLISH = "What holds a quarter: pathways status. What a zone waits for: its sensor, under Automation in Dagster."


@dataclass(frozen=True)
class Alert:
    """What somebody is told. `kind`: "failed", "refused" (by a check), "late" or "blind" (a sensor cannot look)."""

    kind: str
    subject: str
    text: str
    quarter: str = ""
    run: str = ""


def failures(instance: dg.DagsterInstance, since: datetime) -> Iterator[tuple[datetime, Alert]]:
    """Runs that failed after `since` and are not tried again, and runs that were ended as they took too long; the
    earliest first, with the time of each.
    """
    ended = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED], updated_after=since)
    records = instance.get_run_records(ended, order_by="update_timestamp", ascending=True, limit=RUNS_AT_ONCE)
    for record in records:
        run = record.dagster_run
        if _took_too_long(instance, run):
            yield record.update_timestamp, _too_long(run)
        elif run.status == dg.DagsterRunStatus.FAILURE and run.tags.get(WILL_RETRY_TAG) != "true":
            yield record.update_timestamp, _failure(instance, run)


def _took_too_long(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether Dagster ended a run for taking longer than max_runtime_seconds. Whether it then lists the run as failed
    or as canceled, and runs it again, depends on who wrote last: Dagster, or the process that was ended.
    """
    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_CANCELING).records
    return any(TOO_LONG in (record.event_log_entry.get_dagster_event().message or "") for record in records)


def _too_long(run: dg.DagsterRun) -> Alert:
    text = (
        f"{_what(run)} ({_where(run)}) took longer than a run may, and was ended. What was made is kept. Open the run "
        f"in Dagster: the last step that began is the one that hung. Run {run.run_id}."
    )
    return Alert("failed", f"{_what(run)} took too long", text, _quarter(run), run.run_id)


def _quarter(run: dg.DagsterRun) -> str:
    return run.tags.get("dagster/partition", "")


def _what(run: dg.DagsterRun) -> str:
    return f"{run.job_name} of {_quarter(run)}" if _quarter(run) else run.job_name


def _where(run: dg.DagsterRun) -> str:
    origin = run.remote_job_origin
    return origin.repository_origin.code_location_origin.location_name if origin else "the command line"


def _failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Alert:
    kinds = {dg.DagsterEventType.ASSET_CHECK_EVALUATION, dg.DagsterEventType.STEP_FAILURE}
    events = [record.event_log_entry for record in instance.get_records_for_run(run.run_id, of_type=kinds).records]
    steps, checks = [], []
    for event in (entry.get_dagster_event() for entry in events):
        if event.is_step_failure:
            steps.append(event.step_key or "")
        elif (said := event.asset_check_evaluation_data) and not said.passed and said.severity.value == "ERROR":
            checks.append(f"{said.check_name} of {said.asset_key.path[-1]}")
    quarter, what, location = _quarter(run), _what(run), _where(run)
    if checks:
        text = (
            f"{what} ({location}) stopped, as checks refuse what they found: {', '.join(sorted(checks))}. What was "
            f"found, and how to go on: pathways accept --quarter {quarter}. Run {run.run_id}."
        )
        return Alert("refused", f"{what} is held by a check", text, quarter, run.run_id)
    where = f" in {', '.join(sorted(set(steps)))}" if steps else ""
    text = (
        f"{what} ({location}) failed{where}. What was made is kept. Open the run in Dagster, mend the cause, run it "
        f"again. Run {run.run_id}."
    )
    return Alert("failed", f"{what} failed", text, quarter, run.run_id)


def looked_at(instance: dg.DagsterInstance) -> dict[str, list[Alert]]:
    """Sensor -> what its last look calls for: an alert per quarter that is late, or that it could not look."""
    found: dict[str, list[Alert]] = {}
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
        if ticks and ticks[0].status != TickStatus.STARTED:
            found[state.instigator_name] = _look(state.instigator_name, ticks[0].status, ticks[0].skip_reason or "")
    return found


def _look(sensor: str, status: TickStatus, said: str) -> list[Alert]:
    if status == TickStatus.FAILURE:
        text = f"Sensor {sensor} cannot look, so what it starts or watches does not happen. Open it in Dagster."
        return [Alert("blind", f"sensor {sensor} cannot look", text)]
    if not sensor.startswith(WATCHES) or not said or said == NOTHING_LATE:
        return []
    what, to_do = ("publication", TO_PUBLISH) if sensor.endswith(PUBLICATION) else ("extracts", TO_DELIVER)
    lines = [(line.partition(":")[0], line) for line in said.splitlines()]
    return [Alert("late", f"{what} of {name} late", f"{line}\n\n{to_do}", name) for name, line in lines]
