"""What a published table, its rows and its columns are declared as.

Belongs here: the classes, and how a key is written. Does not belong here: any table, row or column.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, Self

from contracts.vocabulary import ALL, TYPES

Unit = Literal["count", "percent", "points", "odds ratio", "p value", "days", "days of use", "change in days", "text"]
Types = tuple[str, ...]
_NO_PART_OF_A_KEY = re.compile(r"[^a-z0-9./]+")


@cache
def as_key(name: str) -> str:
    """`name` as a key: "linked/Dropped out" is "linked/dropped_out". A key stays as it is."""
    return _NO_PART_OF_A_KEY.sub("_", name.lower()).strip("_")


def noun_of(kind: str) -> str:
    """What requirements of a type are called; of all types a phrase (wording.py)."""
    return "{types}" if kind == ALL else f"{kind}s"


def shown_kinds(types: Types = TYPES) -> Types:
    """What tables show: all requirements and each type; where one type is studied, that."""
    return (ALL, *types) if len(types) > 1 else types


def and_limits(key: str) -> tuple[str, str, str]:
    """Keys of a column and of its lower and upper limits."""
    family, *member = key.split("/")
    value, lower, upper = ("/".join([family + ending, *member]) for ending in ("", "_lower", "_upper"))
    return value, lower, upper


class Measure(str):
    """A column of published tables: the header, with phrases in braces, its key and its unit.

    A family of columns is declared once, with names in braces that `of` fills in: the key of a member is that of the
    family, a "/" and what the member is of. Limits of "share" are "share_lower" and "share_upper".
    """

    __slots__ = ("key", "unit")
    key: str
    unit: Unit

    def __new__(cls, key: str, unit: Unit, words: str) -> Self:
        """words: the header."""
        made = super().__new__(cls, words)
        made.key, made.unit = as_key(key), unit
        return made

    def of(self, member: str, **words: str) -> "Measure":
        """The member of a family, with `words` in place of their names in braces."""
        header = str(self)
        for name, text in words.items():
            header = header.replace(f"{{{name}}}", text)
        return Measure(f"{self.key}/{member}", self.unit, header)

    def of_type(self, kind: str) -> "Measure":
        """The member of a type of requirement, or of all."""
        return self.of(kind, noun=noun_of(kind))


def limits_of(share: Measure) -> tuple[Measure, Measure]:
    """Columns of the lower and the upper limit of a share whose header ends in "(% of ...)": of a family, families."""
    what, _, base = share.partition(" (% ")
    _, *keys = and_limits(share.key)
    lower, upper = (
        Measure(key, share.unit, f"{what}, {side} {{level}} limit (% {base}")
        for key, side in zip(keys, ("lower", "upper"), strict=True)
    )
    return lower, upper


class Row(tuple[str, str]):  # noqa: SLOT001 a tuple has no room for slots
    """A row of a published table: group and label, with phrases in braces, and its key."""

    key: str

    def __new__(cls, key: str, label: str, group: str = "") -> Self:
        """group: what stands before the label where a table has two row headers."""
        made = super().__new__(cls, (group, label))
        made.key = as_key(key)
        return made


@dataclass(frozen=True)
class DeclaredTable:
    """A published table.

    title: without number and dates. row_headers: one or two; one means that the group label is not shown. made_by:
    module:function in steps/tables. measures: its columns, of a family the family. notes: names in NOTES that hold for
    the whole table. marks: key of a row or column, or of a family, to the names of its notes. needs: inputs without
    which it is not made. reads_notes: whether its figures come from contact notes (and so from what read them).
    shorthand: what a mark means here, where that is more than SHORTHAND says. figures: numbers of the figures that show
    it, in the order of what they are of. sections: of the report. model: whose odds ratios it has.
    """

    key: str
    number: int
    title: str
    row_headers: tuple[str, ...]
    source: str
    made_by: str
    measures: tuple[Measure, ...]
    notes: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    needs: tuple[str, ...] = ()
    reads_notes: bool = False
    shorthand: Mapping[str, str] = field(default_factory=dict[str, str])
    figures: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    model: str = ""

    @property
    def name(self) -> str:
        """How sentences call it: "Table 5"."""
        return f"Table {self.number}"

    def notes_of_row(self, key: str) -> tuple[str, ...]:
        """Names of the notes of a row."""
        return self.marks.get(key, ())

    def notes_of_column(self, key: str) -> tuple[str, ...]:
        """Names of the notes of a column: its own, or those of its family."""
        return self.marks.get(key) or self.marks.get(key.split("/", maxsplit=1)[0], ())
