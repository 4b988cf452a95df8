"""What Dagster adds to the steps of a quarter: the runs of the zones beside the same steps as plain functions.

    python benchmarks/dagster_share.py [--scale 0.02] [--seed 1]

Prints one JSON line per zone and one for all. On the one side stands the run as a refresh starts it, from the list of
what is to do to the last event (`run_seconds`). On the other, what the run called, each call with the inputs that it
had: assets, checks, reading and writing tables with their receipts, and resources (`steps_seconds`). All of these go
through one decorator (shield.py), where this benchmark holds its clock; whatever a run costs beside them is
Dagster's: events and their storage, plans, types, logs. `dagster_share` is what it adds, as a share of the steps.
Processor seconds, so that it does not matter what else the machine does. `start_seconds`, which is not in the share:
importing Dagster, its storage, the zone and its definitions. Extracts are SYNTHETIC, written below var/bench.
"""

import argparse
import functools
import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import process_time

from pathways.refresh.refresh import prepare_dagster_home, zone_environment
from pathways.refresh.zone_order import ZONES
from resources.process.data_root import REPOSITORY, data_root

QUARTER, MODEL = "2023Q1", "synthetic"


class Clock:
    """Processor seconds of this process inside calls that go through it; a call within a call counts once."""

    def __init__(self) -> None:
        self.seconds, self._began, self._depth = 0.0, 0.0, 0

    def __enter__(self) -> None:
        if not self._depth:
            self._began = _processor_seconds()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            self.seconds += _processor_seconds() - self._began

    def around(self, function: Callable) -> Callable:
        """`function`, whose calls are timed; of a function that yields, the time until each item."""

        @functools.wraps(function)
        def call(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        @functools.wraps(function)
        def iterate(*args, **kwargs) -> Iterator:
            made = function(*args, **kwargs)
            while True:
                with self:
                    try:
                        item = next(made)
                    except StopIteration:
                        return
                yield item

        return iterate if inspect.isgeneratorfunction(function) else call


def _processor_seconds() -> float:
    spent = os.times()
    return process_time() + spent.children_user + spent.children_system


def measure(zone: str) -> None:
    """Run a zone in this process and print what its run and its steps cost."""
    import resources.process.shield as shield

    clock, plain = Clock(), shield.shielded
    shield.shielded = lambda function: clock.around(plain(function))  # before anything that is decorated is imported
    from importlib import import_module

    from dagster import DagsterInstance

    from pathways.refresh import run_zone
    from resources.zone.zone_definitions import to_do, zone_store

    definitions = import_module(f"{zone}.definitions").defs()
    assert DagsterInstance.get().event_log_storage
    todo = to_do(definitions, QUARTER)
    started, before = _processor_seconds(), clock.seconds
    code = run_zone.run(zone, definitions, QUARTER, todo)
    spent, steps = _processor_seconds() - started, clock.seconds - before
    assert zone_store(definitions).zone.root == data_root()
    print(
        json.dumps(
            {
                "zone": zone,
                "tables": len(todo.tables),
                "checks": len(todo.checks),
                "code": code,
                "start_seconds": round(started, 2),
                "run_seconds": round(spent, 2),
                "steps_seconds": round(steps, 2),
            }
        ),
        flush=True,
    )


def main() -> None:
    """Write extracts, train the linkage model, then run every zone in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zone", choices=ZONES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.zone:
        return measure(given.zone)
    root = data_root() / "bench" / "dagster_share"
    shutil.rmtree(root, ignore_errors=True)
    environment = zone_environment(root, prepare_dagster_home(root)) | {"PYTHONPATH": str(REPOSITORY)}
    run = functools.partial(subprocess.run, cwd=REPOSITORY, env=environment, check=True, text=True)
    python = [sys.executable, "-m", "pathways"]
    run(
        [*python, "extracts", "--quarter", QUARTER, "--scale", str(given.scale), "--seed", str(given.seed)],
        stdout=subprocess.DEVNULL,
    )
    run([*python, "train-linkage", "--quarter", QUARTER, "--name", MODEL], stdout=subprocess.DEVNULL)
    whole = {"run_seconds": 0.0, "steps_seconds": 0.0}
    for zone in ZONES:
        done = run([sys.executable, __file__, "--zone", zone], stdout=subprocess.PIPE)
        line = json.loads(done.stdout.splitlines()[-1])
        whole = {name: round(whole[name] + line[name], 2) for name in whole}
        print(json.dumps({"benchmark": "dagster_share", "scale": given.scale} | line | _share(line)), flush=True)
    print(json.dumps({"benchmark": "dagster_share", "scale": given.scale, "zone": "all"} | whole | _share(whole)))
    return None


def _share(line: dict[str, float]) -> dict[str, float]:
    return {"dagster_share": round(line["run_seconds"] / line["steps_seconds"] - 1, 3)}


if __name__ == "__main__":
    main()
