"""Puts figures of the linkage quality report into rows, after disclosure control.

Belongs here: figures that are no count. Does not belong here: what may be told of counts and shares
(contracts/leaving_a_zone.py), which figures there are (collect_linkage_quality.py, linkage_quality_sections.py).

    expected count, estimate  a sum of probabilities, not a count of records: as it is
"""

from dataclasses import dataclass
from typing import Self

import polars as pl

from contracts.leaving_a_zone import DIGITS, LeavingCells, LeavingRow


@dataclass
class QualityCells(LeavingCells):
    """Collects the figures of linkage quality."""

    def row(self, section: str, label: str, group: str = "") -> "QualityRow":
        """A row of a section, to which measures are added."""
        return QualityRow(self, section, group, label)

    def frame(self, synthetic: bool) -> pl.DataFrame:
        """Everything as contracts/crossings.py LinkageQuality."""
        figures = self.figures().with_columns(synthetic=pl.lit(synthetic))
        return figures.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("order"), pl.all())


@dataclass
class QualityRow(LeavingRow[QualityCells]):
    """One row of linkage quality under construction."""

    def expected_percent(
        self, measure: str, part: float, whole: float, limits: tuple[float, float] | None = None
    ) -> Self:
        """Share of an expected count in a count or expected count, percent; with its limits, from 0 to 1, if given."""
        if limits is None or whole < self.cells.minimum_base:
            return self.share_of(measure, part, whole)
        value, lower, upper = (round(100 * share, DIGITS) for share in (part / whole, *limits))
        return self.add(measure, "percent", value, lower, upper)

    def number(self, measure: str, unit: str, value: float | None, digits: int) -> Self:
        """A figure that is no count: a probability, bits, a difference, an estimate."""
        if value is None:
            return self.absent(measure, unit)
        return self.add(measure, unit, round(value, digits))

    def share(self, measure: str, share: float | None) -> Self:
        """A share estimated elsewhere, 0 to 1, as a percentage."""
        return self.number(measure, "percent", None if share is None else 100 * share, DIGITS)
