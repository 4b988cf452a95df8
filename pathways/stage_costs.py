"""What the stages of the last refresh of a quarter cost, each process writing its own lines.

Belongs here: measuring and reading them. Does not belong here: what a table cost, which its receipt says.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from resources.private_files import make_folder

WHOLE, CHECK, REVIEW, MANIFEST = "the whole refresh", "check of the extracts", "simulated review", "manifest"
# Of what the process of a zone does, the run; and of that the steps that make tables, and those that judge checks.
RUN, TABLES, CHECKS = "run", "tables", "checks"


@dataclass
class StageCost:
    """Seconds by the clock, and of processor time where known, of this process and those that it started and ended."""

    stage: str
    seconds: float
    cpu_seconds: float | None


@contextmanager
def measured(root: Path, quarter: str, stage: str) -> Iterator[None]:
    """Write down what the block costs, unless it is stopped."""
    began, cpu = perf_counter(), sum(os.times()[:4])
    yield
    write_down(root, quarter, stage, perf_counter() - began, sum(os.times()[:4]) - cpu)


def write_down(root: Path, quarter: str, stage: str, seconds: float, cpu_seconds: float | None = None) -> None:
    """Write down what a stage cost."""
    cost = StageCost(stage, round(seconds, 2), None if cpu_seconds is None else round(cpu_seconds, 2))
    with _file(root, quarter).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(cost)) + "\n")


@contextmanager
def whole_refresh_measured(root: Path, quarter: str) -> Iterator[None]:
    """Write down what the block costs, after forgetting what the refresh before this one cost."""
    _file(root, quarter).write_text("", encoding="utf-8")
    with measured(root, quarter, WHOLE):
        yield


def stage_costs(root: Path, quarter: str) -> list[StageCost]:
    """What was written down, in the order in which stages ended; a stage that ran twice is there twice."""
    return [StageCost(**json.loads(line)) for line in _file(root, quarter).read_text(encoding="utf-8").splitlines()]


def within(zone: str, part: str) -> str:
    """Name of a part of what a zone costs."""
    return f"{zone}: {part}"


def _file(root: Path, quarter: str) -> Path:
    path = root / "dagster" / f"stages_{quarter}.jsonl"
    make_folder(root, path.parent)
    return path
