"""Whatever a document is made of may end at the foot of a sheet or go on over it, with tags that PDF/UA-1 takes.

The typesetter refuses a document whose tags it would have to split. What comes to the foot of a sheet, and before or
behind a sheet that a tall figure fills, depends on the figures of a quarter: so each part is put there, line by line.
"""

from io import BytesIO

import pytest
from pypdf import PdfReader

from publishing.documents.document import Block, Paragraph
from tests.unit.publication_assets.typesetting.parts_of_documents import (
    LINE,
    LONGER_THAN_A_SHEET,
    PARTS,
    figure,
)

FOOT = 20  # points above the lower edge of a sheet, below which no printer prints
PLACES = 24  # of a part on a sheet


def lowest(content: bytes) -> float:
    """How far above the lower edge of its sheet the lowest line of a PDF stands, points."""
    heights: list[float] = []

    def seen(text: str, matrix: list[float], of_text: list[float], *_: object) -> None:
        if text.strip():
            heights.append(matrix[3] * of_text[5] + matrix[5] if matrix[3] else of_text[5])

    for sheet in PdfReader(BytesIO(content)).pages:
        sheet.extract_text(visitor_text=seen)
    return min(heights)


def at_every_place(part: Block, *tall: Block) -> list[Block]:
    """A part again and again, after text of each length that a sheet can hold, and figures one after the other."""
    text = [Paragraph("word " * (1 + place * 7 % 31 * 20)) for place in range(PLACES)]
    figures = [tall[place % len(tall) : place % len(tall) + 1] if tall else () for place in range(PLACES)]
    return [block for each, drawn in zip(text, figures, strict=True) for block in (each, *drawn, Paragraph(LINE), part)]


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_part_may_stand_at_every_place_of_a_sheet(typeset, part):
    assert typeset(*at_every_place(part)).startswith(b"%PDF")


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_part_may_go_on_behind_a_sheet_that_a_figure_fills(typeset, part):
    """So many lines of its caption leave less than a line, a line and two lines below the figure."""
    figures = [figure(1300, lines) for lines in (2, 3, 4)]
    assert typeset(*at_every_place(part, *figures)).startswith(b"%PDF")


@pytest.mark.parametrize("part", LONGER_THAN_A_SHEET.values(), ids=LONGER_THAN_A_SHEET)
def test_what_is_longer_than_a_sheet_is_all_there(typeset, part):
    written = typeset(Paragraph(LINE), figure(1300, 3), Paragraph(LINE), part, Paragraph(LINE), part)
    assert lowest(written) > FOOT
