"""A workbook as a program for reading aloud finds it, from a finished file of either format.

Belongs here: reading .ods and .xlsx into one form. Does not belong here: rules (check_workbook_accessibility.py). The
files need not be ours.
"""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass, field

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NS = {
    "office": f"{ODF}:office:1.0",
    "style": f"{ODF}:style:1.0",
    "table": f"{ODF}:table:1.0",
    "text": f"{ODF}:text:1.0",
    "draw": f"{ODF}:drawing:1.0",
    "fo": f"{ODF}:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
ADDRESS = re.compile(r".*?([A-Z]+)\$?(\d+)")
HIDDEN = "is hidden or has hidden rows or columns"


@dataclass(frozen=True)
class SeenCell:
    """One cell: its text, whether it is stored as a number, whether its text is wrapped, the worksheet it links to."""

    text: str
    number: bool = False
    wrapped: bool = True
    link: str = ""


@dataclass
class SeenSheet:
    """One worksheet. tables: name, whether it has one tagged header row, first row, last row and columns of each."""

    name: str
    rows: list[list[SeenCell]]
    tables: list[tuple[str, bool, int, int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class SeenWorkbook:
    """A file: title and language, and its worksheets with what can be told of each from the format alone."""

    title: str
    language: str
    sheets: list[SeenSheet]


def read_workbook(content: bytes) -> SeenWorkbook:
    """The workbook in a file of either format."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "content.xml" in names:
            parts = ("content", "styles", "meta")
            read = {name: ET.fromstring(archive.read(f"{name}.xml")) for name in parts}  # noqa: S314  # written here
            return _open_document(read)
    return _excel(content)


def _excel(content: bytes) -> SeenWorkbook:
    book = load_workbook(io.BytesIO(content))
    sheets = []
    for sheet in book.worksheets:
        rows = [[_excel_cell(cell) for cell in row] for row in sheet.iter_rows()]
        rows = [row[: 1 + max((i for i, cell in enumerate(row) if cell.text), default=-1)] for row in rows]
        found = SeenSheet(sheet.title, rows)
        for marked in sheet.tables.values():
            found.tables.append((str(marked.displayName), bool(marked.headerRowCount), *_extent(str(marked.ref))))
            if marked.autoFilter is not None:
                found.faults.append("has filters")
        hidden = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        for fault, present in (
            ("has merged cells", bool(sheet.merged_cells.ranges)),
            ("has pictures", bool(getattr(sheet, "_images", []))),
            ("has frozen panes", sheet.freeze_panes is not None),
            ("has filters", sheet.auto_filter.ref is not None),
            (HIDDEN, sheet.sheet_state != "visible" or any(part.hidden for part in hidden)),
            ("has headers or footers", _has_words(sheet.oddHeader) or _has_words(sheet.oddFooter)),
        ):
            found.faults += [fault] if present else []
        sheets.append(found)
    return SeenWorkbook(book.properties.title or "", book.properties.language or "", sheets)


def _has_words(part) -> bool:
    return any(getattr(part, side).text for side in ("left", "center", "right"))


def _extent(address: str) -> tuple[int, int, int]:
    """First row, last row and number of columns of a range that starts in column A, such as "A3:F9"."""
    start, _, end = address.rpartition(":")
    first, last = ADDRESS.fullmatch(start), ADDRESS.fullmatch(end)
    return (int(first[2]), int(last[2]), column_index_from_string(last[1])) if first and last else (0, 0, 0)


def _excel_cell(cell) -> SeenCell:
    link = (cell.hyperlink.location or cell.hyperlink.target or "") if cell.hyperlink else ""
    text = "" if cell.value is None else str(cell.value)
    return SeenCell(
        text, cell.data_type == "n" and bool(text), bool(cell.alignment.wrap_text), link.lstrip("#").partition("!")[0]
    )


def _open_document(trees: dict) -> SeenWorkbook:
    wrapping = {
        _get(look, "style:name")
        for tree in (trees["styles"], trees["content"])
        for look in tree.iterfind(".//style:style", NS)
        if any(_get(part, "fo:wrap-option") == "wrap" for part in look.iterfind("style:table-cell-properties", NS))
    }
    ranges = trees["content"].findall(".//table:database-range", NS)
    sheets = [_sheet(sheet, ranges, wrapping) for sheet in trees["content"].iterfind(".//table:table", NS)]
    default = trees["styles"].iterfind(".//style:default-style/style:text-properties", NS)
    of_text = next((_get(part, "fo:language") for part in default if _get(part, "fo:language")), "")
    language = trees["meta"].findtext(".//dc:language", "", NS) if of_text else ""
    for rule, path in (
        ("has pictures", ".//draw:frame"),
        ("has headers or footers", ".//style:header"),
        ("has headers or footers", ".//style:footer"),
    ):
        if sheets and any(tree.find(path, NS) is not None for tree in trees.values()):
            sheets[0].faults.append(rule)
    return SeenWorkbook(trees["meta"].findtext(".//dc:title", "", NS), language, sheets)


def _sheet(sheet, ranges: list, wrapping: set[str]) -> SeenSheet:
    name = _get(sheet, "table:name")
    rows = [[_cell(cell, wrapping) for cell in row.findall("table:table-cell", NS)] for row in sheet.iter(_row())]
    found = SeenSheet(name, rows)
    headers = sheet.findall("table:table-header-rows/table:table-row", NS)
    for span in ranges:
        address = _get(span, "table:target-range-address")
        if address.startswith(f"{name}."):
            has_header = _get(span, "table:contains-header") != "false" and len(headers) == 1
            found.tables.append((_get(span, "table:name"), has_header, *_extent(address)))
            if _get(span, "table:display-filter-buttons") == "true":
                found.faults.append("has filters")
    for rule, path in (
        ("has merged cells", ".//table:covered-table-cell"),
        ("has nested tables", ".//table:table"),
        ("has merged cells", ".//table:table-cell[@table:number-columns-spanned]"),
        ("has merged cells", ".//table:table-cell[@table:number-rows-spanned]"),
        (HIDDEN, ".//*[@table:visibility]"),
    ):
        found.faults += [rule] if sheet.find(path, NS) is not None else []
    return found


def _cell(cell, wrapping: set[str]) -> SeenCell:
    link = cell.find(".//text:a", NS)
    target = "" if link is None else _get(link, "xlink:href").lstrip("#").removesuffix(".A1")
    number = _get(cell, "office:value-type") == "float"
    return SeenCell("".join(cell.itertext()).strip(), number, _get(cell, "table:style-name") in wrapping, target)


def _row() -> str:
    return f"{{{NS['table']}}}table-row"


def _get(element, attribute: str) -> str:
    prefix, local = attribute.split(":")
    return element.get(f"{{{NS[prefix]}}}{local}", "")
