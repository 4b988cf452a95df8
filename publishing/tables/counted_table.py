"""What a table is made of: cells, the counts they show, and which counts add up to which.

Belongs here: the vocabulary that every table function uses (`CountedTable`, `Cell`, `Sum`) and the small helpers to
build cells. Does not belong here: any particular table, its title and notes, what may be shown
(publishing/disclosure).

A count has a name, its *quantity*, e.g. "ATR/linked/Completed/reconvicted". The same name in two tables is the same
number: disclosure control hides it in both or in neither.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from publishing.tables.declared import Measure, Row, Unit, limits_of
from resources.drift.proportions import wilson

DECIMALS = {
    "count": 0,
    "percent": 0,
    "points": 0,
    "odds ratio": 2,
    "p value": 3,
    "days": 0,
    "days of use": 1,
    "change in days": 1,
}
DIFFERENCES = ("points", "change in days")  # units of figures that may be below 0
# Units of figures that describe a group of records, the base. Odds ratios compare groups.
HAS_BASE = ("percent", "points", "days", "days of use", "change in days", "count")


@dataclass(frozen=True)
class Cell:
    """One cell: a named count, a figure derived from named counts, or words.

    row, measure: of the catalogue. quantity: name of the count shown.
    depends_on: names of the counts that a derived figure is computed from, or that words give away; the last is the
    base of a figure of a unit that has one (HAS_BASE).
    text: what stands in the cell when there is no value: words, or shorthand such as "[z]". is_share: the value is the
    first of depends_on as a percentage of the last.
    """

    row: Row
    measure: Measure
    unit: Unit
    value: float | None
    quantity: str | None = None
    depends_on: tuple[str, ...] = ()
    text: str | None = None
    is_share: bool = False


@dataclass(frozen=True)
class Sum:
    """The count `total` is the sum of the counts `parts`."""

    total: str
    parts: tuple[str, ...]


@dataclass
class CountedTable(ABC):
    """A table under construction: `key` is the name that its publication has it under.

    counts: every count behind the table, also those not shown. known: counts that a reader is taken to know although no
    table shows them; they are neither protected nor withheld. differences: counts that stand for no group of people,
    such as records that were imputed; they are not protected. least: what a reader knows a count to be at least, beyond
    that a withheld one is not 0.
    """

    key: str
    counts: dict[str, int] = field(default_factory=dict[str, int])
    cells: list[Cell] = field(default_factory=list[Cell])
    sums: list[Sum] = field(default_factory=list[Sum])
    known: set[str] = field(default_factory=set[str])
    differences: set[str] = field(default_factory=set[str])
    least: dict[str, int] = field(default_factory=dict[str, int])

    @property
    @abstractmethod
    def number(self) -> int:
        """The number by which readers know it; the tables of a publication are in this order."""

    def count(self, row: Row, measure: Measure, quantity: str) -> None:
        """Add a cell that shows a named count."""
        self.cells.append(Cell(row, measure, "count", float(self.counts[quantity]), quantity=quantity))

    def percent(self, row: Row, measure: Measure, quantity: str, base: str) -> None:
        """Add a cell that shows one count as a percentage of another; "[x]" when there is nothing to divide by."""
        whole = self.counts[base]
        value = 100 * self.counts[quantity] / whole if whole else None
        self.cells.append(Cell(row, measure, "percent", value, depends_on=(quantity, base), text="[x]", is_share=True))

    def percent_with_limits(self, row: Row, measure: Measure, quantity: str, base: str, level: float) -> None:
        """Add a share as `percent` does, and its Wilson limits of the coverage `level` in columns of their own."""
        self.percent(row, measure, quantity, base)
        whole = self.counts[base]
        limits = wilson(self.counts[quantity] / whole, whole, level) if whole else (None, None)
        for column, limit in zip(limits_of(measure), limits, strict=True):
            value = None if limit is None else 100 * limit
            self.cells.append(Cell(row, column, "percent", value, depends_on=(quantity, base), text="[x]"))

    def words(self, row: Row, measure: Measure, text: str, depends_on: tuple[str, ...] = ()) -> None:
        """Add a cell that holds words or shorthand, with the counts that it would give away."""
        self.cells.append(Cell(row, measure, "text", None, depends_on=depends_on, text=text))

    def add_up(self, total: str, *parts: str) -> None:
        """Declare that `parts` make up `total`."""
        self.sums.append(Sum(total, parts))
