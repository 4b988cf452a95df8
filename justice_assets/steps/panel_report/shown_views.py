"""What the published tables of the views show: the only way for the panel's report to reach a figure.

Belongs here: reading cells as text, and tables of some of them. Does not belong here: which a question needs
(answers.py), values before disclosure control.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.catalogue.wording import filled
from publishing.charts.bar_charts import Bar
from publishing.documents.document import Grid
from publishing.tables.declared import as_key

SHORTHAND = {
    "[c]": "a number that is withheld, because it is under the threshold or would give one away",
    "[u]": "a percentage or an odds ratio of too few records to be shown",
    "[low]": "a number above 0 that rounds to 0",
    "[x]": "not available: there is nothing to divide by, or it cannot be estimated",
    "[z]": "not applicable: the others are compared with it",
}


class ShownViews:
    """Cells of published_views by the keys of table, row and column."""

    def __init__(self, cells: pl.DataFrame, mark: str, by_name: Mapping[str, str]):
        """cells: published_views. mark: what titles end with. by_name: phrases of settings (catalogue/wording.py)."""
        self._mark, self._by_name = mark, by_name
        self._cells: dict[tuple[str, str, str], tuple[str, float | None]] = {}
        self._rows: dict[str, list[tuple[str, str, str]]] = {}
        columns = ("table_key", "row_key", "measure_key", "row_group", "row_label", "shown", "value", "status")
        for table, row, measure, group, label, shown, value, status in cells.select(columns).iter_rows():
            self._cells[table, row, measure] = shown, value if status in ("shown", "[low]") else None
            rows = self._rows.setdefault(table, [])
            if (row, group, label) not in rows:
                rows.append((row, group, label))

    def said(self, words: str) -> str:
        """Words with the phrases of the settings filled in."""
        return filled(words, self._by_name)

    def percent(self, table: str, row: str, part: str) -> str:
        """The share of a part in a row with its sign, or the shorthand in its place; [x] where there is none."""
        shown, _ = self._cells.get((table, as_key(row), as_key(f"share/{part}")), ("[x]", None))
        return shown if shown.startswith("[") else f"{shown}%"

    def count(self, table: str, row: str) -> str:
        """All records of a row."""
        return self._cells.get((table, as_key(row), "all"), ("[x]", None))[0]

    def text(self, table: str, row: str, measure: str) -> str:
        """What stands in a cell; [x] where there is none."""
        return self._cells.get((table, as_key(row), as_key(measure)), ("[x]", None))[0]

    def value(self, table: str, row: str, measure: str) -> float | None:
        """The number of a cell, where one is shown."""
        return self._cells.get((table, as_key(row), as_key(measure)), ("[x]", None))[1]

    def rows(self, table: str) -> list[str]:
        """Keys of all rows of a table, in order."""
        return [row for row, _, _ in self._rows.get(table, [])]

    def labels(self, table: str, column: str) -> list[tuple[str, str]]:
        """Key and label of each row of a column of the view, in order."""
        return [(row, label) for row, _, label in self._rows.get(table, []) if row.startswith(f"{column}/")]

    def beside(self, table: str, column: str, part: str) -> str:
        """The share of a part in every row of a column, as words: "28% (under 6 months), 24% (6 months and over)"."""
        said = [f"{self.percent(table, row, part)} ({label})" for row, label in self.labels(table, column)]
        return ", ".join(said)

    def range(self, table: str, column: str, part: str) -> str:
        """The lowest and the highest share of a part in the rows of a column, as words, but of what is not recorded."""
        shown = [
            (value, label)
            for row, label in self.labels(table, column)
            if label != NOT_RECORDED and (value := self.value(table, row, f"share/{part}")) is not None
        ]
        if not shown:
            return "[x]"
        (low, least), (high, most) = min(shown), max(shown)
        return f"{low:g}% in each" if low == high else f"from {low:g}% ({least}) to {high:g}% ({most})"

    def measures(self, table: str, columns: Sequence[str], measures: Sequence[tuple[str, str]]) -> Grid:
        """A table of the report with columns of its own: the rows of some columns, and cells by their measures."""
        declared, headings = VIEW_TABLES[table], dict(VIEW_TABLES[table].rows)
        rows = [
            [f"{headings[column]}: {label}", *(self.text(table, row, measure) for measure, _ in measures)]
            for column in columns
            for row, label in self.labels(table, column)
        ]
        title = f"Table {declared.number}: {declared.title}{self._mark}"
        return Grid(title, ["Group", *(self.said(words) for _, words in measures)], rows)

    def grid(self, table: str, columns: Sequence[str], parts: Sequence[tuple[str, str]]) -> Grid:
        """A table of the report: all, then the rows of some columns, with their number and the share of each part."""
        declared, headings = VIEW_TABLES[table], dict(VIEW_TABLES[table].rows)
        rows: list[list[str]] = [self._line(table, "all", "All", parts)] if declared.has_all else []
        for column in columns:
            rows += [
                self._line(table, row, f"{headings[column]}: {label}" if len(columns) > 1 else label, parts)
                for row, label in self.labels(table, column)
            ]
        first = headings[columns[0]] if len(columns) == 1 else "Group"
        headers = [
            first,
            f"{declared.noun[:1].upper()}{declared.noun[1:]}",
            *(f"{self.said(words)} (%)" for _, words in parts),
        ]
        title = f"Table {declared.number}: {declared.title}{self._mark}"
        return Grid(title, headers, rows)

    def bars(self, table: str, column: str, parts: Sequence[tuple[str, str]]) -> list[Bar]:
        """The share of each part in every row of a column, as bars."""
        found: list[Bar] = []
        for row, label in self.labels(table, column):
            for part, words in parts:
                _, value = self._cells.get((table, row, as_key(f"share/{part}")), ("[x]", None))
                found.append(Bar(label, self.said(words), value, self.percent(table, row, part)))
        return found

    def _line(self, table: str, row: str, label: str, parts: Sequence[tuple[str, str]]) -> list[str]:
        return [label, self.count(table, row), *(self.percent(table, row, part).rstrip("%") for part, _ in parts)]
