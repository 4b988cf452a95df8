"""Looks up what a published table shows: the only way for report and charts to reach a figure.

Belongs here: reading cells by name. Does not belong here: values before disclosure control.
"""

import polars as pl

from publication_assets.steps.disclosure.disclosure_control import LOW, SHOWN
from publication_assets.steps.tables.wording import AS_NAMED, Wording


class ShownCells:
    """What the published tables show, by table number, row label and column header.

    Labels and headers may name phrases in braces, which `wording` fills in as in the tables themselves.
    """

    def __init__(self, cells: pl.DataFrame, wording: Wording = AS_NAMED):
        self._wording = wording
        self.tables = set(cells["table"])
        self._cells = {
            (cell["table"], cell["row_group"], cell["row_label"], cell["measure"]): cell
            for cell in cells.iter_rows(named=True)
        }
        self._groups: dict[tuple[int, str], str] = {}
        for table, group, label, _ in self._cells:
            self._groups.setdefault((table, label), group)

    def text(self, table: int, label: str, measure: str, group: str | None = None) -> str:
        """What stands in the cell, e.g. "1,234" or "[c]"."""
        return self._cell(table, label, measure, group)["shown"]

    def percent(self, table: int, label: str, measure: str, group: str | None = None) -> str:
        """A percentage with its sign, or the shorthand in its place."""
        shown = self.text(table, label, measure, group)
        return shown if shown.startswith("[") else f"{shown}%"

    def value(self, table: int, label: str, measure: str, group: str | None = None) -> float | None:
        """The number as published (rounded), or None when the cell shows no number; "[low]" is 0."""
        cell = self._cell(table, label, measure, group)
        if cell["unit"] == "text" or cell["status"] not in (SHOWN, LOW):
            return None
        return cell["value"]

    def rows(self, table: int) -> list[tuple[str, str]]:
        """Group and label of each row of a table, in order."""
        return list(dict.fromkeys((group, label) for number, group, label, _ in self._cells if number == table))

    def measures(self, table: int) -> list[str]:
        """Column headers of a table, in order."""
        return list(dict.fromkeys(measure for number, _, _, measure in self._cells if number == table))

    def _cell(self, table: int, label: str, measure: str, group: str | None) -> dict:
        label, measure = self._wording(label), self._wording(measure)
        found = self._groups[(table, label)] if group is None else self._wording(group)
        return self._cells[(table, found, label, measure)]


def joined(parts: list[str]) -> str:
    """Parts of a sentence with commas and a last "and"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1]
