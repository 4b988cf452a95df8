"""Holds published tables to what they were: a snapshot of the small synthetic quarter, and what differs from it.

Belongs here: the form of the snapshot, comparing, renewing. Does not belong here: making tables. The snapshot holds
what is published of synthetic extracts, so it describes no real person.

    python -m pathways.backtest --reason "why the tables changed"      # renews it; `make backtest` does
"""

import csv
import io
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

SNAPSHOT = Path(__file__).resolve().parents[1] / "tests" / "flow" / "small_quarter_tables.csv"
REASONS = SNAPSHOT.with_name("small_quarter_tables_reasons.txt")
SMALL_QUARTER = Path("var/tests/small_quarter/modelling/2023Q1/published_tables.parquet")
COLUMNS, BETWEEN = ["table", "row_group", "row_label", "cells"], " | "
HEADER = "column headers"


def tables_as_rows(cells: pl.DataFrame) -> list[list[str]]:
    """One row per table row, with what its cells show; before each table a row with its column headers.

    `cells` is published_tables.
    """
    rows = []
    for table in cells.partition_by("table", maintain_order=True):
        headers = table.unique("measure_order").sort("measure_order")["measure"]
        rows.append([str(table["table"][0]), "", HEADER, BETWEEN.join(headers)])
        for row in table.partition_by("row_order", maintain_order=True):
            labels = [str(row["table"][0]), row["row_group"][0], row["row_label"][0]]
            rows.append([*labels, BETWEEN.join(row.sort("measure_order")["shown"])])
    return rows


def what_changed(held: list[list[str]], cells: pl.DataFrame) -> list[str]:
    """Rows that are new, gone or show something else than the snapshot, in words; empty when tables are as held."""
    old, new = ({tuple(row[:3]): row[3] for row in rows} for rows in (held, tables_as_rows(cells)))
    faults = []
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            place = f"table {key[0]}, {' '.join(part for part in key[1:] if part)}"
            faults.append(f"{place}: held {old.get(key, 'nothing')}, now {new.get(key, 'nothing')}")
    return faults


def read_snapshot(file: Path = SNAPSHOT) -> list[list[str]]:
    """The rows of the snapshot."""
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.reader(rows))[1:]


def snapshot_text(cells: pl.DataFrame) -> str:
    """The snapshot as a file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([COLUMNS, *tables_as_rows(cells)])
    return written.getvalue()


def renew(
    reason: Annotated[str, typer.Option(help="why the tables changed, for whoever reads the history")],
    tables: Annotated[Path, typer.Option(help="published_tables of the small quarter")] = SMALL_QUARTER,
) -> None:
    """Write the snapshot again and add the reason to its list."""
    cells = pl.read_parquet(tables)
    changed = what_changed(read_snapshot(), cells) if SNAPSHOT.exists() else ["first snapshot"]
    if changed:
        SNAPSHOT.write_text(snapshot_text(cells), encoding="utf-8")
        with REASONS.open("a", encoding="utf-8") as reasons:
            reasons.write(f"{reason} ({len(changed)} rows)\n")
    print(f"{len(changed)} row(s) changed")


if __name__ == "__main__":
    typer.run(renew)
