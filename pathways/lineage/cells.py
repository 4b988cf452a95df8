"""Finds published cells by what a reader sees of them: table number, row and column.

Only what is published is read and shown. Does not belong here: what a cell was made from (walk.py).
"""

import polars as pl


class CellNotFound(Exception):
    """No cell, or no table, is named so; says what there is, and how to ask."""


def find_cells(cells: pl.DataFrame, table: int, row: str | None, column: str | None) -> pl.DataFrame:
    """Cells of a published table whose row label or group, and header, contain the given words, in any case.

    Columns row_key, measure_key, row_group, row_label, measure, unit, shown, status. Raises CellNotFound.
    """
    of_table = cells.filter(pl.col("table") == table)
    if of_table.is_empty():
        numbers = ", ".join(str(number) for number in cells["table"].unique().sort())
        raise CellNotFound(f"There is no table {table} in this publication. Its tables are {numbers}.")
    found = of_table
    if row:
        exact = _is(pl.col("row_label"), row) | _is(pl.col("row_group"), row)
        within = _holds(pl.col("row_label"), row) | _holds(pl.col("row_group"), row)
        found = _narrowed(found, exact, within)
    if column:
        found = _narrowed(found, _is(pl.col("measure"), column), _holds(pl.col("measure"), column))
    if found.is_empty():
        rows = list(dict.fromkeys(of_table["row_label"]))
        columns = list(dict.fromkeys(of_table["measure"]))
        raise CellNotFound(
            f"No cell of table {table} has such a row and column.\n  rows: {'; '.join(rows)}\n  "
            f"columns: {'; '.join(columns)}"
        )
    return found.select("row_key", "measure_key", "row_group", "row_label", "measure", "unit", "shown", "status")


def _narrowed(cells: pl.DataFrame, exact: pl.Expr, within: pl.Expr) -> pl.DataFrame:
    found = cells.filter(exact)
    return cells.filter(within) if found.is_empty() else found


def _is(column: pl.Expr, words: str) -> pl.Expr:
    return column.str.to_lowercase() == words.lower()


def _holds(column: pl.Expr, words: str) -> pl.Expr:
    return column.str.to_lowercase().str.contains(words.lower(), literal=True)
