"""Typesets a document of the publication as PDF: tagged (PDF/UA-1), fonts within, the same bytes for the same document.

Belongs here: handing words and figures to Typst. Does not belong here: how it looks (templates/document.typ), what
it says. Nothing of this machine enters: its fonts are not looked at, and the time of writing is fixed.
"""

import json
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import typst

from drawing.svg import FONT
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.tag_row_headers import with_row_headers
from publication_assets.templates_folder import TEMPLATES
from publishing.charts.charts import Figure
from publishing.documents.document import (
    Block,
    Document,
    Drawing,
    Finding,
    Grid,
    Link,
    Strong,
    Words,
    parts_of,
    text_of,
)
from publishing.documents.text_alternatives import long_description, short_alternative

FAMILY = "Source Sans Pro"
TALLEST = 1.33  # height of a chart, as multiple of the line: with its caption and what is withheld it fills a page
TALL = 1.0  # from this height on a chart is moved to a page of its own, and text goes on before it
WHOLE_WIDTH = 760  # width in pixels of a chart that fills the line; narrower ones are drawn in proportion
TIME_OF_WRITING = 0
MARGIN, LONG_TEXT = 2, 45  # of a column, in letters


def document_pdf(document: Document, facts: RunFacts) -> bytes:
    """The PDF of a document.

    Raises typst.TypstError when it cannot be typeset, which no data can cause.
    """
    made = {
        "title": document.title,
        "subtitle": document.subtitle,
        "footer": " ".join(
            filter(None, [f"{document.name}. Edition {facts.quarter}.", facts.synthetic_mark.capitalize()])
        ),
        "fonts": [FAMILY, "Libertinus Serif"],
        "warnings": document.warnings,
        "sections": [
            {"title": section.title, "blocks": [_block(block) for block in section.blocks]}
            for section in document.sections
        ],
        "data_file": document.data_file,
        "data": [_data(figure) for figure in document.figures if figure.rows and not document.data_file],
        "descriptions": [
            {"name": figure.name, "description": said}
            for figure in document.figures
            if document.data_file and (said := long_description(figure))
        ],
    }
    compiler = typst.Compiler(
        (TEMPLATES / "document.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[_fonts()]),
        sys_inputs={"document": json.dumps(made, ensure_ascii=False)},
    )
    written = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=TIME_OF_WRITING)
    assert isinstance(written, bytes), "a document compiled in memory is bytes"
    return with_row_headers(written)


def _fonts() -> Path:
    """The fonts that the package font-source-sans-pro installs; the package itself is not imported."""
    spec = find_spec("font_source_sans_pro")
    assert spec and spec.submodule_search_locations, "font-source-sans-pro is a dependency"
    return Path(spec.submodule_search_locations[0]) / "files"


def _block(block: Block) -> dict:
    match block:
        case Drawing(figure):
            return {"kind": block.kind, **_drawn(figure)}
        case Finding():
            return {
                "kind": block.kind,
                "heading": block.heading,
                "sentences": block.sentences,
                "points": [_words(point) for point in block.points],
                "labelled": [list(pair) for pair in block.labelled],
            }
    if isinstance(block, Grid):
        return {"kind": block.kind, **_table(block.caption, block.headers, block.rows)}
    fields = {name: getattr(block, name) for name in block.__dataclass_fields__}
    if "words" in fields:
        fields["words"] = _words(fields["words"])
    if "items" in fields:
        fields["items"] = [_words(item) for item in fields["items"]]
    return {"kind": block.kind, **fields}


def _words(words: Words) -> list[dict]:
    made = []
    for part in parts_of(words):
        match part:
            case Link(text, target) if not target.startswith("#"):
                made.append({"kind": "link", "text": text, "target": target})
            case Strong(text):
                made.append({"kind": "strong", "text": text})
            case _:
                made.append({"kind": "text", "text": text_of((part,))})
    return made


def _drawn(figure: Figure) -> dict:
    svg = figure.svg.replace(FONT, FAMILY)
    if "xmlns=" not in svg[: svg.index(">")]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    size = [re.search(rf'<svg[^>]*?\b{side}="([\d.]+)"', svg) for side in ("width", "height")]
    wide, high = (float(found.group(1)) if found else WHOLE_WIDTH for found in size)
    width = min(1.0, wide / WHOLE_WIDTH, TALLEST * wide / high)
    withheld = f"Some figures are withheld and not drawn ({', '.join(figure.withheld)})." if figure.withheld else ""
    return {
        "name": figure.name,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "alt": short_alternative(figure),
        "svg": svg,
        "width": width,
        "tall": width * high / wide > TALL,
        "withheld": withheld,
    }


def _data(figure: Figure) -> dict:
    name = f"Data of {figure.name[:1].lower()}{figure.name[1:]}"
    return {
        "name": name,
        "description": long_description(figure),
        **_table(figure.caption, figure.headers, figure.rows),
    }


def _table(caption: str, headers: list[str], rows: Sequence[Sequence[Words]]) -> dict:
    widths = _widths(headers, [[text_of(cell) for cell in row] for row in rows])
    return {
        "caption": caption,
        "headers": headers,
        "widths": widths,
        "rows": [[_words(cell) for cell in row] for row in rows],
    }


def _widths(headers: list[str], rows: list[list[str]]) -> list[float]:
    """Shares of the line: as wide as its longest word, and wider for long text, within reason."""
    columns = zip(headers, *rows, strict=True)
    return [
        max(
            MARGIN + 1.1 * max(len(word) for text in column for word in text.split() or [""]),
            min(LONG_TEXT, max(len(text) for text in column[1:]) if rows else 0),
        )
        for column in columns
    ]
