"""Makes a document from its templates and values.

Belongs here: putting the templates of a document together. Does not belong here: any words of one, how one looks
(render_document.py).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from publishing.documents.document import Bullets, Document, Paragraph, text_of
from publishing.documents.fill_template import TemplateFault, Value, fill_template, templates_of
from publishing.documents.read_markdown import Read, read_markdown
from publishing.documents.withheld_in_words import withheld_in_words
from publishing.documents.wording import Wording

_TAGS, _NAMES = re.compile(r"\{%[^\n]*?%\}"), re.compile(r"\{\{\s*(\w+)\s*\}\}")


class DocumentFacts(Protocol):
    """What a document says of itself: title of the release, quarter, whether synthetic, and what readers know first."""

    @property
    def title(self) -> str:
        """Title of the release."""
        ...

    @property
    def quarter(self) -> str:
        """Which quarter it is of."""
        ...

    @property
    def synthetic(self) -> bool:
        """Whether all records were made up."""
        ...

    @property
    def synthetic_mark(self) -> str:
        """What titles say where they are; else empty."""
        ...

    @property
    def warnings(self) -> Sequence[str]:
        """Sentences that a reader must know first."""
        ...

    @property
    def wording(self) -> Wording:
        """Phrases that settings decide."""
        ...


def make_document(
    document: str,
    values: Mapping[str, Value],
    facts: DocumentFacts,
    folder: Path,
    warnings: Sequence[str] | None = None,
) -> Document:
    """The document whose templates lie in the folder of its name in `folder`, filled with `values`.

    warnings: what a reader must know first; those of the run if None. Sentences have no shorthand for withheld figures
    (withheld_in_words.py). Raises TemplateFault.
    """
    read = [_read(file, values, facts.wording) for file in templates_of(document, folder)]
    first = read[0]
    subtitle = [text_of(block.words) for block in first.front if isinstance(block, Paragraph)]
    made = Document(
        first.title if facts.title in first.title else f"{first.title}: {facts.title}",
        first.title,
        " ".join(subtitle),
        facts.quarter,
        [*(facts.warnings if warnings is None else warnings)],
        [section for part in read for section in part.sections],
        [item for block in first.front if isinstance(block, Bullets) for item in block.items],
    )
    if broken := made.broken_anchors():
        raise TemplateFault(f"templates/{document}: headings that are there twice, or not at all: {', '.join(broken)}.")
    return withheld_in_words(made)


def _read(file: Path, values: Mapping[str, Value], wording: Wording) -> Read:
    """The template is first read unfilled, so that a fault of its Markdown is named with the line in the file."""
    bare = _NAMES.sub(r"\1", _TAGS.sub("", file.read_text(encoding="utf-8")))
    read_markdown(bare, {}, file)
    text, placed = fill_template(file, values, wording)
    return read_markdown(text, placed, file)
