"""How wide text of a drawing may be, and whether a drawing has room for it.

Belongs here: the measure, and the texts of an SVG with their places. Does not belong here: any drawing. A page is read
in the fonts of its reader: text is taken to be as wide as in the widest of the usual ones, not as in ours.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from textwrap import wrap

LETTER, BOLD_LETTER = 0.62, 0.7  # width of a letter in the widest usual font, as a share of its size
SIDES = {"start": (0.0, 1.0), "middle": (0.5, 0.5), "end": (1.0, 0.0)}  # shares of a text on either side of its place
_MOVED = re.compile(r"translate\(\s*(-?[\d.e-]+)[ ,]+(-?[\d.e-]+)\s*\)")
_SIZE = re.compile(r'(<svg\b[^>]*?) width="([\d.]+)" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"')


@dataclass(frozen=True)
class PlacedText:
    """A line of text of a drawing, and its sides in the units of the drawing, as wide as it may be."""

    text: str
    left: float
    right: float
    y: float


def text_width(text: str, size: float = 14, bold: bool = False) -> float:
    """How wide a line may be, in pixels."""
    return len(text) * size * (BOLD_LETTER if bold else LETTER)


def lines_within(text: str, width: float, size: float = 14, bold: bool = False) -> list[str]:
    """The text in lines of which none may be wider than so many pixels, unless it is one word."""
    return wrap(text, max(1, int(width / text_width("n", size, bold))), break_long_words=False) or [""]


def with_room(svg: str) -> str:
    """A drawing with room at its sides for every text that could be wider than where it was measured."""
    found = _SIZE.search(svg)
    if not found:
        return svg
    width, height = float(found[2]), float(found[3])
    texts = placed_texts(svg)
    left = max([0.0, *(-text.left for text in texts)])
    whole = max([width, *(text.right for text in texts)]) + left
    box = f'{found[1]} width="{whole:g}" height="{height:g}" viewBox="{0 - left:g} 0 {whole:g} {height:g}"'
    return svg[: found.start()] + box + svg[found.end() :]


def placed_texts(svg: str) -> list[PlacedText]:
    """Every line of text of a drawing that is written from left to right. Raises ParseError for what is no XML."""
    found: list[PlacedText] = []
    _look(ET.fromstring(svg), 0.0, 0.0, found)  # noqa: S314  # drawn by our own code
    return found


def _look(node: ET.Element, x: float, y: float, found: list[PlacedText]) -> None:
    turned = "rotate(" in node.get("transform", "")
    if moved := _MOVED.search(node.get("transform", "")):
        x, y = x + float(moved[1]), y + float(moved[2])
    if node.tag.rpartition("}")[2] != "text":
        for part in node:
            _look(part, x, y, found)
        return
    if turned or node.get("opacity") == "0":
        return
    bold, size = node.get("font-weight", "") == "bold", float(node.get("font-size", "15").removesuffix("px"))
    before, after = SIDES[node.get("text-anchor", "start")]
    y += float(node.get("y", 0))
    for part in (node, *node):
        y += float(part.get("dy", 0)) if part is not node else 0
        if part.text:
            wide, at = text_width(part.text, size, bold), x + float(node.get("x", 0))
            found.append(PlacedText(part.text, at - before * wide, at + after * wide, y))
