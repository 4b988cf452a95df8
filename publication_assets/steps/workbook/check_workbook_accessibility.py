"""Checks a workbook against the Analysis Function's checklist for accessible spreadsheets.

Belongs here: rules that a program can check in a finished file. Does not belong here: whether numbers are right, and
reading the file (seen_workbook.py). Any .ods or .xlsx of ours can be given; it need not come from write_workbook.
"""

import re

from publication_assets.steps.workbook.seen_workbook import SeenCell, SeenSheet, SeenWorkbook, read_workbook
from publication_assets.steps.workbook.workbook_sheets import HEADER_ROW, LONGEST_LINE, LONGEST_TITLE

FRONT_SHEETS = ["Cover", "Contents", "Notes"]
OF_FIGURES = "Table_"  # how the name of a worksheet with a published table begins
SYMBOLS_NOT_ALLOWED = {"*", "-", "--", "..", "...", ":", "~", "n/a", "N/A"}
SHORTHAND = re.compile(r"\[(?!note )[a-z]+\]")
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")
TABLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]+")


class WorkbookNotAccessible(Exception):
    """A workbook breaks rules for accessible spreadsheets. Names worksheets and rules."""


def check_workbook_accessibility(content: bytes) -> None:
    """Raise WorkbookNotAccessible with one line per broken rule."""
    if faults := accessibility_faults(content):
        raise WorkbookNotAccessible(f"{len(faults)} rule(s) broken, nothing was written: " + "; ".join(faults[:20]))


def accessibility_faults(content: bytes) -> list[str]:
    """Rules that the workbook breaks, each with the worksheet; empty when it passes."""
    book = read_workbook(content)
    faults = [f"document: {fault}" for fault in _document_faults(book)]
    for sheet in book.sheets:
        found = [*sheet.faults, *_sheet_faults(sheet), *(_table_faults(sheet) if sheet.name != "Cover" else [])]
        faults += [f"{sheet.name}: {fault}" for fault in found]
    return faults + _reference_faults({sheet.name: sheet for sheet in book.sheets})


def _document_faults(book: SeenWorkbook) -> list[str]:
    faults = []
    if not (book.title and book.language):
        faults.append("title or language is not set")
    if [sheet.name for sheet in book.sheets[:3]] != FRONT_SHEETS:
        faults.append("does not start with Cover, Contents, Notes")
    marked = [table[0] for sheet in book.sheets for table in sheet.tables]
    if len(set(marked)) != len(marked):
        faults.append("two tables have the same name")
    return faults


def _sheet_faults(sheet: SeenSheet) -> list[str]:
    if not sheet.rows or not sheet.rows[0] or not sheet.rows[0][0].text:
        return ["A1 holds no title"]
    if len(sheet.rows[0][0].text) > LONGEST_TITLE:
        return ["the title in A1 is too long to be read in one cell"]
    if any(not any(cell.text for cell in row) for row in sheet.rows):
        return ["has blank rows"]
    return []


def _table_faults(sheet: SeenSheet) -> list[str]:
    if len(sheet.tables) != 1 or not sheet.tables[0][1] or not TABLE_NAME.fullmatch(sheet.tables[0][0]):
        return ["is not marked up as exactly one named table with one tagged header row"]
    _, _, first, last, columns = sheet.tables[0]
    if sheet.name.startswith(OF_FIGURES) and first != HEADER_ROW:
        return [f"has its headers in row {first}, not in row {HEADER_ROW} as every table of figures"]
    above, header, body = sheet.rows[: first - 1], _texts(sheet.rows[first - 1]), sheet.rows[first:]
    faults = []
    if not all(header) or len(set(header)) != len(header) or len(header) != columns:
        faults.append("a column header is empty or not unique")
    if len(sheet.rows) != last or not body:
        faults.append("the marked range is not the table")
    if any(len(row) != len(header) or not all(_texts(row)) for row in body):
        faults.append("has blank cells or rows of unequal length")
    if any(not cell.wrapped for row in sheet.rows[first - 1 :] for cell in row):
        faults.append("text of the table is not wrapped")
    too_long = any(len(cell.text) > LONGEST_LINE for row in above[1:] for cell in row)  # a title has a rule of its own
    if too_long or any(len(row) != 1 for row in above):
        faults.append("a line above the table is too long or not in column A alone")
    if any(not cell.number and NUMBER.fullmatch(cell.text) for row in body for cell in row):
        faults.append("a number is stored as text")
    if SYMBOLS_NOT_ALLOWED.intersection(word for row in body for word in _texts(row)):
        faults.append("a symbol stands where shorthand should")
    return faults


def _reference_faults(sheets: dict[str, SeenSheet]) -> list[str]:
    words = {name: [cell.text for row in sheet.rows for cell in row] for name, sheet in sheets.items()}
    data = " ".join(word for name, found in words.items() if name not in FRONT_SHEETS for word in found)
    explained = " ".join(words.get("Cover", []))
    faults = [
        f"Cover: {mark} is used and not explained"
        for mark in sorted(set(SHORTHAND.findall(data)))
        if mark not in explained
    ]
    notes = set(words.get("Notes", []))
    for name in (name for name in words if name not in FRONT_SHEETS):
        faults += [f"{name}: {fault}" for fault in _shorthand_faults(words[name], notes)]
    faults += [
        f"Notes: {note} is missing" for note in sorted(set(re.findall(r"\[(note \d+)\]", data))) if note not in notes
    ]
    contents = sheets.get("Contents", SeenSheet("Contents", []))
    links = {cell.link for row in contents.rows for cell in row if cell.link}
    expected = set(sheets) - {"Contents"}
    return faults + [f"Contents: link {link} is missing or leads nowhere" for link in sorted(links ^ expected)]


def _shorthand_faults(words: list[str], notes: set[str]) -> list[str]:
    """Marks of one worksheet that its line on shorthand does not name or the notes do not explain, and the reverse."""
    lines = {word for word in words if word.startswith("Shorthand: ")}
    explained = set(SHORTHAND.findall(" ".join(lines)))
    used = set(SHORTHAND.findall(" ".join(word for word in words if word not in lines)))
    return [
        *(f"{mark} is used and not explained there" for mark in sorted(used - explained)),
        *(f"{mark} is explained and not used" for mark in sorted(explained - used)),
        *(f"{mark} is not explained in the notes" for mark in sorted(used - notes)),
    ]


def _texts(row: list[SeenCell]) -> list[str]:
    return [cell.text for cell in row]
