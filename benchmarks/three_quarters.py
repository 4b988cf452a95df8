"""Three quarters in a row through the real refresh: what the second and third cost against the first.

    python benchmarks/three_quarters.py [--scale 0.02] [--seed 1] [--quarters 3]

Prints one JSON line per quarter: seconds of the whole refresh, of every zone and of the slowest tables, and their share
of the first quarter; requirements and notes that are new, notes that an engine read, and whether a second refresh of
the same quarter computes nothing. Training the linkage model, which happens once, is not counted with the first
quarter. Extracts are SYNTHETIC; all is written to a folder of its own below var/bench, which is emptied first.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

import polars as pl

from nlp_assets.labels.label_folder import LabelFolder
from pathways.refresh.receipts_of_run import receipts_of
from resources.process.data_root import REPOSITORY, data_root
from resources.zone.partitions import QUARTER_NAMES

SLOWEST = 12


def run(root: Path, *arguments: str) -> tuple[float, str]:
    """Seconds and output of a command of Pathways on the data folder `root`; stops the benchmark when it fails."""
    started = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pathways", *arguments],
        env={**os.environ, "PATHWAYS_VAR": str(root)},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"pathways {' '.join(arguments)} stopped:\n{done.stdout[-3000:]}")
    return perf_counter() - started, done.stdout


def receipts(root: Path, quarter: str) -> dict[str, dict[str, float]]:
    """Seconds by zone and table of a quarter."""
    found: dict[str, dict[str, float]] = {}
    for zone, receipt in receipts_of(root, quarter):
        found.setdefault(zone, {})[receipt.table] = receipt.seconds
    return found


def rows(root: Path, quarter: str) -> dict[str, int]:
    """Requirements and contact notes on file."""
    extracts = root / "extracts" / quarter
    notes = extracts / "contact_notes" / "contact_note.parquet"
    return {
        "requirements": pl.scan_csv(extracts / "ndelius" / "requirement.csv").select(pl.len()).collect().item(),
        "contact_notes": pl.scan_parquet(notes).select(pl.len()).collect().item(),
    }


def notes_read(root: Path) -> int:
    """How many readings of notes the engines have given in all quarters."""
    path = LabelFolder(root=str(root)).labels_file
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as labels:
        return labels.execute("SELECT count(*) FROM keyed_score").fetchone()[0]


def measure(root: Path, quarter: str, before: dict) -> dict:
    """One line of the benchmark; `before` is that of the quarter before, or empty."""
    read_before = notes_read(root)
    seconds, _ = run(root, "refresh", "--quarter", quarter)
    again, output = run(root, "refresh", "--quarter", quarter)
    by_zone = receipts(root, quarter)
    training = by_zone["linkage"].pop("trained_linkage_model", 0.0)
    tables = sorted(((spent, name) for zone in by_zone.values() for name, spent in zone.items()), reverse=True)
    held = rows(root, quarter)
    return {
        "benchmark": "three_quarters",
        "extracts": "synthetic",
        "quarter": quarter,
        "seconds": round(seconds - training, 1),
        "training_seconds": round(training, 1),
        "zones": {zone: round(sum(spent.values()), 1) for zone, spent in by_zone.items()},
        "slowest": {name: spent for spent, name in tables[:SLOWEST]},
        "rows": held,
        "new_rows": {name: count - before["rows"][name] for name, count in held.items()} if before else held,
        "notes_read": notes_read(root) - read_before,
        "again_seconds": round(again, 1),
        "again_computes_nothing": output.count(": 0 tables to make") == 3,
    }


def main() -> None:
    """Run the quarters and print their lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quarters", type=int, default=3, choices=range(1, len(QUARTER_NAMES) + 1))
    given = parser.parse_args()
    root = data_root() / "bench" / f"three_quarters_scale_{given.scale:g}"
    shutil.rmtree(root, ignore_errors=True)
    first: dict = {}
    line: dict = {}
    for quarter in QUARTER_NAMES[: given.quarters]:
        asked = () if line else ("--scale", str(given.scale), "--seed", str(given.seed))
        run(root, "extracts", "--quarter", quarter, *asked)
        line = measure(root, quarter, line)
        first = first or line
        of_first = {"share_of_first": round(line["seconds"] / first["seconds"], 3)} if line is not first else {}
        print(json.dumps(line | {"scale": given.scale} | of_first), flush=True)


if __name__ == "__main__":
    main()
