"""The blocks of the page that sets the published study beside a run: its tables of figures, and the choice among them.

Belongs here: what such a table has that others lack: a result for each row, by which a reader can choose rows. Does not
belong here: the comparison itself (steps/comparison). A page shows these blocks; there is no such document on paper.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ComparedRow:
    """A published figure beside ours, as text. note: number of its explanation below the table, or none."""

    id: str
    where: str
    what: str
    published: str
    ours: str
    ours_from: str
    difference: str
    tolerance: str
    agreement: str
    explanation: str
    note: int | None

    @property
    def key(self) -> str:
        """Name of the result in the markup."""
        return self.agreement.replace(" ", "-")


@dataclass(frozen=True)
class Compared:
    """A table of compared figures; notes: the explanations that several rows share or that are long."""

    kind: ClassVar[str] = "compared"
    name: str
    caption: str
    rows: list[ComparedRow]
    notes: list[str]


@dataclass(frozen=True)
class RowFilter:
    """Buttons that leave the rows of one result in the tables that follow."""

    kind: ClassVar[str] = "filter"
    results: list[str]
