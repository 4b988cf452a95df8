"""What the published tables show, as a reader finds it: by number of the table, words of the row and of the column.

Tests look a figure up here where they mean what a reader sees. Under the same name it is what report and charts are
given, which look figures up by key.
"""

from typing import Any

import polars as pl

from publication_assets.catalogue.tables import by_number
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.wording import Wording

AS_NAMED = Wording({})


class SeenCells(ShownCells):
    """Cells by key, and by words where the table is given as its number. `wording` fills phrases in words in."""

    def __init__(self, cells: pl.DataFrame, wording: Wording = AS_NAMED):
        super().__init__(cells)
        self._wording = wording
        self._words = {
            (table, column, words): key
            for table, row, label, measure, header in cells.select(
                "table", "row_key", "row_label", "measure_key", "measure"
            )
            .unique(maintain_order=True)
            .reverse()
            .iter_rows()
            for column, words, key in (("row", label, row), ("measure", header, measure))
        }
        self._grouped = {
            (table, group, label): row
            for table, group, label, row in cells.select("table", "row_group", "row_label", "row_key").iter_rows()
        }

    def text(self, table: Any, row: str, measure: str, group: str | None = None) -> str:
        return super().text(*self._keys(table, row, measure, group))

    def percent(self, table: Any, row: str, measure: str, group: str | None = None) -> str:
        table, row, measure = self._keys(table, row, measure, group)
        shown = super().text(table, row, measure)
        return shown if shown.startswith("[") else f"{shown}%"

    def value(self, table: Any, row: str, measure: str, group: str | None = None) -> Any:
        return super().value(*self._keys(table, row, measure, group))

    def rows(self, table: Any, within: str = "") -> list:
        if not isinstance(table, int):
            return super().rows(table, within)
        return [(group, label) for number, group, label in self._grouped if number == table]

    def measures(self, table: Any) -> list[str]:
        if not isinstance(table, int):
            return super().measures(table)
        return [self.header(by_number(table).key, key) for key in super().measures(by_number(table).key)]

    def _keys(self, table: Any, row: str, measure: str, group: str | None) -> tuple[str, str, str]:
        if not isinstance(table, int):
            return table, row, measure
        row, measure = self._wording(row), self._wording(measure)
        found = self._words[table, "row", row] if group is None else self._grouped[table, self._wording(group), row]
        return by_number(table).key, found, self._words[table, "measure", measure]
