"""Draws a tree of boxes as SVG: from left to right, or from top to bottom where it is narrow.

Belongs here: the picture. Does not belong here: what stands in it (outcome_tree.py). A withheld figure is written as
its shorthand; boxes have one size whatever they count, so no size gives it away.
"""

from dataclasses import dataclass, field
from html import escape

from drawing.svg import FONT
from drawing.text_room import lines_within, text_width
from publishing.charts.charts import DARK_BLUE, INK, NARROW

TOP, GAP, BETWEEN = 4, 10, 26
ROOT, SIDE, LEAVES = (4, 170), (216, 256), (514, 436)  # left edge and width of the columns
LINES = "#3d3d3d"
INDENT, LINE, SIZE, NUMBER, PAD = 22, 19, 14, 17, 12  # of the narrow form; of a line, its letters, those of a number


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
            height = _height(leaf, LEAVES[1])
            middles.append(y + height / 2)
            boxes.append(_node(leaf, *LEAVES, y))
            y += height + GAP
        y += BETWEEN - GAP
        sides.append(sum(middles) / len(middles))
        boxes.append(_node(side, *SIDE, sides[-1] - _height(side, SIDE[1]) / 2))
        lines += [_elbow(SIDE, sides[-1], LEAVES, middle) for middle in middles]
    middle = sum(sides) / len(sides)
    boxes.append(_node(root, *ROOT, middle - _height(root, ROOT[1]) / 2, strong=True))
    lines += [_elbow(ROOT, middle, SIDE, side) for side in sides]
    return _svg("".join(lines + boxes), LEAVES[0] + LEAVES[1] + 4, y - BETWEEN + TOP, alternative)


def narrow_tree(root: Node, alternative: str) -> str:
    """The root at the top, each part below it and further to the right, and theirs below that."""
    boxes, lines, y = [], [], float(TOP)

    def place(node: Node, depth: int) -> float:
        nonlocal y
        left, top = 2 + INDENT * depth, y
        height = _height(node, NARROW - left)
        boxes.append(_node(node, left, NARROW - left, top, depth == 0))
        y += height + GAP
        below = [place(part, depth + 1) for part in node.parts]
        rail = left + INDENT / 2
        if below:
            lines.append(f'<path d="M{rail:g} {top + height:g} V{below[-1]:g}" stroke="{LINES}" fill="none"/>')
        lines.extend(f'<path d="M{rail:g} {each:g} H{left + INDENT}" stroke="{LINES}" fill="none"/>' for each in below)
        return top + height / 2

    place(root, 0)
    return _svg("".join(lines + boxes), NARROW + 4, y, alternative)


def _words(node: Node, width: int) -> tuple[str, list[str]]:
    """What of a node stands beside its number, and in the lines below: its share stands below where it is too wide."""
    room = width - 2 * PAD
    label = lines_within(node.label, room, SIZE)
    if text_width(node.number, NUMBER, bold=True) + PAD + text_width(node.share, SIZE) <= room:
        return node.share, label
    return "", [*label, *lines_within(node.share, room, SIZE)]


def _height(node: Node, width: int) -> int:
    return 36 + LINE * len(_words(node, width)[1])


def _node(node: Node, left: int, width: int, top: float, strong: bool = False) -> str:
    """The box of a node with its words."""
    ink = "#ffffff" if strong else INK
    beside, below = _words(node, width)
    after = left + 2 * PAD + text_width(node.number, NUMBER, bold=True)
    texts = [(after, top + 23, beside)] if beside else []
    texts += [(left + PAD, top + 45 + LINE * number, line) for number, line in enumerate(below)]
    return (
        _box(left, top, width, _height(node, width), strong)
        + f'<text x="{left + PAD}" y="{top + 23:g}" font-weight="bold" font-size="{NUMBER}" fill="{ink}">{node.number}'
        + "</text>"
        + "".join(
            f'<text x="{across:g}" y="{down:g}" font-size="{SIZE}" fill="{ink}">{escape(text)}</text>'
            for across, down, text in texts
        )
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
