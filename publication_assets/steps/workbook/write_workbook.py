"""Lays out the published tables as an accessible workbook: cover, contents, notes, one worksheet per table.

Belongs here: worksheets after the Analysis Function's "Releasing statistics in spreadsheets". Does not belong here:
numbers, titles and notes (catalogue/), the words of the cover (workbook_cover.py), file formats.
"""

import polars as pl

from publication_assets.catalogue.notes import NOTES, note_numbers
from publication_assets.catalogue.table_words import (
    in_words,
    own_shorthand,
    shorthand_in_short,
    shorthand_used,
    with_marks,
)
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.workbook.check_workbook_accessibility import check_workbook_accessibility
from publication_assets.steps.workbook.excel_workbook import excel_workbook
from publication_assets.steps.workbook.open_document import open_document
from publication_assets.steps.workbook.workbook_cover import cover_lines
from publication_assets.steps.workbook.workbook_sheets import (
    HEADER_ROW,
    Content,
    Line,
    Link,
    Number,
    Sheet,
    SheetTable,
    short_lines,
    title_lines,
)
from publishing.disclosure.disclosure_control import SHOWN, rounded
from publishing.documents.wording import Wording
from publishing.tables.declared import DeclaredTable

LABEL_WIDTHS = {1: [9.0], 2: [8.0, 10.0]}
NUMBER_WIDTH, WORDS_WIDTH, SENTENCE_WIDTH, FRONT_WIDTHS = 3.6, 4.6, 11.0, [4.0, 22.0]
A_FEW_WORDS = 30
WORKSHEET = "Table_{}"


def workbook_files(cells: pl.DataFrame, facts: RunFacts) -> dict[str, bytes]:
    """The same workbook as tables.ods and tables.xlsx. `cells` is published_tables; only what it shows is written.

    Raises WorkbookNotAccessible when a file would break a rule for accessible spreadsheets.
    """
    title = f"{facts.title}: data tables, {facts.quarter}"
    sheets = workbook_sheets(cells, facts)
    files = {"tables.ods": open_document(title, sheets), "tables.xlsx": excel_workbook(title, sheets)}
    for content in files.values():
        check_workbook_accessibility(content)
    return files


def workbook_sheets(cells: pl.DataFrame, facts: RunFacts) -> list[Sheet]:
    """Worksheets in their order: Cover, Contents, Notes, tables."""
    keys = cells.unique("table").sort("table")["table_key"]
    tables = [TABLES[key] for key in keys]
    sheets = (_data_sheet(table, cells.filter(pl.col("table_key") == table.key), facts) for table in tables)
    cover = Sheet("Cover", cover_lines(cells, facts))
    notes = _notes(cells, tables, facts.wording)
    return [cover, _contents(tables, facts), notes, *sheets]


def table_title(table: DeclaredTable, facts: RunFacts) -> str:
    """Title of a table with its place, period, and what a reader must know about its data."""
    warning = "".join(f" [{mark}]" for mark in _marks(table, facts))
    title = facts.wording(table.title)
    return f"{table.name}: {title}, England, requirements from {facts.period}{warning}"


def _marks(table: DeclaredTable, facts: RunFacts) -> list[str]:
    marks = [facts.synthetic_mark, facts.reading_mark if table.reads_notes else ""]
    return [mark for mark in marks if mark]


def _contents(tables: list[DeclaredTable], facts: RunFacts) -> Sheet:
    lines = title_lines("Contents", f"This worksheet contains one table. It lists the {len(tables)} data tables.")
    for warning in facts.warnings:
        lines += short_lines(warning, "Warning")
    rows: list[list[Content]] = [
        [Link("Cover"), "Cover: what the tables are, coverage, shorthand, contact"],
        [Link("Notes"), "Notes to the tables"],
        *([Link(WORKSHEET.format(table.number)), table_title(table, facts)] for table in tables),
    ]
    return Sheet("Contents", lines, SheetTable(["Worksheet", "Title"], rows, FRONT_WIDTHS, words=frozenset([1])))


def _notes(cells: pl.DataFrame, tables: list[DeclaredTable], wording: Wording) -> Sheet:
    used = _notes_used(cells, tables)
    lines = title_lines(
        "Notes",
        "This worksheet contains one table.",
        "It explains the notes, to which the data tables refer by number, and then the shorthand.",
    )
    said = [(f"note {order}", NOTES[name]) for name, order in note_numbers().items() if name in used]
    said += [(mark, f"{meaning}.") for mark, meaning in shorthand_used(cells).items()]
    for table in tables:
        own = own_shorthand(table, cells.filter(pl.col("table_key") == table.key))
        said += [(f"{mark} in {WORKSHEET.format(table.number)}", f"{meaning}.") for mark, meaning in own.items()]
    rows: list[list[Content]] = [[name, wording(text)] for name, text in said]
    return Sheet("Notes", lines, SheetTable(["Note", "What it says"], rows, FRONT_WIDTHS, words=frozenset([1])))


def _notes_used(cells: pl.DataFrame, tables: list[DeclaredTable]) -> set[str]:
    named = {name for table in tables for name in table.notes}
    for table in tables:
        own = cells.filter(pl.col("table_key") == table.key)
        named.update(name for key in own["row_key"].unique() for name in table.notes_of_row(key))
        named.update(name for key in own["measure_key"].unique() for name in table.notes_of_column(key))
    return named


def _data_sheet(table: DeclaredTable, cells: pl.DataFrame, facts: RunFacts) -> Sheet:
    text_ = in_words(table, facts.wording)
    notes = ", ".join(f"[note {note_numbers()[name]}]" for name in text_.notes)
    columns = cells.unique("measure_order").sort("measure_order")
    headers = [
        *text_.row_headers,
        *(
            with_marks(measure, table.notes_of_column(key))
            for measure, key in columns.select("measure", "measure_key").iter_rows()
        ),
    ]
    rows = []
    for row in cells.partition_by("row_order", maintain_order=True):
        label, key = row["row_label"][0], row["row_key"][0]
        labels = [row["row_group"][0], with_marks(label, table.notes_of_row(key))][-len(text_.row_headers) :]
        rows.append([*labels, *(_content(cell) for cell in row.sort("measure_order").iter_rows(named=True))])
    widths = [_width(cells.filter(measure_order=order)) for order in columns["measure_order"]]
    words = frozenset(at for at, width in enumerate(widths, start=len(text_.row_headers)) if width > NUMBER_WIDTH)
    labels = len(text_.row_headers)
    content = SheetTable(headers, rows, [*LABEL_WIDTHS[labels], *widths], labels, words)
    return Sheet(WORKSHEET.format(table.number), _lines_above(text_, notes, cells, facts), content)


def _lines_above(table: DeclaredTable, notes: str, cells: pl.DataFrame, facts: RunFacts) -> list[Line]:
    """The lines above the headers of a table of figures: as many in every worksheet."""
    marks = "".join(f" [{mark}]" for mark in _marks(table, facts))
    lines = [
        Line(f"{table.name}: {table.title}", "Title"),
        Line(f"England, requirements from {facts.period}{marks}", "Warning" if marks else "Body"),
        Line("This worksheet contains one table. Notes and shorthand are explained in the worksheet Notes."),
        Line(shorthand_in_short(cells)),
        Line(f"Notes that apply to the whole table: {notes}"),
        Line(f"Source: {table.source}, quarter {facts.quarter}"),
    ]
    assert len(lines) == HEADER_ROW - 1, "the headers of every table stand in one row"
    return lines


def _width(column: pl.DataFrame) -> float:
    if (column["unit"] != "text").any() or column["shown"].str.starts_with("[").all():
        return NUMBER_WIDTH
    longest = column["shown"].str.len_chars().cast(pl.Int64).max()
    return SENTENCE_WIDTH if isinstance(longest, int) and longest > A_FEW_WORDS else WORDS_WIDTH


def _content(cell: dict) -> Content:
    """What a cell holds: a number of its unit, or text."""
    if cell["status"] != SHOWN or cell["unit"] == "text":
        return cell["shown"]
    decimals = len(cell["shown"].partition(".")[2])
    return Number(rounded(cell["value"], decimals), cell["shown"], decimals)
