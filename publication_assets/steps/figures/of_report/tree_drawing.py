"""Draws a tree of boxes as SVG: from left to right, or from top to bottom where it is narrow.

Belongs here: the picture. Does not belong here: what stands in it (outcome_tree.py). A withheld figure is written as
its shorthand; boxes have one size whatever they count, so no size gives it away.
"""

from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from drawing.svg import FONT
from publishing.charts.charts import DARK_BLUE, INK, NARROW

TOP, LEAF, SIDE_HEIGHT, GAP, BETWEEN = 4, 56, 80, 10, 26
ROOT, SIDE, LEAVES = (4, 150), (196, 256), (500, 436)  # left edge and width of the columns
LINES = "#3d3d3d"
INDENT, LINE, LETTERS = 22, 19, 35  # of the narrow form; letters of a line within a leaf


@dataclass(frozen=True)
class Node:
    """A box: its number, what it counts, and what share that is; and the boxes that it is divided into."""

    number: str
    label: str
    share: str
    parts: tuple["Node", ...] = field(default=())


def wide_tree(root: Node, alternative: str) -> str:
    """The root at the left, its parts in the middle, theirs at the right."""
    boxes, lines, sides, y = [], [], [], float(TOP)
    for side in root.parts:
        middles = []
        for leaf in side.parts:
            middles.append(y + LEAF / 2)
            boxes.append(_wide_box(leaf, LEAVES, middles[-1]))
            y += LEAF + GAP
        y += BETWEEN - GAP
        sides.append(sum(middles) / len(middles))
        boxes.append(_wide_box(side, SIDE, sides[-1]))
        lines += [_elbow(SIDE, sides[-1], LEAVES, middle) for middle in middles]
    middle = sum(sides) / len(sides)
    boxes.append(_wide_box(root, ROOT, middle))
    lines += [_elbow(ROOT, middle, SIDE, side) for side in sides]
    return _svg("".join(lines + boxes), LEAVES[0] + LEAVES[1] + 4, y - BETWEEN + TOP, alternative)


def narrow_tree(root: Node, alternative: str) -> str:
    """The root at the top, each part below it and further to the right, and theirs below that."""
    boxes, lines, y = [], [], float(TOP)

    def place(node: Node, depth: int) -> float:
        nonlocal y
        left, top, texts = 2 + INDENT * depth, y, wrap(node.label, LETTERS)
        height = 34 + LINE * len(texts)
        boxes.append(_box(left, top, NARROW - left, height, depth == 0))
        boxes.append(_texts_of(node, left, top, texts, depth == 0))
        y += height + GAP
        below = [place(part, depth + 1) for part in node.parts]
        rail = left + INDENT / 2
        if below:
            lines.append(f'<path d="M{rail:g} {top + height:g} V{below[-1]:g}" stroke="{LINES}" fill="none"/>')
        lines.extend(f'<path d="M{rail:g} {each:g} H{left + INDENT}" stroke="{LINES}" fill="none"/>' for each in below)
        return top + height / 2

    place(root, 0)
    return _svg("".join(lines + boxes), NARROW + 4, y, alternative)


def _texts_of(node: Node, left: float, top: float, lines: list[str], strong: bool) -> str:
    ink = "#ffffff" if strong else INK
    after = left + 24 + 11 * len(node.number)
    return (
        f'<text x="{left + 10}" y="{top + 22:g}" font-weight="bold" font-size="17" fill="{ink}">{node.number}</text>'
        f'<text x="{after}" y="{top + 22:g}" font-size="14" fill="{ink}">{escape(node.share)}</text>'
        + "".join(
            f'<text x="{left + 10}" y="{top + 43 + LINE * number:g}" font-size="14" fill="{ink}">{escape(line)}</text>'
            for number, line in enumerate(lines)
        )
    )


def _wide_box(node: Node, column: tuple[int, int], middle: float) -> str:
    (left, width), outcome, strong = column, column == LEAVES, column == ROOT
    height = LEAF if outcome else SIDE_HEIGHT
    top = middle - height / 2
    ink = "#ffffff" if strong else INK
    texts = [(12, 45, node.label), (84, 23, node.share) if outcome else (12, 65, node.share)]
    words = "".join(
        f'<text x="{left + across}" y="{top + down:g}" fill="{ink}">{escape(text)}</text>'
        for across, down, text in texts
    )
    return (
        _box(left, top, width, height, strong)
        + f'<text x="{left + 12}" y="{top + 23:g}" font-weight="bold" font-size="17" fill="{ink}">{node.number}</text>'
        + words
    )


def _box(left: float, top: float, width: float, height: float, strong: bool) -> str:
    fill = DARK_BLUE if strong else "#f3f2f1"
    return f'<rect x="{left}" y="{top:g}" width="{width}" height="{height}" fill="{fill}" stroke="{DARK_BLUE}"/>'


def _svg(picture: str, width: int, height: float, text_alternative: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(text_alternative)}" viewBox="0 0 {width} {height:g}" width="{width}" '
        f'height="{height:g}" font-family="{FONT}" font-size="15">{picture}</svg>'
    )


def _elbow(start: tuple[int, int], start_middle: float, end: tuple[int, int], end_middle: float) -> str:
    left, right = start[0] + start[1], end[0]
    turn = (left + right) / 2
    return (
        f'<path d="M{left} {start_middle:g} H{turn:g} V{end_middle:g} H{right - 7}" stroke="{LINES}" fill="none"/>'
        f'<path d="M{right - 8} {end_middle - 4:g} L{right} {end_middle:g} L{right - 8} {end_middle + 4:g} z" '
        f'fill="{LINES}"/>'
    )
