"""Looks up what a published table shows: the only way for report and charts to reach a figure.

Belongs here: reading cells by key. Does not belong here: values before disclosure control, which keys there are
(catalogue/).
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from publishing.disclosure.disclosure_control import LOW, SHOWN
from publishing.tables.declared import as_key

_OF_NO_TYPE_STUDIED = {"shown": "[x]", "status": "[x]", "unit": "text", "value": None}


class ShownCells:
    """What the published tables show, by keys of table, row and column.

    A key may be written as the values that it is made of: "linked/Dropped out" is the row linked/dropped_out. Where one
    type of requirement is studied, its cells are those of all. A cell of a type that is not studied is "[x]", not
    available; any other that is not there is a KeyError.
    """

    def __init__(self, cells: pl.DataFrame):
        self._cells: dict[tuple[str, str, str], dict] = {}
        self._rows: dict[str, dict[str, dict]] = {}
        self._measures: dict[str, dict[str, str]] = {}
        for cell in cells.iter_rows(named=True):
            table, row, measure = cell["table_key"], cell["row_key"], cell["measure_key"]
            self._cells[table, row, measure] = cell
            self._rows.setdefault(table, {}).setdefault(row, cell)
            self._measures.setdefault(table, {}).setdefault(measure, cell["measure"])
        parts = {part for _, row, measure in self._cells for key in (row, measure) for part in key.split("/")}
        self._studied = [kind for kind in map(as_key, TYPES) if kind in parts]
        self._not_studied = {as_key(kind) for kind in TYPES} - parts

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
        key = as_key(row)
        return self._rows[table].get(key) or self._rows[table][self._of_the_type(key)]

    def _cell(self, table: str, row: str, measure: str) -> dict:
        row, measure = as_key(row), as_key(measure)
        found = self._cells.get((table, row, measure))
        if found is None and len(self._studied) == 1:
            row, measure = (self._of_the_type(key) for key in (row, measure))
            found = self._cells.get((table, row, measure)) or self._cells.get((table, as_key(ALL), measure))
        if found is None and not self._not_studied.isdisjoint((*row.split("/"), *measure.split("/"))):
            return _OF_NO_TYPE_STUDIED
        if found is None:
            raise KeyError((table, row, measure))
        return found

    def _of_the_type(self, key: str) -> str:
        """The key with the one type studied in place of all."""
        return "/".join(self._studied[0] if part == as_key(ALL) else part for part in key.split("/"))


def joined(parts: list[str]) -> str:
    """Parts of a sentence with commas and a last "and"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1]
