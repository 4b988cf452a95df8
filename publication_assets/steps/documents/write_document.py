"""Writes a document of the publication from its templates and the values of a run.

Belongs here: putting the templates of a document together. Does not belong here: any words of one (templates/), how one
looks (render_document.py, typeset_document.py).
"""

import re
from collections.abc import Mapping
from pathlib import Path

from publication_assets.steps.documents.document import Bullets, Document, Paragraph, text_of
from publication_assets.steps.documents.fill_template import (
    TEMPLATES,
    TemplateFault,
    Value,
    fill_template,
    templates_of,
)
from publication_assets.steps.documents.read_markdown import Read, read_markdown
from publication_assets.steps.documents.run_facts import RunFacts, words

_TAGS, _NAMES = re.compile(r"\{%[^\n]*?%\}"), re.compile(r"\{\{\s*(\w+)\s*\}\}")


def write_document(
    document: str,
    values: Mapping[str, Value],
    facts: RunFacts,
    folder: Path = TEMPLATES,
    warnings: list[str] | None = None,
) -> Document:
    """The document whose templates lie in the folder of its name, filled with `values` and those of every document.

    warnings: what a reader must know first; those of the run if None. Raises TemplateFault.
    """
    read = [_read(file, {**common_values(facts), **values}, facts) for file in templates_of(document, folder)]
    first = read[0]
    subtitle = [text_of(block.words) for block in first.front if isinstance(block, Paragraph)]
    made = Document(
        first.title if facts.title in first.title else f"{first.title}: {facts.title}",
        first.title,
        " ".join(subtitle),
        facts.quarter,
        facts.warnings if warnings is None else warnings,
        [section for part in read for section in part.sections],
        [item for block in first.front if isinstance(block, Bullets) for item in block.items],
    )
    if broken := made.broken_anchors():
        raise TemplateFault(f"templates/{document}: headings that are there twice, or not at all: {', '.join(broken)}.")
    return made


def common_values(facts: RunFacts) -> dict[str, Value]:
    """What the templates of every document may name."""
    return {
        "title": facts.title,
        "series": facts.series,
        "quarter": facts.quarter,
        "edition": facts.edition,
        "contact": facts.contact,
        "has_mailbox": not facts.synthetic,
        "sentence_period": facts.period,
        "observation_end": words(facts.observation_end),
        "requirements": facts.requirements,
        "people": facts.people,
        "minimum_base": facts.minimum_base,
        "disclosure_threshold": facts.disclosure_threshold,
        "threshold": f"{facts.threshold:g}",
        "read_by": facts.read_by,
        "read_by_in_short": facts.read_by_in_short,
        "rounding": facts.rounding,
        "synthetic": facts.synthetic,
        "simulated_review": facts.simulated_review,
    }


def _read(file: Path, values: Mapping[str, Value], facts: RunFacts) -> Read:
    """The template is first read unfilled, so that a fault of its Markdown is named with the line in the file."""
    bare = _NAMES.sub(r"\1", _TAGS.sub("", file.read_text(encoding="utf-8")))
    read_markdown(bare, {}, file)
    text, placed = fill_template(file, values, facts.wording)
    return read_markdown(text, placed, file)
