"""From tables under construction to cells with what becomes of each: the place where disclosure control is applied.

Belongs here: one pass over all tables together, what of it is published, and the log of what was withheld. Does not
belong here: the rules (disclosure_control.py), what tables there are (of each publication its own).
"""

from collections.abc import Callable, Sequence

import polars as pl

from publishing.disclosure.disclosure_control import (
    CONFIDENTIAL,
    LOW,
    PRIMARY,
    SECONDARY,
    SHOWN,
    UNRELIABLE,
    CannotProtect,
    hidden_counts,
    published_value,
    shown_and_status,
)
from publishing.tables.counted_table import CountedTable
from resources.settings.study_settings import Publication

DERIVED, SMALL_BASE, WHOLE_TABLE = "derived", "small base", "whole table"
CELL_COLUMNS = {
    "table": pl.Int32,
    "row_order": pl.Int32,
    "row_group": pl.String,
    "row_label": pl.String,
    "measure_order": pl.Int32,
    "measure": pl.String,
    "unit": pl.String,
    "quantity": pl.String,
    "depends_on": pl.String,
    "is_share": pl.Boolean,
    "value": pl.Float64,
    "shown": pl.String,
    "status": pl.String,
    "table_key": pl.String,
    "row_key": pl.String,
    "measure_key": pl.String,
}
COUNTED_COLUMNS = CELL_COLUMNS | {"unrounded": pl.Float64, "withheld_as": pl.String}
REASONS = {
    PRIMARY: "a count under the threshold",
    SECONDARY: "a count that would give away one under the threshold",
    DERIVED: "computed from a withheld count",
    SMALL_BASE: "its base is under the minimum",
    WHOLE_TABLE: "no choice of its cells protects a count under the threshold",
}
LOG_COLUMNS = {"quantity": pl.String, "kind": pl.String, "reason": pl.String, "tables": pl.String, "cells": pl.Int32}


class SumsCannotHold(Exception):
    """What tables say adds up gives a small count away with no table published. Names the count, never its value."""

    def __init__(self, count: str):
        super().__init__(
            f"{count} follows from what adds up alone, with every table withheld: the sums that it is in cannot all be "
            "true. Correct them where its tables declare them (add_up)."
        )


def show_cells(tables: Sequence[CountedTable], publication: Publication) -> pl.DataFrame:
    """Cells of all tables after disclosure control, which looks at all of them together: the class CountedCells.

    Raises SumsCannotHold.
    """
    counts = {name: number for table in tables for name, number in table.counts.items()}
    hidden, withheld_tables = protect(tables, publication.disclosure_threshold)
    rows = []
    for table in sorted(tables, key=lambda table: table.number):
        row_order = {row: position for position, row in enumerate(dict.fromkeys(cell.row for cell in table.cells), 1)}
        measure_order = {
            name: position for position, name in enumerate(dict.fromkeys(cell.measure for cell in table.cells), 1)
        }
        whole = table.number in withheld_tables
        for cell in table.cells:
            shown, status = shown_and_status(cell, counts, hidden, publication.minimum_base, publication.rounding_base)
            if whole and (cell.value is not None or cell.depends_on):
                shown, status = CONFIDENTIAL, CONFIDENTIAL
            value = published_value(cell, counts, publication.rounding_base) if status in (SHOWN, LOW) else None
            rows.append(
                (
                    table.number,
                    row_order[cell.row],
                    *cell.row,
                    measure_order[cell.measure],
                    str(cell.measure),
                    cell.unit,
                    cell.quantity,
                    "; ".join(cell.depends_on) or None,
                    cell.is_share,
                    None if value is None else float(value),
                    shown,
                    status,
                    table.key,
                    cell.row.key,
                    cell.measure.key,
                    cell.value,
                    _withheld_as(cell.quantity, status, hidden, whole),
                )
            )
    return pl.DataFrame(rows, schema=COUNTED_COLUMNS, orient="row").sort("table", "row_order", "measure_order")


def protect(tables: Sequence[CountedTable], threshold: int) -> tuple[dict[str, str], set[int]]:
    """The counts to hide, as hidden_counts returns them, and the numbers of tables to withhold whole.

    A table is withheld whole when no choice of cells protects a small count while the table stands; of several such
    tables, the last goes, because the later ones add detail. What a table says adds up stays true without it.

    Raises SumsCannotHold.
    """
    counts = {name: number for table in tables for name, number in table.counts.items()}
    sums = dict.fromkeys(total for table in tables for total in table.sums)
    differences = {name for table in tables for name in table.differences}
    floors = {name: floor for table in tables for name, floor in table.least.items()}
    standing = sorted(tables, key=lambda table: table.number)

    def hide(shown: Sequence[CountedTable]) -> dict[str, str]:
        known, loss = {name for table in shown for name in table.known}, _cells_that_go(shown)
        return hidden_counts(counts, sums, loss.keys(), threshold, known, differences, loss, floors)

    while True:
        try:
            hidden = hide(standing)
        except CannotProtect as problem:
            if not standing:
                raise SumsCannotHold(problem.count) from None
            standing.remove(_in_the_way(standing, problem.count, hide))
            continue
        return hidden, {table.number for table in tables} - {table.number for table in standing}


def _in_the_way(
    standing: Sequence[CountedTable], count: str, hide: Callable[[Sequence[CountedTable]], dict[str, str]]
) -> CountedTable:
    """The last table without which `count` can be protected; the last of all when none alone makes the difference."""
    for table in reversed(standing):
        try:
            hide([other for other in standing if other is not table])
        except CannotProtect as problem:
            if problem.count == count:
                continue
        return table
    return standing[-1]


def _cells_that_go(tables: Sequence[CountedTable]) -> dict[str, int]:
    """How many cells cannot be shown without each count: those that show it and those computed from it."""
    needed: dict[str, int] = {}
    for cell in (cell for table in tables for cell in table.cells):
        for name in {*cell.depends_on, *([cell.quantity] if cell.quantity else [])}:
            needed[name] = needed.get(name, 0) + 1
    return needed


def _withheld_as(quantity: str | None, status: str, hidden: dict[str, str], whole_table: bool) -> str | None:
    if whole_table and status == CONFIDENTIAL:
        return WHOLE_TABLE
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
        .with_columns(
            quantity=pl.when(pl.col("withheld_as") == WHOLE_TABLE)
            .then(pl.format("table {}", "table"))
            .otherwise(pl.col("quantity").fill_null(pl.col("depends_on"))),
            kind=pl.col("withheld_as"),
        )
        .group_by("kind", "quantity", maintain_order=True)
        .agg(tables=pl.col("table").unique().sort().cast(pl.String).str.join(", "), cells=pl.len().cast(pl.Int32))
        .with_columns(reason=pl.col("kind").replace_strict(REASONS, return_dtype=pl.String))
        .sort("kind", "quantity")
        .select(list(LOG_COLUMNS))
    )
