"""Writes the published tables as an accessible OpenDocument workbook.

Belongs here: cover, contents, notes and one worksheet per table, after the Analysis Function's "Releasing statistics in
spreadsheets". Does not belong here: numbers, titles and notes (table_list.py). Same input, same bytes: the file holds
no time of writing.
"""

import polars as pl

from modelling_assets.steps.check_workbook_accessibility import check_workbook_accessibility
from modelling_assets.steps.declared_table import DECIMALS
from modelling_assets.steps.disclosure_control import SHOWN, rounded
from modelling_assets.steps.open_document import Link, Number, Workbook
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.table_list import TABLES, with_marks
from modelling_assets.steps.table_notes import NOTES, SHORTHAND, note_numbers

LABEL_WIDTHS = {1: ("9cm",), 2: ("7cm", "10cm")}
NUMBER_WIDTH, WORDS_WIDTH = "3.6cm", "4.6cm"
WORKSHEET = "Table_{}"


def workbook_bytes(cells: pl.DataFrame, facts: RunFacts) -> bytes:
    """The workbook tables.ods. `cells` is published_tables; only what it shows is written.

    Raises WorkbookNotAccessible when the result would break a rule for accessible spreadsheets.
    """
    numbers = cells["table"].unique().sort().to_list()
    book = Workbook(f"{facts.title}: data tables, {facts.quarter}")
    book.add_lines("Cover", _cover_lines(facts))
    book.add_table(
        "Contents",
        "Contents",
        [f"This worksheet contains one table. It lists the {len(numbers)} data tables.", *facts.warnings],
        ["Worksheet", "Title"],
        _contents_rows(numbers, facts),
        ["5cm", "27cm"],
    )
    used = _notes_used(cells, numbers)
    book.add_table(
        "Notes",
        "Notes",
        ["This worksheet contains one table.", "Notes are referred to by number in the data tables."],
        ["Note number", "Note text"],
        [[f"note {order}", NOTES[name]] for name, order in note_numbers().items() if name in used],
        ["5cm", "27cm"],
    )
    for table_number in numbers:
        _add_data_table(book, table_number, cells.filter(pl.col("table") == table_number), facts)
    content = book.to_bytes()
    check_workbook_accessibility(content)
    return content


def table_title(table_number: int, facts: RunFacts) -> str:
    """Title of a table with its place, period, and what a reader must know about its data."""
    text_ = TABLES[table_number]
    marks = [facts.synthetic_mark, facts.reading_mark if text_.reads_notes else ""]
    warning = "".join(f" [{mark}]" for mark in marks if mark)
    return f"Table {table_number}: {text_.title}, England, requirements from {facts.period}{warning}"


def _contents_rows(numbers: list[int], facts: RunFacts) -> list[list]:
    sheets = [("Cover", "Cover: what the tables are, coverage, shorthand, contact"), ("Notes", "Notes to the tables")]
    sheets += [(WORKSHEET.format(number_), table_title(number_, facts)) for number_ in numbers]
    return [[Link(sheet), title] for sheet, title in sheets]


def _notes_used(cells: pl.DataFrame, numbers: list[int]) -> set[str]:
    labels = set(cells["measure"]) | set(cells["row_label"])
    return {
        name
        for table_number in numbers
        for names in (TABLES[table_number].notes, *(v for k, v in TABLES[table_number].marks.items() if k in labels))
        for name in names
    }


def _cover_lines(facts: RunFacts) -> list[tuple[str, str]]:
    """Lines of the cover sheet with their style."""
    lines = [("Title", f"{facts.title}: data tables, {facts.quarter}")]
    lines += [("Warning", warning) for warning in facts.warnings]
    lines += [
        (
            "Body",
            "Alcohol treatment requirements (ATRs) and drug rehabilitation requirements (DRRs) of community "
            f"orders and suspended sentence orders in England, sentenced from {facts.period}.",
        ),
        ("Body", f"Treatment, prison and court records are observed up to {words(facts.observation_end)}."),
        (
            "Body",
            f"The tables count {facts.requirements:,} requirements of {facts.people:,} people. "
            "The unit is the requirement unless a table says otherwise.",
        ),
        (
            "Body",
            "Percentages are computed from unrounded numbers and rounded to whole numbers, so they may not "
            "add up to 100. Odds ratios have two decimal places.",
        ),
        ("Heading", "Statistical disclosure control"),
        (
            "Body",
            f"Counts from 1 to {facts.disclosure_threshold - 1} are not shown, nor counts from which they "
            f"could be worked out, nor percentages of either. Percentages of fewer than {facts.minimum_base} "
            "requirements are not shown. Zeros are shown.",
        ),
        ("Heading", "Shorthand"),
        *(("Body", f"{mark}: {meaning}.") for mark, meaning in SHORTHAND.items()),
        ("Heading", "Contents and notes"),
        ("Body", "The worksheet Contents lists the tables with links, the worksheet Notes holds the notes."),
        ("Heading", "Sources"),
        (
            "Body",
            "Probation (nDelius), treatment (NDTMS), prison (p-NOMIS) and courts (Xhibit, Libra, "
            "Common "
            "Platform) records, linked without a common identifier; probation contact notes.",
        ),
        (
            "Body",
            f"Contact notes were read by: {facts.read_by}.",
        ),
        ("Heading", "Contact"),
    ]
    return [*lines, ("Contact", facts.contact)]


def _add_data_table(book: Workbook, table_number: int, cells: pl.DataFrame, facts: RunFacts) -> None:
    text_ = TABLES[table_number]
    notes = ", ".join(f"[note {note_numbers()[name]}]" for name in text_.notes)
    columns = cells.unique("measure_order").sort("measure_order")
    headers = [*text_.row_headers, *(with_marks(measure, text_) for measure in columns["measure"])]
    rows = []
    for row in cells.partition_by("row_order", maintain_order=True):
        labels = [row["row_group"][0], with_marks(row["row_label"][0], text_)][-len(text_.row_headers) :]
        rows.append([*labels, *(_content(cell) for cell in row.sort("measure_order").iter_rows(named=True))])
    widths = [WORDS_WIDTH if unit == "text" else NUMBER_WIDTH for unit in columns["unit"]]
    intro = [
        "This worksheet contains one table. Notes are in the worksheet Notes, shorthand is explained on the cover.",
        f"Notes that apply to the whole table: {notes}.",
        f"Source: {text_.source}, quarter {facts.quarter}.",
    ]
    book.add_table(
        WORKSHEET.format(table_number),
        table_title(table_number, facts),
        intro,
        headers,
        rows,
        [*LABEL_WIDTHS[len(text_.row_headers)], *widths],
        label_columns=len(text_.row_headers),
    )


def _content(cell: dict):
    """What a cell holds: a number of its unit, or text."""
    if cell["status"] != SHOWN or cell["unit"] == "text":
        return cell["shown"]
    return Number(rounded(cell["value"], DECIMALS[cell["unit"]]), cell["shown"], DECIMALS[cell["unit"]])
