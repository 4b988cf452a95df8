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

from pathways.refresh.zone_order import ZONES
from resources.secrets.private_files import make_folder

BEGAN, WHOLE = "began", "the whole refresh"
CHECK, TRAINING, REVIEW = "check of the extracts", "training of the linkage model", "simulated review"
TRUTH = "truth"
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
        file.write(_line(cost))


@contextmanager
def whole_refresh_measured(root: Path, quarter: str) -> Iterator[None]:
    """Write down what the block costs; of refreshes before this one, the last that made something is kept."""
    path, before = _file(root, quarter), last_that_made_something(root, quarter)
    path.write_text("".join(_line(cost) for cost in before), encoding="utf-8")
    write_down(root, quarter, BEGAN, 0)
    with measured(root, quarter, WHOLE):
        yield


def last_that_made_something(root: Path, quarter: str) -> list[StageCost]:
    """What was written down of the last refresh that came to its end and ran a zone, in the order in which stages
    ended; a stage that ran twice is there twice. Nothing where there was none.
    """
    found: list[StageCost] = []
    refresh: list[StageCost] = []
    path = _file(root, quarter)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            cost = StageCost(**json.loads(line))
        except (ValueError, TypeError):  # a refresh was killed while it wrote
            continue
        refresh = [cost] if cost.stage == BEGAN else [*refresh, cost]
        if cost.stage == WHOLE and any(stage.stage in ZONES for stage in refresh):
            found = refresh
    return found


def within(zone: str, part: str) -> str:
    """Name of a part of what a zone costs."""
    return f"{zone}: {part}"


def _line(cost: StageCost) -> str:
    return json.dumps(asdict(cost)) + "\n"


def _file(root: Path, quarter: str) -> Path:
    path = root / "dagster" / f"stages_{quarter}.jsonl"
    make_folder(root, path.parent)
    return path
