"""The data of the figures of a document as a workbook of its own: a worksheet for each figure.

Belongs here: how the rows of a figure become columns of numbers. Does not belong here: the figures (steps/figures),
file formats (open_document.py).
"""

import re
from decimal import Decimal
from textwrap import wrap

from publication_assets.catalogue.notes import SHORTHAND
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.workbook.check_workbook_accessibility import check_workbook_accessibility
from publication_assets.steps.workbook.open_document import open_document
from publication_assets.steps.workbook.workbook_sheets import (
    LONGEST_LINE,
    LONGEST_TITLE,
    Content,
    Line,
    Link,
    Number,
    Sheet,
    SheetTable,
    title_lines,
)
from publishing.charts.charts import Figure
from publishing.documents.document import Document
from publishing.tables.counted_table import DECIMALS

FIGURE_DATA = "figure_data.ods"
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")
WITH_LIMITS = re.compile(rf"({NUMBER.pattern}) \(({NUMBER.pattern}) to ({NUMBER.pattern})\)")
PARTS = ("", ", lower limit", ", upper limit")
LABEL_WIDTH, NUMBER_WIDTH, WORDS_WIDTH, FRONT_WIDTHS = 9.0, 3.6, 6.0, [5.0, 24.0]


def figure_data_files(document: Document, facts: RunFacts) -> dict[str, bytes]:
    """figure_data.ods: what each figure of a document draws, limits in columns of their own.

    Raises WorkbookNotAccessible when it would break a rule for accessible spreadsheets.
    """
    figures = [figure for figure in document.figures if figure.rows]
    title = f"{facts.title}: data of the figures, {facts.quarter}"
    sheets = [_cover(title, figures, facts), _contents(figures), _notes(figures), *map(_sheet, figures)]
    written = open_document(title, sheets)
    check_workbook_accessibility(written)
    return {FIGURE_DATA: written}


def _cover(title: str, figures: list[Figure], facts: RunFacts) -> Sheet:
    lines = [Line(title, "Title"), *(Line(warning, "Warning") for warning in facts.warnings)]
    lines += [
        Line("Each worksheet has what one figure of the report draws. All of it stands in the data tables too."),
        Line("Limits have columns of their own. Where a figure has none, the columns say [z]."),
        Line("Shorthand", "Heading"),
    ]
    shown = " ".join(map(_shown, figures))
    return Sheet("Cover", [*lines, *(Line(f"{mark}: {said}.") for mark, said in SHORTHAND.items() if mark in shown)])


def _contents(figures: list[Figure]) -> Sheet:
    lines = title_lines("Contents", f"This worksheet contains one table. It lists the {len(figures)} figures.")
    rows: list[list[Content]] = [
        [Link("Cover"), "Cover: what the data are, shorthand"],
        [Link("Notes"), "Descriptions of the figures"],
        *([Link(_worksheet(figure)), f"{figure.name}: {figure.title}"] for figure in figures),
    ]
    return Sheet("Contents", lines, SheetTable(["Worksheet", "Figure"], rows, FRONT_WIDTHS, words=frozenset([1])))


def _notes(figures: list[Figure]) -> Sheet:
    lines = title_lines(
        "Notes",
        "This worksheet contains one table.",
        "It describes each figure for those who do not see it, and then explains the shorthand.",
    )
    said = [(figure.name, figure.alt) for figure in figures]
    said += [
        (mark, f"{meaning}.") for mark, meaning in SHORTHAND.items() if any(mark in _shown(each) for each in figures)
    ]
    for figure in figures:
        own = next((table.shorthand for table in TABLES.values() if table.name == figure.source), {})
        said += [(f"{mark} in {_worksheet(figure)}", f"{own[mark]}.") for mark in own if mark in _shown(figure)]
    rows: list[list[Content]] = [[*pair] for pair in said]
    return Sheet("Notes", lines, SheetTable(["Note", "What it says"], rows, FRONT_WIDTHS, words=frozenset([1])))


def _shown(figure: Figure) -> str:
    """All that the worksheet of a figure shows."""
    return " ".join(str(cell) for _, cells in _all_columns(figure) for cell in cells)


def _all_columns(figure: Figure) -> list[tuple[str, list[Content]]]:
    return [column for position in range(len(figure.headers)) for column in _columns(figure, position)]


def _worksheet(figure: Figure) -> str:
    return figure.name.replace(" ", "_")


def _sheet(figure: Figure) -> Sheet:
    columns = _all_columns(figure)
    figures = [any(isinstance(cell, Number) for cell in cells) for _, cells in columns]
    labels = figures.index(True) if True in figures else 1
    widths = [
        NUMBER_WIDTH if numeric else LABEL_WIDTH if at < labels else WORDS_WIDTH for at, numeric in enumerate(figures)
    ]
    rows = [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]
    words = frozenset(at for at, numeric in enumerate(figures) if at >= labels and not numeric)
    table = SheetTable([header for header, _ in columns], rows, widths, labels, words)
    return Sheet(_worksheet(figure), _lines_above(figure), table)


def _lines_above(figure: Figure) -> list[Line]:
    """As many lines as stand above every table of figures, headers excluded."""
    title, subtitle = f"{figure.name}: {figure.title}", wrap(figure.subtitle, LONGEST_LINE)
    marks = ", ".join(f"{mark} {said.partition(':')[0]}" for mark, said in SHORTHAND.items() if mark in _shown(figure))
    return [
        Line(title if len(title) <= LONGEST_TITLE else f"{figure.name}: its finding is in Contents", "Title"),
        Line(subtitle[0] if subtitle else "England."),
        Line(" ".join(subtitle[1:]) or "England."),
        Line("This worksheet contains one table. Shorthand is explained in the worksheet Notes."),
        Line(f"Shorthand: {marks or 'none'}."),
        Line(f"Source: {figure.source or 'counts of this run'}"),
    ]


def _columns(figure: Figure, position: int) -> list[tuple[str, list[Content]]]:
    """A column of a figure's data: of numbers with limits three columns, of which the last two repeat a shorthand."""
    header, texts = figure.headers[position], [row[position] for row in figure.rows]
    found = [WITH_LIMITS.fullmatch(text) for text in texts]
    if not any(found):
        return [(header, [_content(text) if position else text for text in texts])]
    return [
        (
            f"{header}{part}",
            [
                _content(each.group(1 + 2 * at) if each else text if at == 0 or text.startswith("[") else "[z]")
                for each, text in zip(found, texts, strict=True)
            ],
        )
        for at, part in enumerate(PARTS)
    ]


def _content(text: str) -> Content:
    number = text.removesuffix("%").replace(",", "")
    decimals = len(number.partition(".")[2])
    if not NUMBER.fullmatch(text) or decimals not in DECIMALS.values():
        return text
    return Number(Decimal(number), text, decimals)
