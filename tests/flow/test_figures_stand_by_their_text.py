"""In the PDFs of the small quarter every figure stands by its text, and no sheet is half empty.

Belongs here: where figures come to stand on paper, which only the typesetter decides. Does not belong here: what they
show, whether a program can read them (test_documents_are_accessible.py).
"""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

QUARTER, NAMES = "2023Q1", ("report", "methodology")
FIGURE = re.compile(r'(?s)<figure id="figure-([^"]+)">.*?</figure>')
PARTS = re.compile(r'(?s)<(p|li)\b[^>]*>(?P<text>.*?)</\1>|<figure id="(?P<figure>[^"]+)">')
LETTERS, FOOT = 60, 70  # of a paragraph that say which it is; points below which the footer stands
OWN_SHEET = ("Descriptions of the figures", "Data of the figures")  # headings that begin a sheet


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad-]", "", text)


def figures_after_text(html: str) -> list[tuple[str, str]]:
    """The name of each figure, and the end of the last paragraph before it."""
    body = FIGURE.sub(r'<figure id="\1">', html[html.index("<h2") :])
    found, before = [], ""
    for part in PARTS.finditer(body):
        if number := part["figure"]:
            number = " ".join(each if each == "and" else each.upper() for each in number.split("-"))
            found.append((f"Figure{'s' if ' ' in number else ''} {number}:", before))
        elif len(text := squeezed(unescape(re.sub(r"<[^>]+>", "", part["text"])))) > LETTERS:
            before = text[-LETTERS:]
    return found


@dataclass(frozen=True)
class Sheet:
    """Text of a sheet, and height of its last line above its foot, as part of what can be written on."""

    text: str
    lowest: float


def read(sheet: PageObject) -> Sheet:
    heights: list[float] = []

    def seen(text: str, matrix: list[float], of_text: list[float], *_: object) -> None:
        height = matrix[3] * of_text[5] + matrix[5] if matrix[3] else of_text[5]
        if text.strip() and height > FOOT:
            heights.append(height)

    text, written_on = sheet.extract_text(visitor_text=seen), float(sheet.mediabox.height) - 2 * FOOT
    return Sheet(text, (min(heights) - FOOT) / written_on if heights else 1.0)


@pytest.fixture(scope="module")
def published(small_quarter) -> Path:
    return small_quarter / "publication" / QUARTER


@pytest.fixture(scope="module")
def sheets_of(published) -> dict[str, list[Sheet]]:
    """The sheets of each document; to read one takes a while."""
    return {name: [read(sheet) for sheet in PdfReader(published / f"{name}.pdf").pages] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_stands_on_the_sheet_of_its_text_or_right_behind_it(published, sheets_of, name):
    """Right behind it are as many sheets as figures have their text on that sheet."""
    sheets = [squeezed(sheet.text) for sheet in sheets_of[name]]
    figures = figures_after_text((published / f"{name}.html").read_text(encoding="utf-8"))
    apart, on_sheet = {}, Counter[int]()
    for caption, text in figures:
        at, of_text = (
            [number for number, sheet in enumerate(sheets) if squeezed(said) in sheet] for said in (caption, text)
        )
        nearest = min(of_text, key=lambda number: abs(at[0] - number)) if at and of_text else -1
        on_sheet[nearest] += 1
        if nearest < 0 or not 0 <= at[0] - nearest <= on_sheet[nearest]:
            apart[caption] = (at, of_text)
    assert len(figures) >= 3 and apart == {}


def test_no_sheet_of_the_report_is_half_empty(sheets_of):
    sheets = sheets_of["report"]
    texts = [sheet.text for sheet in sheets]
    ends = {number - 1 for number, text in enumerate(texts) if text.strip().startswith(OWN_SHEET)} | {len(sheets) - 1}
    begins = next(number for number, text in enumerate(texts) if "Executive summary" in text and ". . ." not in text)
    empty = [number + 1 for number in range(begins, len(sheets)) if number not in ends and sheets[number].lowest > 0.5]
    assert empty == []
