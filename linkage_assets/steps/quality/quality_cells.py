"""Puts figures of the linkage quality report into rows, after disclosure control.

Belongs here: what may be shown of a count, a share and an expected count. Does not belong here: which figures there
are (collect_linkage_quality.py, linkage_quality_sections.py).

    count                     rounded to the nearest multiple of the disclosure threshold: 1 to 4 are never shown, and
                              nothing exact is left from which one could be subtracted
    share                     of rounded counts; [u] when its base is under the minimum
    expected count, estimate  a sum of probabilities, not a count of records: as it is
"""

from dataclasses import dataclass, field

import polars as pl

from resources.records.shown_counts import rounded

SHOWN, UNRELIABLE, NOT_AVAILABLE = "shown", "[u]", "[x]"
SCHEMA = {
    "order": pl.Int32,
    "section": pl.String,
    "row_group": pl.String,
    "row_label": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "words": pl.String,
    "status": pl.String,
    "synthetic": pl.Boolean,
}


@dataclass
class QualityCells:
    """Collects the figures. base: what counts are rounded to. minimum_base: records a share needs to be shown."""

    base: int
    minimum_base: int
    rows: list[tuple] = field(default_factory=list)

    def row(self, section: str, label: str, group: str = "") -> "QualityRow":
        """A row of a section, to which measures are added."""
        return QualityRow(self, section, group, label)

    def rounded(self, number: int) -> int:
        """A count as it may be shown."""
        return rounded(number, self.base)

    def frame(self, synthetic: bool) -> pl.DataFrame:
        """Everything as contracts/crossings.py LinkageQuality."""
        rows = [(order, *row, synthetic) for order, row in enumerate(self.rows, start=1)]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@dataclass
class QualityRow:
    """One row under construction; every method adds one measure and returns the row."""

    cells: QualityCells
    section: str
    group: str
    label: str

    def count(self, measure: str, number: int) -> "QualityRow":
        """A count of records or people, rounded."""
        return self._add(measure, "count", self.cells.rounded(number))

    def percent(self, measure: str, part: int, whole: int) -> "QualityRow":
        """Share of one count in another, percent, from the rounded counts."""
        part, whole = self.cells.rounded(part), self.cells.rounded(whole)
        return self._share(measure, part, whole)

    def expected_percent(self, measure: str, part: float, whole: float) -> "QualityRow":
        """Share of an expected count in a count or expected count, percent."""
        return self._share(measure, part, whole)

    def number(self, measure: str, unit: str, value: float | None, digits: int) -> "QualityRow":
        """A figure that is no count: a probability, bits, a difference, an estimate."""
        if value is None:
            return self._add(measure, unit, None, status=NOT_AVAILABLE)
        return self._add(measure, unit, round(value, digits))

    def share(self, measure: str, share: float | None) -> "QualityRow":
        """A share estimated elsewhere, 0 to 1, as a percentage."""
        return self.number(measure, "percent", None if share is None else 100 * share, 4)

    def withheld(self, measure: str, unit: str) -> "QualityRow":
        """A figure whose base is too small."""
        return self._add(measure, unit, None, status=UNRELIABLE)

    def words(self, measure: str, words: str) -> "QualityRow":
        """Fixed words."""
        return self._add(measure, "words", None, words)

    def _share(self, measure: str, part: float, whole: float) -> "QualityRow":
        if not whole:
            return self._add(measure, "percent", None, status=NOT_AVAILABLE)
        if whole < self.cells.minimum_base:
            return self.withheld(measure, "percent")
        return self._add(measure, "percent", round(100 * part / whole, 4))

    def _add(self, measure: str, unit: str, value: float | None, words: str | None = None, status: str = SHOWN):
        number = None if value is None else float(value)
        self.cells.rows.append((self.section, self.group, self.label, measure, unit, number, words, status))
        return self
