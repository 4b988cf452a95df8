"""The workbook as an Excel file with table objects, over openpyxl.

Belongs here: cells, styles, marked-up tables, links. Does not belong here: what the worksheets say.
The file holds no time of writing: the same content gives the same bytes.
"""

import io
import re
from textwrap import wrap

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.styles import Side as Edge
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from publication_assets.steps.workbook.repack_zip import repack_zip
from publication_assets.steps.workbook.workbook_sheets import (
    FONT,
    LANGUAGE,
    Content,
    Line,
    Link,
    Number,
    Sheet,
    Side,
    column_letter,
)

COVER_WIDTH = 23.0
LETTERS_PER_CENTIMETRE = 4.7  # Excel measures columns in letters of its default font
LETTERS_WRAPPED, LINE_HEIGHT = 0.95, 16.0  # ours are larger; rows need a height, as not every program finds it out
TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>.*?</dcterms:\1>")
FONTS = {
    "Title": Font(name=FONT, size=14, bold=True),
    "Heading": Font(name=FONT, size=14, bold=True),
    "Warning": Font(name=FONT, size=12, bold=True),
    "Body": Font(name=FONT, size=12),
    "Contact": Font(name=FONT, size=12, underline="single", color="0000EE"),
}
ALIGNED: dict[Side, dict] = {
    "label": {"horizontal": "left"},
    "words": {"horizontal": "left", "indent": 1},
    "figures": {"horizontal": "right"},
}
YELLOW = PatternFill("solid", fgColor="FFDD00")
THIN, STRONG = Border(bottom=Edge("hair", color="8A8A8A")), Border(bottom=Edge("thin", color="000000"))


def excel_workbook(title: str, sheets: list[Sheet]) -> bytes:
    """The workbook as a file, .xlsx."""
    book = Workbook()
    book.properties.title, book.properties.language = title, LANGUAGE
    book.properties.creator = None
    for position, sheet in enumerate(sheets):
        worksheet = book.worksheets[0] if position == 0 else book.create_sheet()
        worksheet.title = sheet.name
        _fill(worksheet, sheet)
    written = io.BytesIO()
    book.save(written)
    return repack_zip(written.getvalue(), _without_times)


def _fill(worksheet: Worksheet, sheet: Sheet) -> None:
    for row, line in enumerate(sheet.lines, start=1):
        _write_line(worksheet, row, line, wrapped=sheet.table is None)
    for column, width in enumerate(sheet.table.widths if sheet.table else [COVER_WIDTH], start=1):
        worksheet.column_dimensions[column_letter(column)].width = round(width * LETTERS_PER_CENTIMETRE, 1)
    if sheet.table:
        _write_table(worksheet, sheet)
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_line(worksheet: Worksheet, row: int, line: Line, wrapped: bool) -> None:
    cell = worksheet.cell(row, 1, line.text)
    cell.data_type = "s"
    if line.style == "Contact":
        cell.hyperlink = f"mailto:{line.text}"
    cell.font = FONTS[line.style]
    cell.alignment = Alignment(wrap_text=wrapped and line.style != "Title", vertical="top")
    if wrapped and line.style == "Warning":
        cell.fill = YELLOW
    if wrapped and line.style not in ("Title", "Heading"):
        worksheet.row_dimensions[row].height = _height([line.text], [COVER_WIDTH])


def _write_table(worksheet: Worksheet, sheet: Sheet) -> None:
    assert sheet.table is not None
    first, last, letter = sheet.table_range
    for column, header in enumerate(sheet.table.headers, start=1):
        cell = worksheet.cell(first, column, header)
        cell.font, cell.border = FONTS["Warning"], STRONG
        cell.alignment = Alignment(**ALIGNED[sheet.table.side(column - 1)], vertical="bottom", wrap_text=True)
    worksheet.row_dimensions[first].height = _height(sheet.table.headers, sheet.table.widths)
    for row, contents in enumerate(sheet.table.rows, start=first + 1):
        for column, content in enumerate(contents, start=1):
            _write_cell(worksheet, row, column, content, sheet.table.side(column - 1))
        worksheet.row_dimensions[row].height = _height([_words(content) for content in contents], sheet.table.widths)
    # Columns are given, because openpyxl adds filter buttons to tables whose columns it works out itself.
    columns = [TableColumn(id=position, name=name) for position, name in enumerate(sheet.table.headers, start=1)]
    marked = Table(displayName=sheet.table_name, ref=f"A{first}:{letter}{last}", tableColumns=columns)
    marked.tableStyleInfo = TableStyleInfo(name=None, showRowStripes=False)
    worksheet.add_table(marked)


def _write_cell(worksheet: Worksheet, row: int, column: int, content: Content, side: Side) -> None:
    value = str(content)
    if isinstance(content, Number):
        value = float(content.value) if content.decimals else int(content.value)
    cell = worksheet.cell(row, column, value)
    if isinstance(content, Number):
        cell.number_format = "#,##0" + ("." + "0" * content.decimals if content.decimals else "")
    else:
        cell.data_type = "s"
    if isinstance(content, Link):
        cell.hyperlink = f"#{content}!A1"
    cell.font, cell.border = FONTS["Contact" if isinstance(content, Link) else "Body"], THIN
    cell.alignment = Alignment(**ALIGNED[side], vertical="top", wrap_text=True)


def _words(content: Content) -> str:
    return content.shown if isinstance(content, Number) else content


def _height(texts: list[str], widths: list[float]) -> float:
    """Height of a row in points whose texts are wrapped in columns of `widths` centimetres."""
    lines = (
        len(wrap(words, max(1, int(width * LETTERS_PER_CENTIMETRE * LETTERS_WRAPPED))))
        for words, width in zip(texts, widths, strict=True)
    )
    return LINE_HEIGHT * max(1, *lines)


def _without_times(name: str, part: bytes) -> bytes:
    return TIMES.sub(b"", part) if name == "docProps/core.xml" else part
