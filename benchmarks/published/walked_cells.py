"""How long it takes to walk a published cell back to the extracts, of cells drawn at random over all published tables.

    python benchmarks/published/walked_cells.py [--quarter 2023Q1] [--cells 20] [--seed 1]

Each cell is walked by the command `pathways lineage`, as a person types it with the number of the table and the words
of row and column, and once more by what that command calls, without its start. Prints one JSON line: median and
greatest seconds of both by the clock, and the mean by the processor. Ends with 1 where a cell leads to no extract, or
to another than lies there. Reads a quarter that is published, below PATHWAYS_VAR.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from contracts.extracts import ALL_EXTRACTS
from pathways.lineage.lineage import lineage_of_cell
from pathways.refresh.receipts_of_run import believed_table
from pathways.studies import TREATMENT
from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import extract_hash
from resources.process.data_root import REPOSITORY, data_root
from resources.zone.zone_tables import TableNotUsable

Cell = dict[str, Any]
Walk = Callable[[str, Cell], Cell]


def by_command(quarter: str, cell: Cell) -> Cell:
    """What `pathways lineage` prints of a cell."""
    asked = {"--quarter": quarter, "--table": cell["table"], "--row": cell["row_label"], "--column": cell["measure"]}
    words = [str(word) for pair in asked.items() if pair[1] for word in pair]
    done = subprocess.run(
        [sys.executable, "-m", "pathways", "lineage", "--json", *words],
        cwd=REPOSITORY,
        env={**os.environ, "PATHWAYS_VAR": str(data_root())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"pathways lineage {' '.join(words)} stopped: {done.stderr[-1000:]}")
    return json.loads(done.stdout)


def by_function(quarter: str, cell: Cell) -> Cell:
    """The same without the start of a command."""
    return lineage_of_cell(data_root(), quarter, cell["table"], cell["row_label"] or None, cell["measure"] or None)


def walked(walk: Walk, quarter: str, cells: list[Cell], lying: dict[str, str]) -> tuple[dict[str, float], list[str]]:
    """Seconds of walking a cell, and what did not lead to extracts as they lie there."""
    seconds: list[float] = []
    wrong: list[str] = []
    spent = _processor_seconds()
    for cell in cells:
        began = perf_counter()
        found = walk(quarter, cell)
        seconds.append(perf_counter() - began)
        keys = {(each["row_key"], each["measure_key"]) for each in found["cells"]}
        extracts = {name: sha256 for name, sha256 in found["extracts"].items() if sha256}
        if (cell["row_key"], cell["measure_key"]) not in keys or not extracts or extracts.items() - lying.items():
            wrong.append(f"table {cell['table']}: {cell['row_key']}, {cell['measure_key']}")
    spent = (_processor_seconds() - spent) / len(cells)
    told = {"median": median(seconds), "greatest": max(seconds), "processor": spent}
    return {name: round(value, 2) for name, value in told.items()}, wrong


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def extracts_of_quarter(quarter: str) -> dict[str, str]:
    """The hash of every extract as it lies there."""
    names = [f"{extract.system}/{extract.name}" for extract in ALL_EXTRACTS]
    return {name: extract_hash(path) for name in names if (path := extract_file(data_root(), quarter, name))}


def main() -> None:
    """Draw, walk, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quarter", default="2023Q1")
    parser.add_argument("--cells", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        published = believed_table(data_root(), TREATMENT.publisher, TREATMENT.cells, given.quarter)
    except TableNotUsable as fault:
        sys.exit(f"{fault} pathways refresh --quarter {given.quarter}")
    cells = published.sample(min(given.cells, published.height), seed=given.seed).to_dicts()
    lying = extracts_of_quarter(given.quarter)
    command, wrong = walked(by_command, given.quarter, cells, lying)
    function, wrong_as_well = walked(by_function, given.quarter, cells, lying)
    line = {
        "benchmark": "walked_cells",
        "quarter": given.quarter,
        "cells": len(cells),
        "of": published.height,
        "tables": len({cell["table"] for cell in cells}),
        "extracts": len(lying),
        "seconds_of_command": command,
        "seconds_of_function": function,
        "led_nowhere": sorted({*wrong, *wrong_as_well}),
    }
    print(json.dumps(line))
    sys.exit(1 if line["led_nowhere"] else 0)


if __name__ == "__main__":
    main()
