"""A second quarter through the whole linkage zone: after the first, and alone, when there is nothing to take over.

    python benchmarks/linkage_second_quarter.py [--scale 0.2] [--seed 1]

Prints one JSON line: seconds of all tables of the zone both ways, and of the slowest; processor seconds of the zone's
process, which include starting it; their ratios; how many standardised records are new or changed; and whether the
tables up to the links are the same. Extracts are SYNTHETIC; all is written to a folder of its own below var/bench,
which is emptied first.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
from three_quarters import run

from pathways.refresh.receipts_of_run import receipts_of
from pathways.refresh.refresh import prepare_dagster_home, zone_environment
from resources.process.data_root import REPOSITORY, data_root

FIRST, SECOND = "2023Q1", "2023Q2"
SLOWEST = 15
RECORDS = ["standardised_offenders", "standardised_clients"]
SAME = [*RECORDS, "offender_clusters", "client_clusters", "scored_pairs", "person_pairs", "linked_pairs"]


def run_zone(root: Path, quarter: str) -> float:
    """Make the tables of the linkage zone; processor seconds of its process. Stops the benchmark when it fails."""
    used = _children()
    done = subprocess.run(
        [sys.executable, "-m", "pathways.refresh.run_zone", "linkage_assets", quarter],
        cwd=REPOSITORY,
        env=zone_environment(root, prepare_dagster_home(root)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"the zone stopped:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return _children() - used


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def without_first_quarter(root: Path) -> Path:
    """A second folder with the extracts of the second quarter, the model and the secrets, and nothing else."""
    alone = root / "alone"
    for part in ("extracts", "truth"):
        shutil.copytree(root / part / SECOND, alone / part / SECOND)
    for part in ("models", "secrets"):
        shutil.copytree(root / "linkage" / part, alone / "linkage" / part)
    return alone


def tables(root: Path) -> dict[str, tuple[float, str]]:
    """Seconds and content of each table that the zone made for the second quarter."""
    return {
        receipt.table: (receipt.seconds, receipt.sha256)
        for zone, receipt in receipts_of(root, SECOND)
        if zone in ("linkage", "crossings")
    }


def new_records(root: Path) -> dict[str, float]:
    """Share of the standardised records that the first quarter did not have, or not so."""
    shares = {}
    for table in RECORDS:
        before, now = (pl.read_parquet(root / "linkage" / each / f"{table}.parquet") for each in (FIRST, SECOND))
        shares[table] = round(1 - now.join(before, on=now.columns, how="semi", nulls_equal=True).height / now.height, 3)
    return shares


def main() -> None:
    """Run both quarters and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    root = data_root() / "bench" / f"second_quarter_scale_{given.scale:g}"
    shutil.rmtree(root, ignore_errors=True)
    run(root, "extracts", "--quarter", FIRST, "--scale", str(given.scale), "--seed", str(given.seed))
    run(root, "train-linkage", "--quarter", FIRST, "--name", "synthetic")
    run_zone(root, FIRST)
    run(root, "extracts", "--quarter", SECOND)
    alone = without_first_quarter(root)
    processor = {"alone": run_zone(alone, SECOND), "after the first": run_zone(root, SECOND)}
    made = {"alone": tables(alone), "after the first": tables(root)}
    seconds = {way: sum(spent for spent, _ in found.values()) for way, found in made.items()}
    slowest = sorted(made["alone"], key=lambda table: -made["alone"][table][0])[:SLOWEST]
    print(
        json.dumps(
            {
                "benchmark": "linkage_second_quarter",
                "extracts": "synthetic",
                "scale": given.scale,
                "new_records": new_records(root),
                "same_tables": all(made["alone"][table][1] == made["after the first"][table][1] for table in SAME),
                "zone_seconds": {way: round(spent, 1) for way, spent in seconds.items()},
                "ratio": round(seconds["after the first"] / seconds["alone"], 3),
                "processor_seconds": {way: round(spent, 1) for way, spent in processor.items()},
                "processor_ratio": round(processor["after the first"] / processor["alone"], 3),
                "slowest": {table: [made[way][table][0] for way in made] for table in slowest},
            }
        )
    )


if __name__ == "__main__":
    main()
