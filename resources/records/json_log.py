"""Log lines as JSON, for whoever collects logs: what happened, to which table, with counts and seconds.

Belongs here: the form of a line, and which events of Dagster are told. Does not belong here: lines for people
(progress.py), and Dagster's own records.

PATHWAYS_LOG=json has commands and runs print these lines instead of those for people. In the deployment
deploy/dagster.yaml has runs print them besides. No line holds a message of an error: only what kind of error it was.
Rows are rounded, as in Dagster's records. This module needs no other: it is in every image.
"""

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LOG, JSON = "PATHWAYS_LOG", "json"
RUN_EVENTS = {
    "PIPELINE_START": "run_start",
    "PIPELINE_SUCCESS": "run_success",
    "PIPELINE_FAILURE": "run_failure",
    "PIPELINE_CANCELED": "run_canceled",
}
STEP_EVENTS = ("STEP_START", "STEP_SUCCESS", "STEP_FAILURE", "STEP_UP_FOR_RETRY", "STEP_RESTARTED")


def writes_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether lines are to be JSON."""
    return environment.get(LOG) == JSON


def write(event: str, **facts: object) -> None:
    """Print one line at once: the time, what happened, and names, counts and seconds. Never pass a data value."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    print(json.dumps({"time": at, "event": event, **facts}), flush=True)


class RunEvents(logging.Handler):
    """Prints the events of runs, each as a line. What code logs in words is not printed: it may say anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the line of an event that is told."""
        event = getattr(record, "dagster_event", None)
        facts = None if event is None else facts_of(event)
        if facts is not None:
            meta: Mapping[str, Any] = getattr(record, "dagster_meta", {})
            write(facts.pop("event"), run=meta.get("run_id", ""), job=meta.get("job_name", ""), **facts)


def facts_of(event: Any) -> dict[str, Any] | None:
    """What is told of an event of Dagster, with its name as `event`; None where nothing is."""
    kind, step = event.event_type_value, event.step_key or ""
    if kind in RUN_EVENTS:
        return {"event": RUN_EVENTS[kind]}
    if kind in STEP_EVENTS:
        return {"event": kind.lower(), "step": step, **_failure(event)}
    if kind == "ASSET_MATERIALIZATION":
        return {"event": "table_made", "step": step, **_measures(event.event_specific_data.materialization)}
    if kind == "ASSET_CHECK_EVALUATION":
        check = event.event_specific_data
        severity = check.severity.value.lower()
        return {"event": "check", "step": step, "check": check.check_name, "passed": check.passed, "severity": severity}
    return None


def _measures(made: Any) -> dict[str, Any]:
    """Table, quarter, rounded rows and memory of a materialization."""
    told = {"rows": "dagster/row_count", "peak_mb": "peak_mb"}
    values = {name: made.metadata[key].value for name, key in told.items() if key in made.metadata}
    return {"table": made.asset_key.path[-1], "quarter": made.partition, **values}


def _failure(event: Any) -> dict[str, str]:
    """What kind of error ended a step, without its message."""
    if event.event_type_value != "STEP_FAILURE" or not event.step_failure_data.error:
        return {}
    error = event.step_failure_data.error
    return {"error": (error.cause or error).cls_name or ""}
