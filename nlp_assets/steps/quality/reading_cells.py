"""Puts figures of how well notes are read into rows, after disclosure control.

Belongs here: what may be told of a confusion matrix, and estimates with limits. Does not belong here: what may be told
of other counts and shares (contracts/leaving_a_zone.py), which figures there are (reading_quality.py).

    confusion matrix        exact, unless one of its counts is from 1 to one below the threshold: then all four are
                            rounded, and every share is of the rounded counts, so that none can be worked out; its
                            interval covers whatever the count may have been, and kappa has one decimal
"""

from dataclasses import dataclass
from typing import Self

from contracts.leaving_a_zone import DIGITS, SHOWN, LeavingCells, LeavingRow
from nlp_assets.steps.quality.confusion import Confusion, Estimate


@dataclass
class ReadingCells(LeavingCells):
    """Collects the figures of reading notes."""

    def row(self, section: str, label: str, group: str = "") -> "ReadingRow":
        """A row of a section, to which measures are added."""
        return ReadingRow(self, section, group, label)

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


@dataclass
class ReadingRow(LeavingRow[ReadingCells]):
    """One row of reading notes under construction."""

    def given(self, measure: str, number: float) -> Self:
        """A count that was disclosed already, or a number of the design, as it is."""
        return self.add(measure, "count", number)

    def share(self, measure: str, estimate: Estimate) -> Self:
        """A share with its interval, in percent; [u] when of too few cases."""
        return self._estimate(measure, "percent", estimate, 100)

    def expected(self, measure: str, estimate: Estimate) -> Self:
        """An expected count with its interval; [u] when estimated from too few cases."""
        return self._estimate(measure, "estimate", estimate, 1)

    def kappa(self, estimate: Estimate, is_rounded: bool) -> Self:
        """Kappa of exact counts with its interval, to one decimal where the counts are shown rounded."""
        if estimate.value is None or estimate.lower is None or estimate.upper is None:
            return self._estimate("kappa", "number", estimate, 1)
        digits = 1 if is_rounded else DIGITS
        value, lower, upper = (round(number, digits) for number in (estimate.value, estimate.lower, estimate.upper))
        return self._estimate("kappa", "number", Estimate(value, lower, upper, estimate.base), 1)

    def number(self, measure: str, value: float | None) -> Self:
        """A figure that is no count, such as a mean."""
        return self.absent(measure, "number") if value is None else self.add(measure, "number", value)

    def add(
        self,
        measure: str,
        unit: str,
        value: float | None,
        lower: float | None = None,
        upper: float | None = None,
        words: str | None = None,
        status: str = SHOWN,
    ) -> Self:
        """A figure rounded to DIGITS decimals, which are more than anything of notes is known to."""
        numbers = (None if number is None else round(float(number), DIGITS) for number in (value, lower, upper))
        return super().add(measure, unit, *numbers, words=words, status=status)

    def _estimate(self, measure: str, unit: str, estimate: Estimate, times: int) -> Self:
        if estimate.value is None or estimate.lower is None or estimate.upper is None:
            return self.absent(measure, unit)
        if estimate.base < self.cells.minimum_base:
            return self.withheld(measure, unit)
        return self.add(measure, unit, times * estimate.value, times * estimate.lower, times * estimate.upper)
