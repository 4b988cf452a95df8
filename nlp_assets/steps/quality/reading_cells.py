"""Puts figures of how well notes are read into rows, after disclosure control.

Belongs here: what may be shown of a count and a share. Does not belong here: which figures there are
(reading_quality.py).

    count of records        rounded to the nearest multiple of the disclosure threshold
    confusion matrix        exact, unless one of its counts is from 1 to one below the threshold: then all four are
                            rounded, and every share is of the rounded counts, so that none can be worked out; its
                            interval covers whatever the count may have been, and kappa has one decimal
    share of other counts   of rounded counts; [u] when its base is under the minimum
"""

from dataclasses import dataclass, field

import polars as pl

from nlp_assets.steps.quality.confusion import Confusion, Estimate
from resources.records.shown_counts import rounded

SHOWN, UNRELIABLE, NOT_AVAILABLE = "shown", "[u]", "[x]"
DIGITS = 4
ROWS = {
    "section": pl.String,
    "row_group": pl.String,
    "row_label": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "words": pl.String,
    "status": pl.String,
}


@dataclass
class ReadingCells:
    """Collects figures. base: what counts are rounded to. minimum_base: records a share needs to be shown."""

    base: int
    minimum_base: int
    rows: list[tuple] = field(default_factory=list)

    def row(self, section: str, label: str, group: str = "") -> "ReadingRow":
        """A row of a section, to which measures are added."""
        return ReadingRow(self, section, group, label)

    def rounded(self, number: int) -> int:
        """A count as it may be shown."""
        return rounded(number, self.base)

    def disclosed(self, found: Confusion) -> Confusion:
        """A confusion matrix as it may be shown."""
        if not any(0 < number < self.base for number in found.counts.values()):
            return found
        return Confusion(
            self.rounded(found.true_positives),
            self.rounded(found.false_positives),
            self.rounded(found.false_negatives),
            self.rounded(found.true_negatives),
            self.base // 2,
        )

    def frame(self) -> pl.DataFrame:
        """Everything so far, columns as ROWS."""
        return pl.DataFrame(self.rows, schema=ROWS, orient="row")


@dataclass
class ReadingRow:
    """One row under construction; every method adds one measure and returns the row."""

    cells: ReadingCells
    section: str
    group: str
    label: str

    def count(self, measure: str, number: int) -> "ReadingRow":
        """A count of records, rounded."""
        return self._add(measure, "count", self.cells.rounded(number))

    def given(self, measure: str, number: float) -> "ReadingRow":
        """A count that was disclosed already, or a number of the design, as it is."""
        return self._add(measure, "count", number)

    def percent(self, measure: str, part: int, whole: int) -> "ReadingRow":
        """Share of one count in another, percent, from the rounded counts."""
        part, whole = self.cells.rounded(part), self.cells.rounded(whole)
        if not whole:
            return self._add(measure, "percent", None, status=NOT_AVAILABLE)
        if whole < self.cells.minimum_base:
            return self._add(measure, "percent", None, status=UNRELIABLE)
        return self._add(measure, "percent", 100 * part / whole)

    def share(self, measure: str, estimate: Estimate) -> "ReadingRow":
        """A share with its interval, in percent; [u] when of too few cases."""
        return self._estimate(measure, "percent", estimate, 100)

    def expected(self, measure: str, estimate: Estimate) -> "ReadingRow":
        """An expected count with its interval; [u] when estimated from too few cases."""
        return self._estimate(measure, "estimate", estimate, 1)

    def kappa(self, estimate: Estimate, is_rounded: bool) -> "ReadingRow":
        """Kappa of exact counts with its interval, to one decimal where the counts are shown rounded."""
        if estimate.value is None or estimate.lower is None or estimate.upper is None:
            return self._estimate("kappa", "number", estimate, 1)
        digits = 1 if is_rounded else DIGITS
        value, lower, upper = (round(number, digits) for number in (estimate.value, estimate.lower, estimate.upper))
        return self._estimate("kappa", "number", Estimate(value, lower, upper, estimate.base), 1)

    def words(self, measure: str, words: str) -> "ReadingRow":
        """Fixed words, or what identifies an engine."""
        return self._add(measure, "words", None, words=words)

    def number(self, measure: str, value: float | None) -> "ReadingRow":
        """A figure that is no count, such as a mean."""
        if value is None:
            return self._add(measure, "number", None, status=NOT_AVAILABLE)
        return self._add(measure, "number", value)

    def withheld(self, measure: str, unit: str) -> "ReadingRow":
        """A figure whose base is too small."""
        return self._add(measure, unit, None, status=UNRELIABLE)

    def _estimate(self, measure: str, unit: str, estimate: Estimate, times: int) -> "ReadingRow":
        if estimate.value is None or estimate.lower is None or estimate.upper is None:
            return self._add(measure, unit, None, status=NOT_AVAILABLE)
        if estimate.base < self.cells.minimum_base:
            return self._add(measure, unit, None, status=UNRELIABLE)
        return self._add(measure, unit, times * estimate.value, times * estimate.lower, times * estimate.upper)

    def _add(
        self,
        measure: str,
        unit: str,
        value: float | None,
        lower: float | None = None,
        upper: float | None = None,
        words: str | None = None,
        status: str = SHOWN,
    ) -> "ReadingRow":
        numbers = [None if number is None else round(float(number), DIGITS) for number in (value, lower, upper)]
        self.cells.rows.append((self.section, self.group, self.label, measure, unit, *numbers, words, status))
        return self
