"""A workbook as data: worksheets of lines and at most one table each, before any file format.

Belongs here: what a worksheet is made of, and the limit of lines above a table. Does not belong here: what they say
(write_workbook.py) and the file formats (open_document.py, excel_workbook.py).
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from textwrap import wrap
from typing import Literal

LANGUAGE = "en-GB"
FONT = "Arial"
# Lines above a table are not wrapped, which would squeeze them into its first column: each must fit on a page.
LONGEST_LINE, LONGEST_TITLE = 175, 200
HEADER_ROW = 7  # of every table of figures, so that a program reads all worksheets alike
Side = Literal["label", "words", "figures"]
LineStyle = Literal["Title", "Heading", "Warning", "Body", "Contact"]


@dataclass(frozen=True)
class Number:
    """A number as published, with what is shown of it."""

    value: Decimal
    shown: str
    decimals: int


class Link(str):
    """Name of the worksheet that the cell links to."""

    __slots__ = ()


Content = str | Number | Link


@dataclass(frozen=True)
class Line:
    """A line of text in column A."""

    text: str
    style: LineStyle = "Body"


@dataclass(frozen=True)
class SheetTable:
    """A table that starts in column A.

    widths: of its columns, in centimetres. label_columns: how many hold labels. words: positions of other columns that
    hold words, which stand left as labels do; figures stand right.
    """

    headers: list[str]
    rows: list[list[Content]]
    widths: list[float]
    label_columns: int = 1
    words: frozenset[int] = frozenset()

    def side(self, position: int) -> Side:
        """What the column at `position`, from 0, holds and so to which side it is aligned."""
        return "label" if position < self.label_columns else "words" if position in self.words else "figures"


@dataclass(frozen=True)
class Sheet:
    """One worksheet: lines, and below them a table if it has one."""

    name: str
    lines: list[Line] = field(default_factory=list)
    table: SheetTable | None = None

    @property
    def table_name(self) -> str:
        """Name under which its table is marked up."""
        return self.name.lower()

    @property
    def table_range(self) -> tuple[int, int, str]:
        """First and last row of its table, header included, and the letter of its last column."""
        assert self.table is not None
        first = len(self.lines) + 1
        return first, first + len(self.table.rows), column_letter(len(self.table.headers))


def title_lines(title: str, *subtitles: str) -> list[Line]:
    """A title in one cell, the first."""
    return [Line(title, "Title"), *(Line(text) for text in subtitles)]


def short_lines(text: str, style: LineStyle = "Body") -> list[Line]:
    """`text` as lines that fit above a table: one per sentence, longer sentences on several."""
    sentences = re.split(r"(?<=[.]) (?=[A-Z])", text)
    return [Line(part, style) for sentence in sentences for part in wrap(sentence, LONGEST_LINE)]


def column_letter(position: int) -> str:
    """Letter of the n-th column, from 1: A, B, ..., Z, AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
