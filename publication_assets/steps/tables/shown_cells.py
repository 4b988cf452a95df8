"""Looks up what a published table shows: the only way for report and charts to reach a figure.

Belongs here: reading cells by key. Does not belong here: values before disclosure control, which keys there are
(catalogue/).
"""

import polars as pl

from contracts.vocabulary import ALL
from publishing.disclosure.disclosure_control import LOW, SHOWN
from publishing.tables.declared import and_limits, as_key
from resources.drift.proportions import wilson

LEVEL = 0.95  # of limits that are computed again; any others are left as published
ROUNDED = 0.5 + 1e-9


class ShownCells:
    """What the published tables show, by keys of table, row and column.

    A key may be written as the values that it is made of: "linked/Dropped out" is the row linked/dropped_out. A cell
    that is not there is a KeyError.
    """

    def __init__(self, cells: pl.DataFrame):
        self._cells: dict[tuple[str, str, str], dict] = {}
        self._rows: dict[str, dict[str, dict]] = {}
        self._measures: dict[str, dict[str, str]] = {}
        self._counts: dict[str, float] = {}
        for cell in cells.iter_rows(named=True):
            table, row, measure = cell["table_key"], cell["row_key"], cell["measure_key"]
            self._cells[table, row, measure] = cell
            self._rows.setdefault(table, {}).setdefault(row, cell)
            self._measures.setdefault(table, {}).setdefault(measure, cell["measure"])
            if cell.get("quantity") is not None and cell["status"] == SHOWN:
                self._counts[cell["quantity"]] = cell["value"]

    @property
    def tables(self) -> set[str]:
        """Keys of the tables that there are."""
        return set(self._rows)

    def text(self, table: str, row: str, measure: str) -> str:
        """What stands in the cell, e.g. "1,234" or "[c]"."""
        return self._cell(table, row, measure)["shown"]

    def percent(self, table: str, row: str, measure: str) -> str:
        """A percentage with its sign, or the shorthand in its place."""
        shown = self.text(table, row, measure)
        return shown if shown.startswith("[") else f"{shown}%"

    def value(self, table: str, row: str, measure: str) -> float | None:
        """The number as published (rounded), or None when the cell shows no number; "[low]" is 0."""
        cell = self._cell(table, row, measure)
        if cell["unit"] == "text" or cell["status"] not in (SHOWN, LOW):
            return None
        return cell["value"]

    def estimate(self, table: str, row: str, measure: str) -> list[float | None]:
        """A share with its lower and upper limits, to be compared with others; None for what is withheld.

        Where both counts are shown, it is as exact as they are: whole percentages would call groups alike that differ.
        """
        published = [self.value(table, row, name) for name in and_limits(measure)]
        share = self._cell(table, row, measure)
        names = share["depends_on"].split("; ") if share.get("is_share") else [""]
        part, base = names[0], names[-1]
        if part not in self._counts or not self._counts.get(base):
            return published
        exact, whole = self._counts[part] / self._counts[base], self._counts[base]
        found = [100 * each for each in (exact, *wilson(exact, whole, LEVEL))]
        alike = all(b is not None and abs(a - b) <= ROUNDED for a, b in zip(found, published, strict=True))
        return [*found] if alike else published

    def rows(self, table: str, within: str = "") -> list[str]:
        """Keys of the rows of a table, in order; `within`: those that begin with this part."""
        begins = f"{as_key(within)}/" if within else ""
        return [row for row in self._rows[table] if row.startswith(begins)]

    def levels(self, table: str, *but: str) -> list[str]:
        """Keys of the rows of a table without those of all, and without `but`."""
        left_out = {as_key(row) for row in (ALL, "linked", *but)}
        return [row for row in self._rows[table] if row not in left_out]

    def label(self, table: str, row: str) -> str:
        """What a row is called."""
        return self._row(table, row)["row_label"]

    def group(self, table: str, row: str) -> str:
        """What the group of a row is called; empty where a table has none."""
        return self._row(table, row)["row_group"]

    def measures(self, table: str) -> list[str]:
        """Keys of the columns of a table, in order."""
        return list(self._measures[table])

    def header(self, table: str, measure: str) -> str:
        """What a column is called."""
        return self._measures[table][as_key(measure)]

    def _row(self, table: str, row: str) -> dict:
        return self._rows[table][as_key(row)]

    def _cell(self, table: str, row: str, measure: str) -> dict:
        return self._cells[table, as_key(row), as_key(measure)]


def joined(parts: list[str]) -> str:
    """Parts of a sentence with commas and a last "and"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1]
