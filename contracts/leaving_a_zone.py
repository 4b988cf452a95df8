"""What may be told of counts and shares that leave a zone: the rule, and rows that keep to it.

Belongs here: the rounding of counts, when a share is withheld, the marks, the rows of tables of figures that cross.
Does not belong here: which figures there are (steps of the zones); the tables that are published, which have rules of
their own (publishing/disclosure).

    count    rounded to the nearest multiple of the disclosure threshold: 1 to 4 are never shown, and nothing exact is
             left from which one could be subtracted
    share    of rounded counts; [u] when its base is under the minimum, [x] when there is none
"""

from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

import polars as pl

from resources.records.shown_counts import rounded

SHOWN, UNRELIABLE, NOT_AVAILABLE = "shown", "[u]", "[x]"
DIGITS = 4  # of a percentage
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
Told = tuple[str | float | None, ...]  # values of ROWS


@dataclass
class LeavingCells:
    """Collects figures. base: what counts are rounded to. minimum_base: records a share needs to be shown."""

    base: int
    minimum_base: int
    rows: list[Told] = field(default_factory=list[Told])

    def rounded(self, number: int) -> int:
        """A count as it may be shown."""
        return rounded(number, self.base)

    def figures(self) -> pl.DataFrame:
        """Everything so far, columns as ROWS."""
        return pl.DataFrame(self.rows, schema=ROWS, orient="row")


Cells = TypeVar("Cells", bound=LeavingCells)


@dataclass
class LeavingRow(Generic[Cells]):
    """One row under construction; every method adds one measure and returns the row."""

    cells: Cells
    section: str
    group: str
    label: str

    def count(self, measure: str, number: int) -> Self:
        """A count of records or people, rounded."""
        return self.add(measure, "count", self.cells.rounded(number))

    def percent(self, measure: str, part: int, whole: int) -> Self:
        """Share of one count in another, percent, from the rounded counts."""
        return self.share_of(measure, self.cells.rounded(part), self.cells.rounded(whole))

    def share_of(self, measure: str, part: float, whole: float) -> Self:
        """Share of one number that may be told in another, percent; withheld when the other is small."""
        if not whole:
            return self.absent(measure, "percent")
        if whole < self.cells.minimum_base:
            return self.withheld(measure, "percent")
        return self.add(measure, "percent", round(100 * part / whole, DIGITS))

    def words(self, measure: str, words: str) -> Self:
        """Words, or what identifies an engine."""
        return self.add(measure, "words", None, words=words)

    def withheld(self, measure: str, unit: str) -> Self:
        """A figure whose base is too small."""
        return self.add(measure, unit, None, status=UNRELIABLE)

    def absent(self, measure: str, unit: str) -> Self:
        """A figure that there is nothing to compute from."""
        return self.add(measure, unit, None, status=NOT_AVAILABLE)

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
        """A figure as it is: whoever calls this has made sure that it may be told."""
        numbers = [None if number is None else float(number) for number in (value, lower, upper)]
        self.cells.rows.append((self.section, self.group, self.label, measure, unit, *numbers, words, status))
        return self
