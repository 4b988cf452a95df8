"""Writes the published tables as an accessible OpenDocument workbook.

Belongs here: cover, contents, notes and one worksheet per table, after the Analysis Function's "Releasing statistics in
spreadsheets". Does not belong here: numbers, titles and notes (table_list.py). Same input, same bytes: the file holds no
time of writing.
"""

import io
import zipfile

import polars as pl
from odf import dc, number, style, table, text
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet

from modelling_assets.steps.check_workbook_accessibility import check_workbook_accessibility
from modelling_assets.steps.declared_table import DECIMALS
from modelling_assets.steps.disclosure_control import SHOWN, rounded
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.table_list import NOTES, SHORTHAND, TABLES, note_numbers, with_marks

FONT, FONT_SIZE = "Arial", "12pt"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
LABEL_WIDTHS = {1: ("9cm",), 2: ("7cm", "10cm")}
NUMBER_WIDTH, WORDS_WIDTH = "3.6cm", "4.6cm"
WORKSHEET = "Table_{}"


def workbook_bytes(cells: pl.DataFrame, facts: RunFacts) -> bytes:
    """The workbook tables.ods. `cells` is published_tables; only what it shows is written.

    Raises WorkbookNotAccessible when the result would break a rule for accessible spreadsheets.
    """
    numbers = cells["table"].unique().sort().to_list()
    book = _Workbook(f"{facts.title}: data tables, {facts.quarter}")
    book.add_lines("Cover", _cover_lines(facts))
    book.add_table("Contents", "Contents", [f"This worksheet contains one table. It lists the {len(numbers)} data tables.",
                                            *facts.warnings],
                   ["Worksheet", "Title"], _contents_rows(numbers, facts), ["5cm", "27cm"])  # fmt: skip
    used = _notes_used(cells, numbers)
    book.add_table("Notes", "Notes", ["This worksheet contains one table.", "Notes are referred to by number in the data tables."],
                   ["Note number", "Note text"],
                   [[f"note {order}", NOTES[name]] for name, order in note_numbers().items() if name in used],
                   ["5cm", "27cm"])  # fmt: skip
    for table_number in numbers:
        _add_data_table(book, table_number, cells.filter(pl.col("table") == table_number), facts)
    content = book.to_bytes()
    check_workbook_accessibility(content)
    return content


def table_title(table_number: int, facts: RunFacts) -> str:
    """Title of a table with its place, period, and what a reader must know about its data."""
    text_ = TABLES[table_number]
    marks = [facts.synthetic_mark, facts.fixture_mark if text_.reads_notes else ""]
    warning = "".join(f" [{mark}]" for mark in marks if mark)
    return f"Table {table_number}: {text_.title}, England, requirements from {facts.period}{warning}"


def _contents_rows(numbers: list[int], facts: RunFacts) -> list[list]:
    sheets = [("Cover", "Cover: what the tables are, coverage, shorthand, contact"), ("Notes", "Notes to the tables")]
    sheets += [(WORKSHEET.format(number_), table_title(number_, facts)) for number_ in numbers]
    return [[_Link(sheet), title] for sheet, title in sheets]


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
        ("Body", f"Alcohol treatment requirements (ATRs) and drug rehabilitation requirements (DRRs) of community orders and "
                 f"suspended sentence orders in England, sentenced from {facts.period}."),
        ("Body", f"Treatment, prison and court records are observed up to {words(facts.observation_end)}."),
        ("Body", f"The tables count {facts.requirements:,} requirements of {facts.people:,} people. "
                 "The unit is the requirement unless a table says otherwise."),
        ("Body", "Percentages are computed from unrounded numbers and rounded to whole numbers, so they may not add up to 100. "
                 "Odds ratios have two decimal places."),
        ("Heading", "Statistical disclosure control"),
        ("Body", f"Counts from 1 to {facts.disclosure_threshold - 1} are not shown, nor counts from which they could be worked "
                 "out, nor percentages of either. Percentages of fewer than "
                 f"{facts.minimum_base} requirements are not shown. Zeros are shown."),
        ("Heading", "Shorthand"),
        *(("Body", f"{mark}: {meaning}.") for mark, meaning in SHORTHAND.items()),
        ("Heading", "Contents and notes"),
        ("Body", "The worksheet Contents lists the tables with links, the worksheet Notes holds the notes."),
        ("Heading", "Sources"),
        ("Body", "Probation (nDelius), treatment (NDTMS), prison (p-NOMIS) and courts (Xhibit, Libra, Common Platform) records, "
                 "linked without a common identifier; probation contact notes."),
        ("Body", f"Contact notes were read by: {', '.join(facts.label_models) or 'no model: no notes were requested'}."),
        ("Heading", "Contact"),
    ]  # fmt: skip
    return [*lines, ("Contact", facts.contact)]


def _add_data_table(book: "_Workbook", table_number: int, cells: pl.DataFrame, facts: RunFacts) -> None:
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
    book.add_table(WORKSHEET.format(table_number), table_title(table_number, facts), intro, headers, rows,
                   [*LABEL_WIDTHS[len(text_.row_headers)], *widths], label_columns=len(text_.row_headers))  # fmt: skip


def _content(cell: dict):
    """What a cell holds: a number of its unit, or text."""
    if cell["status"] != SHOWN or cell["unit"] == "text":
        return cell["shown"]
    return _Number(rounded(cell["value"], DECIMALS[cell["unit"]]), cell["shown"], DECIMALS[cell["unit"]])


class _Number:
    def __init__(self, value, shown: str, decimals: int):
        self.value, self.shown, self.decimals = value, shown, decimals


class _Link(str):
    """Name of the worksheet that the cell links to."""


class _Workbook:
    """An OpenDocument spreadsheet with the few styles that we use."""

    def __init__(self, title: str):
        # odfpy collects name spaces over all documents of a process: the second workbook would differ from the first.
        Element.namespaces.clear()
        self.document = OpenDocumentSpreadsheet()
        self.document.meta.addElement(dc.Title(text=title))
        self.document.meta.addElement(dc.Language(text="en-GB"))
        self.ranges = table.DatabaseRanges()
        self.widths: dict[str, style.Style] = {}
        self._add_styles()

    def add_lines(self, sheet: str, lines: list[tuple[str, str]]) -> None:
        """A worksheet of text, one line per row in column A."""
        worksheet = self._worksheet(sheet)
        worksheet.addElement(table.TableColumn(stylename=self._width("30cm")))
        for line_style, line in lines:
            link = f"mailto:{line}" if line_style == "Contact" else None
            self._add_row(worksheet, [(line, "Body" if line_style == "Contact" else line_style, link)])
        self.document.spreadsheet.addElement(worksheet)

    def add_table(self, sheet: str, title: str, intro: list[str], headers: list[str], rows: list[list], widths: list[str],
                  label_columns: int = 1) -> None:  # fmt: skip
        """A worksheet with a title, introductory lines and one table, which starts in column A without a blank row."""
        worksheet = self._worksheet(sheet)
        labels = table.TableHeaderColumns()
        for position, width in enumerate(widths):
            (labels if position < label_columns else worksheet).addElement(
                table.TableColumn(stylename=self._width(width))
            )
            if position == label_columns - 1:
                worksheet.addElement(labels)
        self._add_row(worksheet, [(title, "Title", None)])
        for line in intro:
            self._add_row(worksheet, [(line, "Line", None)])
        header = table.TableHeaderRows()
        self._add_row(header, [
            (name, "Header" if position < label_columns or sheet in ("Contents", "Notes") else "HeaderRight", None)
            for position, name in enumerate(headers)
        ])  # fmt: skip
        worksheet.addElement(header)
        for row in rows:
            self._add_row(worksheet, [self._cell(content, position < label_columns or sheet in ("Contents", "Notes"))
                                      for position, content in enumerate(row)])  # fmt: skip
        self.document.spreadsheet.addElement(worksheet)
        first, last = 2 + len(intro), 2 + len(intro) + len(rows)
        address = f"{sheet}.A{first}:{sheet}.{column_letter(len(headers))}{last}"
        self.ranges.addElement(
            table.DatabaseRange(
                name=sheet.lower(), targetrangeaddress=address, containsheader="true", displayfilterbuttons="false"
            )
        )

    def to_bytes(self) -> bytes:
        """The file, with the same bytes for the same content."""
        self.document.spreadsheet.addElement(self.ranges)
        written = io.BytesIO()
        self.document.write(written)
        return _without_times(written.getvalue())

    def _worksheet(self, name: str) -> table.Table:
        return table.Table(name=name, stylename=self.sheet_style)

    def _cell(self, content, is_label: bool) -> tuple:
        if isinstance(content, _Number):
            return content, f"Number{content.decimals}", None
        if isinstance(content, _Link):
            return content, "Label", f"#{content}.A1"
        return content, "Label" if is_label else "Words", None

    def _add_row(self, parent, cells: list[tuple]) -> None:
        row = table.TableRow(stylename=self.row_style)
        for content, cell_style, link in cells:
            if isinstance(content, _Number):
                cell = table.TableCell(stylename=cell_style, valuetype="float", value=str(content.value))
                cell.addElement(text.P(text=content.shown))
            else:
                cell = table.TableCell(stylename=cell_style, valuetype="string")
                paragraph = text.P()
                paragraph.addElement(text.A(href=link, type="simple", text=content)) if link else paragraph.addText(
                    content
                )
                cell.addElement(paragraph)
            row.addElement(cell)
        parent.addElement(row)

    def _width(self, width: str) -> style.Style:
        if width not in self.widths:
            column = style.Style(name=f"co{len(self.widths) + 1}", family="table-column")
            column.addElement(style.TableColumnProperties(columnwidth=width))
            self.document.automaticstyles.addElement(column)
            self.widths[width] = column
        return self.widths[width]

    def _add_styles(self) -> None:
        default = style.DefaultStyle(family="table-cell")
        default.addElement(style.TextProperties(fontfamily=FONT, fontsize=FONT_SIZE, language="en", country="GB"))
        self.document.styles.addElement(default)
        bold = {"fontweight": "bold"}
        border = {"borderbottom": "0.75pt solid #000000"}
        thin = {"borderbottom": "0.25pt solid #8a8a8a"}
        self._cell_style("Title", {"wrapoption": "no-wrap"}, {"fontsize": "16pt", **bold})
        self._cell_style("Heading", {"wrapoption": "wrap"}, {"fontsize": "14pt", **bold})
        self._cell_style("Warning", {"wrapoption": "wrap", "backgroundcolor": "#ffdd00"}, bold)
        self._cell_style("Body", {"wrapoption": "wrap", "verticalalign": "top"}, {})
        self._cell_style("Line", {"wrapoption": "no-wrap"}, {})
        self._cell_style("Header", {"wrapoption": "wrap", "verticalalign": "bottom", **border}, bold)
        self._cell_style("HeaderRight", {"wrapoption": "wrap", "verticalalign": "bottom", **border}, bold, align="end")
        self._cell_style("Label", {"wrapoption": "wrap", "verticalalign": "top", **thin}, {})
        self._cell_style("Words", {"wrapoption": "wrap", "verticalalign": "top", **thin}, {}, align="end")
        for decimals in sorted(set(DECIMALS.values())):
            format_ = number.NumberStyle(name=f"N{decimals}")
            format_.addElement(number.Number(decimalplaces=str(decimals), minintegerdigits="1", grouping="true"))
            self.document.styles.addElement(format_)
            self._cell_style(f"Number{decimals}", {"wrapoption": "wrap", "verticalalign": "top", **thin}, {}, align="end",
                             data_style=f"N{decimals}")  # fmt: skip
        self.row_style = style.Style(name="ro1", family="table-row")
        self.row_style.addElement(style.TableRowProperties(useoptimalrowheight="true"))
        self.document.automaticstyles.addElement(self.row_style)
        layout = style.PageLayout(name="Landscape")
        layout.addElement(style.PageLayoutProperties(pagewidth="29.7cm", pageheight="21cm", printorientation="landscape",
                                                     margin="1.5cm", scaletopages="1"))  # fmt: skip
        self.document.automaticstyles.addElement(layout)
        self.document.masterstyles.addElement(style.MasterPage(name="Default", pagelayoutname=layout))
        self.sheet_style = style.Style(name="ta1", family="table", masterpagename="Default")
        self.document.automaticstyles.addElement(self.sheet_style)

    def _cell_style(
        self, name: str, cell: dict, letters: dict, align: str | None = None, data_style: str | None = None
    ) -> None:
        options = {"datastylename": data_style} if data_style else {}
        added = style.Style(name=name, family="table-cell", parentstylename="Default", **options)
        added.addElement(style.TableCellProperties(**cell))
        if align:
            added.addElement(style.ParagraphProperties(textalign=align))
        if letters:
            added.addElement(style.TextProperties(**letters))
        self.document.styles.addElement(added)


def column_letter(position: int) -> str:
    """Letter of the n-th column, from 1: A, B, ..., Z, AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _without_times(content: bytes) -> bytes:
    """The same archive with every entry dated 1 January 1980, the type first and not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            dated = zipfile.ZipInfo(entry.filename, FIRST_DAY_OF_ZIP)
            dated.compress_type, dated.external_attr = entry.compress_type, entry.external_attr
            new.writestr(dated, old.read(entry.filename))
    return written.getvalue()
