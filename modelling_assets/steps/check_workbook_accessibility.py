"""Checks an OpenDocument workbook against the Analysis Function's checklist for accessible spreadsheets.

Belongs here: rules that a program can check in a finished file. Does not belong here: whether numbers are right.
Any .ods of ours can be given; it need not come from write_workbook.
"""

import io
import re
import zipfile
from xml.etree import ElementTree

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
FRONT_SHEETS = ["Cover", "Contents", "Notes"]
SYMBOLS_NOT_ALLOWED = {"*", "-", "--", "..", "...", ":", "~", "n/a", "N/A"}
SHORTHAND = re.compile(r"\[(?!note )[a-z]+\]")
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")


class WorkbookNotAccessible(Exception):
    """A workbook breaks rules for accessible spreadsheets. Names worksheets and rules."""


def check_workbook_accessibility(content: bytes) -> None:
    """Raise WorkbookNotAccessible with one line per broken rule."""
    if faults := accessibility_faults(content):
        raise WorkbookNotAccessible(f"{len(faults)} rule(s) broken, nothing was written: " + "; ".join(faults[:20]))


def accessibility_faults(content: bytes) -> list[str]:
    """Rules that the workbook breaks, each with the worksheet; empty when it passes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        trees = {name: ElementTree.fromstring(archive.read(f"{name}.xml")) for name in ("content", "styles", "meta")}
    sheets = {_get(sheet, "table:name"): sheet for sheet in trees["content"].iterfind(".//table:table", NS)}
    ranges = trees["content"].findall(".//table:database-range", NS)
    wrapping = {
        _get(cell_style, "style:name")
        for tree in (trees["styles"], trees["content"])
        for cell_style in tree.iterfind(".//style:style", NS)
        if any(
            _get(part, "fo:wrap-option") == "wrap" for part in cell_style.iterfind("style:table-cell-properties", NS)
        )
    }
    faults = _document_faults(trees, list(sheets))
    tables = [name for name in sheets if name != "Cover"]
    for name in tables:
        owned = [span for span in ranges if _get(span, "table:target-range-address").startswith(f"{name}.")]
        faults += [f"{name}: {fault}" for fault in _table_faults(sheets[name], owned, wrapping)]
    return faults + _reference_faults(sheets)


def _document_faults(trees: dict, names: list[str]) -> list[str]:
    faults = []
    if not (trees["meta"].findtext(".//dc:title", "", NS) and trees["meta"].findtext(".//dc:language", "", NS)):
        faults.append("document: title or language is not set")
    if not any(
        _get(part, "fo:language")
        for part in trees["styles"].iterfind(".//style:default-style/style:text-properties", NS)
    ):
        faults.append("document: language of the text is not set")
    if names[:3] != FRONT_SHEETS:
        faults.append("document: does not start with Cover, Contents, Notes")
    for rule, path in (
        ("has merged cells", ".//table:covered-table-cell"),
        ("has merged cells", ".//table:table-cell[@table:number-columns-spanned]"),
        ("has merged cells", ".//table:table-cell[@table:number-rows-spanned]"),
        ("has nested tables", ".//table:table//table:table"),
        ("has pictures", ".//draw:frame"),
        ("has headers or footers", ".//style:header"),
        ("has headers or footers", ".//style:footer"),
    ):
        if any(tree.find(path, NS) is not None for tree in trees.values()):
            faults.append(f"document: {rule}")
    return faults


def _table_faults(sheet, owned: list, wrapping: set[str]) -> list[str]:
    headers = sheet.findall("table:table-header-rows/table:table-row", NS)
    rows = sheet.findall("table:table-row", NS)
    texts = [_texts(row) for row in rows]
    faults = []
    if not texts or not texts[0] or not texts[0][0]:
        faults.append("A1 holds no title")
    if len(headers) != 1:
        return [*faults, f"{len(headers)} tagged header rows, not one"]
    names = _texts(headers[0])
    if not all(names) or len(set(names)) != len(names):
        faults.append("a column header is empty or not unique")
    above = list(sheet).index(sheet.find("table:table-header-rows", NS)) - list(sheet).index(rows[0])
    body, cells = (
        texts[above:],
        [cell for row in [*headers, *rows[above:]] for cell in row.findall("table:table-cell", NS)],
    )
    if not body or any(len(row) != len(names) or not all(row) for row in body) or not all(map(any, texts)):
        faults.append("has blank cells, blank rows or rows of unequal length")
    if any(_get(cell, "table:style-name") not in wrapping for cell in cells):
        faults.append("text of the table is not wrapped")
    if any(_is_text_that_is_a_number(cell) for cell in cells):
        faults.append("a number is stored as text")
    if SYMBOLS_NOT_ALLOWED.intersection(word for row in body for word in row):
        faults.append("a symbol stands where shorthand should")
    extent = rf"\.A{above + 1}:.*\.[A-Z]+{above + 1 + len(body)}"
    if len(owned) != 1 or _get(owned[0], "table:contains-header") == "false" or not _get(owned[0], "table:name"):
        faults.append("is not marked up as exactly one named table with a header")
    elif not re.search(extent + "$", _get(owned[0], "table:target-range-address")):
        faults.append("the marked range is not the table")
    return faults


def _reference_faults(sheets: dict) -> list[str]:
    words = {
        name: [word for row in sheet.iter(_name("table:table-row")) for word in _texts(row)]
        for name, sheet in sheets.items()
    }
    data = " ".join(word for name, found in words.items() if name not in FRONT_SHEETS for word in found)
    explained = " ".join(words.get("Cover", []))
    faults = [
        f"Cover: {mark} is used and not explained"
        for mark in sorted(set(SHORTHAND.findall(data)))
        if mark not in explained
    ]
    notes = set(words.get("Notes", []))
    faults += [
        f"Notes: {note} is missing" for note in sorted(set(re.findall(r"\[(note \d+)\]", data))) if note not in notes
    ]
    links = (
        {_get(link, "xlink:href") for link in sheets["Contents"].iter(_name("text:a"))}
        if "Contents" in sheets
        else set()
    )
    expected = {f"#{name}.A1" for name in sheets if name != "Contents"}
    return faults + [f"Contents: link {link} is missing or leads nowhere" for link in sorted(links ^ expected)]


def _is_text_that_is_a_number(cell) -> bool:
    return _get(cell, "office:value-type") != "float" and bool(NUMBER.fullmatch("".join(cell.itertext())))


def _texts(row) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in row.findall("table:table-cell", NS)]


def _name(tag: str) -> str:
    prefix, local = tag.split(":")
    return f"{{{NS[prefix]}}}{local}"


def _get(element, attribute: str) -> str:
    return element.get(_name(attribute), "")
