"""A code location whose runs say whom they met at work, for tests of who waits for whom; and runs that go wrong.

Each table takes a while and waits for another run to be at work, so whoever may run at once is seen to.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import dagster as dg

PLACE = "MEETING_RUNS"  # variable: folder in which runs leave word
CONFLICTS = "MEETING_RUNS_CONFLICTS"  # variable: wait for a run that should not be at work, not for any
QUARTERS = ["2023Q1", "2023Q2", "2023Q3"]
SECONDS_AT_WORK, PATIENCE_SECONDS = 1.5, 30.0
quarters = dg.StaticPartitionsDefinition(QUARTERS)


def place() -> Path:
    """Where runs leave word."""
    return Path(os.environ[PLACE])


@contextmanager
def at_work(context: dg.AssetExecutionContext, pool: str) -> Iterator[Path]:
    """Leave word of the run, its quarter and its pool, while the block lasts."""
    word = place() / f"{context.run_id} {context.partition_key} {pool}.at_work"
    word.touch()
    try:
        yield word
    finally:
        word.unlink()


def make(context: dg.AssetExecutionContext, pool: str = "none") -> None:
    """Be at work until another run was met; write down whom, and that the table was made."""
    began, met = monotonic(), set[str]()
    wanted = {"pool" if pool != "none" else "quarter"} if os.environ.get(CONFLICTS) else {"quarter", "pool", "other"}
    with at_work(context, pool) as own:
        while monotonic() - began < SECONDS_AT_WORK or not (met & wanted):
            if monotonic() - began > PATIENCE_SECONDS:
                break
            for run, quarter, its_pool in (other.stem.split() for other in place().glob("*.at_work") if other != own):
                if run != context.run_id:
                    met |= {"quarter"} if quarter == context.partition_key else {"other"}
                    met |= {"pool"} if its_pool == pool != "none" else set()
            sleep(0.1)
    with (place() / "made").open("a", encoding="utf-8") as file:
        file.write(f"{context.partition_key} {context.asset_key.path[-1]} {','.join(sorted(met)) or 'nobody'}\n")


@dg.asset(partitions_def=quarters)
def first(context: dg.AssetExecutionContext) -> None:
    """A table."""
    make(context)


@dg.asset(partitions_def=quarters, deps=[first])
def second(context: dg.AssetExecutionContext) -> None:
    """Another, made of it."""
    make(context)


@dg.asset(partitions_def=quarters, pool="gpu")
def labels(context: dg.AssetExecutionContext) -> None:
    """A table that the served model reads notes for."""
    make(context, "gpu")


@dg.asset(partitions_def=quarters)
def hangs(context: dg.AssetExecutionContext) -> None:
    """A table that never comes to its end."""
    while True:
        sleep(1)


@dg.asset(partitions_def=quarters)
def fails(context: dg.AssetExecutionContext) -> None:
    """A table that cannot be made."""
    with (place() / "tried").open("a", encoding="utf-8") as file:
        file.write("fails\n")
    raise ValueError


@dg.asset(partitions_def=quarters)
def is_killed_once(context: dg.AssetExecutionContext) -> None:
    """A table whose process is killed the first time."""
    tried = place() / "killed_once"
    if not tried.exists():
        tried.touch()
        os.kill(os.getpid(), signal.SIGKILL)


defs = dg.Definitions([first, second, labels, hangs, fails, is_killed_once], executor=dg.in_process_executor)
