"""From tables under construction to cells with what becomes of each: the place where disclosure control is applied.

Belongs here: one pass over all tables together, what of it is published, and the log of what was withheld. Does not
belong here: the rules (disclosure_control.py), what tables there are (make_tables.py).
"""

import polars as pl

from modelling_assets.steps.declared_table import PublishedTable
from modelling_assets.steps.disclosure_control import (
    CONFIDENTIAL,
    LOW,
    PRIMARY,
    SECONDARY,
    SHOWN,
    UNRELIABLE,
    hidden_counts,
    published_value,
    shown_and_status,
)
from resources.study_settings import Publication

DERIVED, SMALL_BASE = "derived", "small base"
CELL_COLUMNS = {
    "table": pl.Int32, "row_order": pl.Int32, "row_group": pl.String, "row_label": pl.String, "measure_order": pl.Int32,
    "measure": pl.String, "unit": pl.String, "quantity": pl.String, "depends_on": pl.String, "value": pl.Float64,
    "shown": pl.String, "status": pl.String,
}  # fmt: skip
COUNTED_COLUMNS = CELL_COLUMNS | {"unrounded": pl.Float64, "withheld_as": pl.String}
REASONS = {
    PRIMARY: "a count under the threshold",
    SECONDARY: "a count that would give away one under the threshold",
    DERIVED: "computed from a withheld count",
    SMALL_BASE: "its base is under the minimum",
}
LOG_COLUMNS = {"quantity": pl.String, "kind": pl.String, "reason": pl.String, "tables": pl.String, "cells": pl.Int32}


def show_cells(tables: list[PublishedTable], publication: Publication) -> pl.DataFrame:
    """Cells of all tables after disclosure control, which looks at all of them together: the class CountedCells."""
    counts = {name: number for table in tables for name, number in table.counts.items()}
    sums = dict.fromkeys(total for table in tables for total in table.sums)
    known = {name for table in tables for name in table.known}
    differences = {name for table in tables for name in table.differences}
    loss = _cells_that_go(tables)
    hidden = hidden_counts(counts, sums, loss.keys(), publication.disclosure_threshold, known, differences, loss)
    rows = []
    for table in sorted(tables, key=lambda table: table.number):
        row_order = {row: position for position, row in enumerate(dict.fromkeys(cell.row for cell in table.cells), 1)}
        measure_order = {
            name: position for position, name in enumerate(dict.fromkeys(cell.measure for cell in table.cells), 1)
        }
        for cell in table.cells:
            shown, status = shown_and_status(
                cell, counts, hidden, publication.minimum_base, publication.rounding_base
            )  # fmt: skip
            value = published_value(cell, counts, publication.rounding_base) if status in (SHOWN, LOW) else None
            rows.append(
                (table.number, row_order[cell.row], *cell.row, measure_order[cell.measure], cell.measure, cell.unit,
                 cell.quantity, "; ".join(cell.depends_on) or None, None if value is None else float(value), shown,
                 status, cell.value, _withheld_as(cell.quantity, status, hidden))
            )  # fmt: skip
    return pl.DataFrame(rows, schema=COUNTED_COLUMNS, orient="row").sort("table", "row_order", "measure_order")


def _cells_that_go(tables: list[PublishedTable]) -> dict[str, int]:
    """How many cells cannot be shown without each count: those that show it and those computed from it."""
    needed: dict[str, int] = {}
    for cell in (cell for table in tables for cell in table.cells):
        for name in {*cell.depends_on, *([cell.quantity] if cell.quantity else [])}:
            needed[name] = needed.get(name, 0) + 1
    return needed


def _withheld_as(quantity: str | None, status: str, hidden: dict[str, str]) -> str | None:
    if status == UNRELIABLE:
        return SMALL_BASE
    return hidden.get(quantity or "", DERIVED) if status == CONFIDENTIAL else None


def published_cells(counted_cells: pl.DataFrame) -> pl.DataFrame:
    """What is published of `counted_cells`: no number that is withheld or more precise than shown is in it."""
    return counted_cells.select(list(CELL_COLUMNS))


def log_suppression(counted_cells: pl.DataFrame) -> pl.DataFrame:
    """What was withheld and why, one row per count, or per set of counts that figures are computed from.

    quantity: the count, or the counts separated by ";". tables: numbers of the tables. cells: cells withheld.
    Sorted by kind and quantity; see the class SuppressionLog.
    """
    return (
        counted_cells.filter(pl.col("withheld_as").is_not_null())
        .with_columns(quantity=pl.col("quantity").fill_null(pl.col("depends_on")), kind=pl.col("withheld_as"))
        .group_by("kind", "quantity", maintain_order=True)
        .agg(tables=pl.col("table").unique().sort().cast(pl.String).str.join(", "), cells=pl.len().cast(pl.Int32))
        .with_columns(reason=pl.col("kind").replace_strict(REASONS, return_dtype=pl.String))
        .sort("kind", "quantity")
        .select(list(LOG_COLUMNS))
    )
