"""Renders a document as one self-contained web page.

Belongs here: handing a document to its template. Does not belong here: how it looks (templates/document.html.j2), what
it says.
"""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from publishing.charts.charts import Figure
from publishing.documents.document import Document, Grid, Link, Strong, Words, parts_of, text_of
from publishing.documents.make_document import DocumentFacts
from publishing.documents.text_alternatives import long_description, short_alternative

PAGES = Path(__file__).resolve().parents[1] / "templates"
NAMED = re.compile(r' aria-label="[^"]*"')
NUMBER = re.compile(r"([+\N{MINUS SIGN}]?\d[\d,.]*%?( \(.*\))?|\[\w+\])?")


def document_html(document: Document, facts: DocumentFacts) -> str:
    """The page of a document; nothing outside it is loaded. All of it is escaped but figures, links and emphasis."""
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "svg": lambda figure: _svg(figure, figure.svg),
        "narrow": lambda figure: _svg(figure, figure.narrow),
        "description": long_description,
        "words": words_html,
        "numbers": number_columns,
    }
    return environment.get_template("document.html.j2").render(document=document, facts=facts)


def words_html(words: Words) -> Markup:
    """Words as markup; all of it escaped but links and emphasis."""
    return Markup("").join(_part(part) for part in parts_of(words))


def number_columns(grid: Grid) -> list[bool]:
    """Of each column of a table, whether it holds numbers (or shorthand for them) and so stands to the right."""
    columns = zip(*grid.rows, strict=True) if grid.rows else ([] for _ in grid.headers)
    return [bool(column) and all(NUMBER.fullmatch(text_of(value)) for value in column) for column in columns]


def _svg(figure: Figure, drawing: str) -> Markup:
    """A drawing of a figure, with the short alternative as its name; one that was drawn with its own keeps it."""
    name = f' aria-label="{escape(short_alternative(figure))}"'
    named = NAMED.sub(lambda _: name, drawing, count=1) if figure.alt else drawing
    return Markup(named)  # noqa: S704  # drawn by our own code


def _part(part: str | Strong | Link) -> Markup:
    match part:
        case Link(text, target):
            return Markup('<a href="{}">{}</a>').format(target, text)
        case Strong(text):
            return Markup("<strong>{}</strong>").format(text)
        case _:
            return escape(part)
