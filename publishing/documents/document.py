"""What a document of the publication is made of: sections of blocks, and words with links in them.

Belongs here: the vocabulary in which a document is written once. Does not belong here: any document (write_report.py,
write_methodology.py), nor how one looks as a page (render_document.py) or on paper (typeset_document.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

from publishing.charts.charts import Figure
from publishing.documents.compared_table import Compared, RowFilter
from publishing.documents.wording import Wording


@dataclass(frozen=True)
class Strong:
    """Words with emphasis."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to a file beside the document, or to an address such as mailto:."""

    text: str
    target: str


Words = str | tuple[str | Strong | Link, ...]


@dataclass(frozen=True)
class Heading:
    """A heading within a section; `anchor` is its identifier on a page."""

    kind: ClassVar[str] = "heading"
    anchor: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    words: Words


@dataclass(frozen=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    items: list[Words]


@dataclass(frozen=True)
class Box:
    """Words set apart under a heading of their own, e.g. how far a headline could be off."""

    kind: ClassVar[str] = "box"
    heading: str
    items: list[Words]


FINDING_LABELS = ("Definition", "Base", "Period", "Interval", "Caveat", "Source")


@dataclass(frozen=True)
class Finding:
    """A key finding: a sentence as heading, what carries it, in sentences and in points, and what it means, of what and
    when, how sure it is, and with which caveat. Each field of FINDING_LABELS is given."""

    kind: ClassVar[str] = "finding"
    heading: str
    sentences: list[str]
    definition: str
    base: str
    period: str
    interval: str
    caveat: str
    source: str
    points: list[str] = field(default_factory=list[str])

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """What stands below its sentences, by label (FINDING_LABELS)."""
        return [(label, getattr(self, label.lower())) for label in FINDING_LABELS]


@dataclass(frozen=True)
class Drawing:
    """A figure, with its data."""

    kind: ClassVar[str] = "drawing"
    figure: Figure


@dataclass(frozen=True)
class Grid:
    """A table of words and numbers as text; the first column names the rows."""

    kind: ClassVar[str] = "grid"
    caption: str
    headers: list[str]
    rows: Sequence[Sequence[Words]]


@dataclass(frozen=True)
class Terms:
    """Terms and what they mean."""

    kind: ClassVar[str] = "terms"
    pairs: list[tuple[str, str]]


Block = Heading | Paragraph | Bullets | Box | Finding | Drawing | Grid | Terms | Compared | RowFilter


@dataclass(frozen=True)
class Section:
    """A numbered part of a document; `title` carries its number."""

    anchor: str
    title: str
    blocks: list[Block]

    @property
    def headings(self) -> list[Heading]:
        """The headings within it, in order."""
        return [block for block in self.blocks if isinstance(block, Heading)]


@dataclass(frozen=True)
class Document:
    """A document of a quarter. warnings: what a reader must know first. related: the files that belong with it.

    data_file: the file that holds the data of its figures, if they are not to stand on paper.
    """

    name: str
    title: str
    subtitle: str
    quarter: str
    warnings: list[str]
    sections: list[Section]
    related: list[Words] = field(default_factory=list)
    data_file: str = ""

    @property
    def figures(self) -> list[Figure]:
        """The figures, in order."""
        return [block.figure for block in self.blocks() if isinstance(block, Drawing)]

    def blocks(self) -> Iterator[Block]:
        """The blocks of all sections, in order."""
        return (block for section in self.sections for block in section.blocks)

    def broken_anchors(self) -> list[str]:
        """Anchors that two headings have, and those that a link within the document leads to and no heading has."""
        anchors = Counter(
            anchor
            for section in self.sections
            for anchor in (section.anchor, *(heading.anchor for heading in section.headings))
        )
        targets = {
            part.target[1:]
            for words in _words_in([*self.blocks()])
            for part in words
            if isinstance(part, Link) and part.target.startswith("#")
        }
        return sorted({anchor for anchor, times in anchors.items() if times > 1} | targets - {*anchors})


def filled(part: Any, wording: Wording) -> Any:
    """A document, or a part of it, with the phrases that its words name filled in; drawings stay as they are drawn."""
    match part:
        case str():
            return wording(part)
        case list() | tuple():
            return type(part)(filled(each, wording) for each in part)
        case _ if is_dataclass(part) and not isinstance(part, type):
            values = {each.name: filled(getattr(part, each.name), wording) for each in fields(part)}
            return replace(part, **values)
        case _:
            return part


def parts_of(words: Words) -> tuple[str | Strong | Link, ...]:
    """Words as the parts that they are made of."""
    return (words,) if isinstance(words, str) else words


def text_of(words: Words) -> str:
    """Words without emphasis and links."""
    return "".join(part if isinstance(part, str) else part.text for part in parts_of(words))


def _words_in(blocks: Sequence[Block]) -> Iterator[tuple[str | Strong | Link, ...]]:
    for block in blocks:
        match block:
            case Paragraph(words):
                yield parts_of(words)
            case Bullets(items):
                yield from map(parts_of, items)
            case Box():
                yield from map(parts_of, block.items)
            case Grid():
                yield from (parts_of(cell) for row in block.rows for cell in row)
