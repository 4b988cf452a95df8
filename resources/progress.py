"""What a person sees while a zone runs: one line when a table is begun and one when it is written. Counts only."""

import logging
import sys
from time import time

import dagster as dg


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
            rows = metadata["dagster/row_count"].value if "dagster/row_count" in metadata else 0
            peak = metadata["peak_mb"].value if "peak_mb" in metadata else 0
            _line(f"  {step:28s} {rows:>10,} rows  {time() - self.started.get(step, time()):7.1f} s  {peak:>6,} MB")
        elif kind == "ASSET_CHECK_EVALUATION" and not event.event_specific_data.passed:
            fault = event.event_specific_data.metadata.get("fault")
            _line(f"  check failed: {event.message} {fault.value if fault else ''}", sys.stderr)


def say(message: str) -> None:
    """Print one line of progress at once. Never pass a data value."""
    _line(f"  {message}")


def _line(text: str, stream=None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


def _progress_logger(_) -> logging.Logger:
    logger = logging.Logger("pathways.progress", level=logging.DEBUG)
    logger.addHandler(_ProgressHandler())
    return logger


progress_logger = dg.LoggerDefinition(
    _progress_logger,
    description="Shows the progress of a run and nothing else: rows, seconds and memory of each table.",
)
