"""Shows the events of a run as lines of progress. Does not belong here: what other lines say (progress.py)."""

import logging
from time import time

import dagster as dg

from resources.records.json_log import RunEvents, writes_json
from resources.records.progress import line


class _ProgressHandler(logging.Handler):
    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.started: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is None:
            return
        kind, step = event.event_type_value, event.step_key or ""
        if kind == "STEP_START":
            self.started[step] = time()
        elif kind == "ASSET_MATERIALIZATION":
            metadata = event.event_specific_data.materialization.metadata
            rows = f"{metadata['dagster/row_count'].value:,}" if "dagster/row_count" in metadata else "few"
            peak = metadata["peak_mb"].value if "peak_mb" in metadata else 0
            line(f"  {step:28s} {rows:>10} rows  {time() - self.started.get(step, time()):7.1f} s  {peak:>6,} MB")
        elif kind == "ASSET_CHECK_EVALUATION" and _warns(event.event_specific_data):
            line(f"  warning: {event.event_specific_data.check_name} does not hold, and does not stop this run")


def _warns(check: dg.AssetCheckEvaluation) -> bool:
    return not check.passed and check.severity == dg.AssetCheckSeverity.WARN


def _progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("pathways.progress", level=logging.DEBUG)  # noqa: LOG001  # below no other, which would print it too
    logger.addHandler(RunEvents() if writes_json() else _ProgressHandler())
    return logger


progress_logger = dg.LoggerDefinition(
    _progress_logger,
    config_schema={},
    description="Shows the progress of a run and nothing else: rounded rows, seconds and memory of each table. With "
    "PATHWAYS_LOG=json as JSON, a line each.",
)
