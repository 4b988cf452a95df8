"""Figures 2 and 3: from all requirements to linked and not linked, and on to their outcomes, drawn as SVG.

Belongs here: the picture, its data and its words. Does not belong here: counting (tables_outcomes.py). A withheld
figure is written as its shorthand; boxes have one size whatever they count, so no size gives it away.
"""

from dataclasses import dataclass
from html import escape

from contracts.vocabulary import TYPES
from publication_assets.catalogue.declared import noun_of
from publication_assets.catalogue.rows import STATUS_LABELS, UNLINKED_LABELS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.charts import DARK_BLUE, FONT, INK, Figure
from publication_assets.steps.figures.of_report.drawn_figures import figure_title
from publication_assets.steps.tables.shown_cells import ShownCells

TABLE = "treatment_outcomes"
SIDES = {"linked": STATUS_LABELS, "not linked": UNLINKED_LABELS}
TOP, LEAF, SIDE_HEIGHT, GAP, BETWEEN = 4, 56, 80, 10, 26
ROOT, SIDE, LEAVES = (4, 150), (196, 256), (500, 436)  # left edge and width of the columns
LINES = "#3d3d3d"


@dataclass(frozen=True)
class _Box:
    column: tuple[int, int]
    middle: float
    number: str
    label: str
    share: str
    strong: bool = False


def outcome_tree(cells: ShownCells, kind: str, facts: RunFacts) -> Figure:
    """Figure 2 (ATR) or 3 (DRR): treatment outcomes of linked requirements, what is known of the others."""
    noun = noun_of(kind)
    boxes, lines, rows, said, y = [], [], [], [], TOP
    for side, names in SIDES.items():
        middles, heading = [], cells.group(TABLE, side)
        for name in names:
            middles.append(y + LEAF / 2)
            y += LEAF + GAP
            texts, label = _texts(cells, f"{side}/{name}", kind), cells.label(TABLE, f"{side}/{name}")
            boxes.append(_Box(LEAVES, middles[-1], texts[0], label, f"{texts[1]} of all, {texts[2]} of {side}"))
            rows.append([heading, label, *texts])
        y += BETWEEN - GAP
        number, part, _ = _texts(cells, side, kind)
        middle = sum(middles) / len(middles)
        boxes.append(_Box(SIDE, middle, number, heading, f"{part} of all {noun}"))
        lines += [_elbow(SIDE, middle, LEAVES, leaf) for leaf in middles]
        said.append(
            f"{heading}: {number} ({part}), of which "
            + "; ".join(f"{row[1]}, {row[2]} ({row[4]})" for row in rows if row[0] == heading)
        )
    sides = [box.middle for box in boxes if box.column == SIDE]
    total = _texts(cells, "all", kind)[0]
    boxes.append(_Box(ROOT, sum(sides) / 2, total, f"All {noun}", "", strong=True))
    lines += [_elbow(ROOT, sum(sides) / 2, SIDE, side) for side in sides]
    alternative = f"Tree from {total} {noun} to their outcomes. {'. '.join(said)}."
    title = f"Treatment engagement outcomes for {noun} between sentencing and {words(facts.observation_end)}"
    headers = ["Linkage", "Outcome", f"{noun} (count)", f"Of all {noun}", f"Of linked or not linked {noun}"]
    picture = "".join(lines) + "".join(_drawn(box) for box in boxes)
    svg = _svg(picture, LEAVES[0] + LEAVES[1] + 4, y - BETWEEN + TOP, alternative)
    number = dict(zip(TYPES, TABLES[TABLE].figures, strict=True))[kind]
    return Figure(number, figure_title(title, facts), alternative, svg, headers, rows, TABLES[TABLE].name)


def _texts(cells: ShownCells, row: str, kind: str) -> list[str]:
    """Number, share of all and share of the side of a row."""
    shares = (cells.percent(TABLE, row, f"share_of_{of}/{kind}") for of in ("all", "side"))
    return [cells.text(TABLE, row, f"requirements/{kind}"), *shares]


def _svg(picture: str, width: int, height: float, text_alternative: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(text_alternative)}" viewBox="0 0 {width} {height:g}" width="{width}" '
        f'height="{height:g}" font-family="{FONT}" font-size="15">{picture}</svg>'
    )


def _drawn(box: _Box) -> str:
    left, width = box.column
    outcome = box.column == LEAVES
    height = LEAF if outcome else SIDE_HEIGHT
    top = box.middle - height / 2
    fill, ink = (DARK_BLUE, "#ffffff") if box.strong else ("#f3f2f1", INK)
    texts = [(12, 45, box.label), (84, 23, box.share) if outcome else (12, 65, box.share)]
    words = "".join(
        f'<text x="{left + across}" y="{top + down:g}" fill="{ink}">{escape(text)}</text>'
        for across, down, text in texts
    )
    return (
        f'<rect x="{left}" y="{top:g}" width="{width}" height="{height}" fill="{fill}" stroke="{DARK_BLUE}"/>'
        f'<text x="{left + 12}" y="{top + 23:g}" font-weight="bold" font-size="17" fill="{ink}">{box.number}</text>'
        f"{words}"
    )


def _elbow(start: tuple[int, int], start_middle: float, end: tuple[int, int], end_middle: float) -> str:
    left, right = start[0] + start[1], end[0]
    turn = (left + right) / 2
    return (
        f'<path d="M{left} {start_middle:g} H{turn:g} V{end_middle:g} H{right - 7}" stroke="{LINES}" fill="none"/>'
        f'<path d="M{right - 8} {end_middle - 4:g} L{right} {end_middle:g} L{right - 8} {end_middle + 4:g} z" '
        f'fill="{LINES}"/>'
    )
