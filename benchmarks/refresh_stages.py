"""What each stage and table cost in the last refresh of every quarter that made something, as it wrote down.

    python benchmarks/refresh_stages.py [--slowest 12]

Prints one JSON line per quarter. `stages`: seconds by the clock, their share of the whole refresh, and processor
seconds. The process of a zone is divided: its tables, its checks, what Dagster does between them, and its start and
end. `rest` belongs to no stage. `slowest`: tables, with their peak memory, their share, and processor seconds of the
table and what Dagster did before it; a table that was current already cost what it did when it was made.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from pathways.refresh.receipts_of_run import receipts_of
from pathways.refresh.stage_costs import (
    BEGAN,
    CHECKS,
    RUN,
    TABLES,
    WHOLE,
    StageCost,
    last_that_made_something,
    within,
)
from pathways.refresh.zone_order import ZONES
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.data_root import data_root


def stages(costs: list[StageCost]) -> dict[str, dict[str, float | None]]:
    """Seconds, share and processor seconds by stage; of every zone by part."""
    seconds: defaultdict[str, float] = defaultdict(float)
    cpu: defaultdict[str, float] = defaultdict(float)
    for cost in costs:
        seconds[cost.stage] += cost.seconds
        cpu[cost.stage] += cost.cpu_seconds or 0
    whole = seconds.pop(WHOLE)
    del seconds[BEGAN]
    found = {stage: (spent, cpu[stage]) for stage, spent in seconds.items() if ": " not in stage}
    parts = {}
    for zone in ZONES:
        run, tables, checks = (within(zone, part) for part in (RUN, TABLES, CHECKS))
        parts[tables], parts[checks] = (seconds[tables], None), (seconds[checks], None)
        parts[within(zone, "between steps")] = (seconds[run] - seconds[tables] - seconds[checks], None)
        parts[within(zone, "start and end")] = (seconds[zone] - seconds[run], cpu[zone] - cpu[run])
    known = [sum(spent) for spent in zip(*found.values(), strict=True)]
    found["rest"] = (whole - known[0], cpu[WHOLE] - known[1])
    return {
        stage: {
            "seconds": round(spent, 1),
            "share": round(spent / whole, 3),
            "cpu_seconds": None if processor is None else round(processor, 1),
        }
        for stage, (spent, processor) in (found | parts).items()
    }


def profile(root: Path, quarter: str, slowest: int) -> dict:
    """One line of the benchmark."""
    costs = last_that_made_something(root, quarter)
    whole = next(cost for cost in costs if cost.stage == WHOLE)
    tables = sorted((receipt for _, receipt in receipts_of(root, quarter)), key=lambda table: -table.seconds)
    return {
        "benchmark": "refresh_stages",
        "quarter": quarter,
        "seconds": whole.seconds,
        "cpu_seconds": whole.cpu_seconds,
        "peak_mb": max(table.peak_mb for table in tables),
        "stages": stages(costs),
        "slowest": {
            table.table: {
                "seconds": table.seconds,
                "share": round(table.seconds / whole.seconds, 3),
                "cpu_seconds": table.cpu_seconds,
                "peak_mb": table.peak_mb,
            }
            for table in tables[:slowest]
        },
    }


def main() -> None:
    """One line per quarter that was refreshed to its end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slowest", type=int, default=12, help="how many tables")
    given = parser.parse_args()
    root = data_root()
    for path in sorted((root / "publication").glob("*/manifest.json")):
        quarter = path.parent.name
        if not last_that_made_something(root, quarter):
            continue
        scale = (synthetic_mark(extracts_of(root, quarter)) or {}).get("scale")
        print(json.dumps(profile(root, quarter, given.slowest) | {"scale": scale}))


if __name__ == "__main__":
    main()
