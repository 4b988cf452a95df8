"""Renders a document of the publication as one self-contained web page.

Belongs here: handing a document to its template. Does not belong here: how it looks (templates/document.html.j2), what
it says (write_report.py, write_methodology.py).
"""

import re

from markupsafe import Markup, escape

from modelling_assets.steps.documents.document import Document, Grid, Link, Strong, Words, parts_of, text_of
from modelling_assets.steps.documents.render_page import render_page
from modelling_assets.steps.documents.run_facts import RunFacts

NUMBER = re.compile(r"([+\N{MINUS SIGN}]?\d[\d,.]*%?( \(.*\))?|\[\w+\])?")


def document_html(document: Document, facts: RunFacts) -> str:
    """The page of a document; nothing outside it is loaded."""
    return render_page(
        "document.html.j2",
        facts,
        {"words": words_html, "numbers": number_columns},
        document=document,
        name=document.name,
        heading=document.title,
        subtitle=document.subtitle,
        warnings=document.warnings,
    )


def words_html(words: Words) -> Markup:
    """Words as markup; all of it escaped but links and emphasis."""
    return Markup("").join(_part(part) for part in parts_of(words))


def number_columns(grid: Grid) -> list[bool]:
    """Of each column of a table, whether it holds numbers (or shorthand for them) and so stands to the right."""
    columns = zip(*grid.rows, strict=True) if grid.rows else ([] for _ in grid.headers)
    return [bool(column) and all(NUMBER.fullmatch(text_of(value)) for value in column) for column in columns]


def _part(part: str | Strong | Link) -> Markup:
    match part:
        case Link(text, target):
            return Markup('<a href="{}">{}</a>').format(target, text)
        case Strong(text):
            return Markup("<strong>{}</strong>").format(text)
        case _:
            return escape(part)
