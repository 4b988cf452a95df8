"""Figure M1: how many records each step kept and removed, drawn as SVG.

Belongs here: the picture and its data. Does not belong here: counting, which happens where the records are (linkage
zone).
"""

from html import escape

import polars as pl

from drawing.svg import FONT
from drawing.text_room import lines_within, text_width
from publication_assets.steps.documents.run_facts import RunFacts
from publishing.charts.charts import DARK_BLUE, INK, NARROW, Figure

LANES = {
    "offenders": ("People on probation", "identifiers in nDelius", "people linked to a treatment record of the period"),
    "clients": ("People in treatment", "identifiers in NDTMS", "people linked to a person on probation"),
    "requirements": ("Requirements", "requirements in nDelius", "requirements analysed"),
    "people": ("People with a requirement", "people with an ATR or DRR", "people with an analysed requirement"),
}
JOINED = (("offenders", "clients"), ("requirements", "people"))
LINKS = ("Links between the two", "records of the same people in probation and in treatment")
ANALYSED = "each with the treatment that the links lead to"
LANE_WIDTH, BOX_WIDTH, GAP, LINE = 240, 224, 56, 18
HEADING, LABEL, INDENT = 18, 14, 42  # sizes of letters; where the words beside an arrow begin; pixels


def shown_steps(consort_counts: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The steps with nothing that gives away a count from 1 to threshold - 1: stream, step, before, removed, after.

    Steps that removed nothing are left out. A step that removed fewer than `threshold` is merged with the next one of
    its stream, or with the one before it when it is the last; if it is the only one, it is left out with what was
    before it.
    """
    kept: list[dict] = []
    for stream in LANES:
        steps: list[dict] = []
        for step in (
            consort_counts.filter((pl.col("stream") == stream) & (pl.col("removed") > 0)).sort("order").to_dicts()
        ):
            if steps and steps[-1]["removed"] < threshold:
                step = _merged(steps.pop(), step)
            steps.append(step)
        if len(steps) > 1 and steps[-1]["removed"] < threshold:
            last = steps.pop()
            steps.append(_merged(steps.pop(), last))
        kept += [step for step in steps if step["removed"] >= threshold]
    columns = ["stream", "step", "before", "removed", "after"]
    return pl.DataFrame(kept, schema={name: consort_counts.schema[name] for name in consort_counts.columns}).select(
        columns
    )


def _merged(first: dict, second: dict) -> dict:
    return {
        **second,
        "step": f"{first['step']}; {second['step']}",
        "before": first["before"],
        "removed": first["removed"] + second["removed"],
    }


def consort_diagram(consort_counts: pl.DataFrame, facts: RunFacts) -> Figure:
    """Figure M1 for the report: people on probation and people in treatment, who are linked; requirements and people
    with one, who are analysed."""
    steps = shown_steps(consort_counts, facts.disclosure_threshold)
    lanes = {stream: steps.filter(pl.col("stream") == stream).to_dicts() for stream in LANES}
    analysed = f"{facts.requirements:,} requirements of {facts.people:,} people"
    joints = dict(zip(JOINED, (LINKS, (analysed, ANALYSED)), strict=True))
    alt = "Flow diagram in four columns. " + " ".join(_in_words(stream, rows) for stream, rows in lanes.items())
    alt += " " + " ".join(f"{heading}: {words}." for heading, words in joints.values())
    return Figure(
        "M1",
        "Records kept and removed, from the extracts to the analysed requirements"
        + (f" [{facts.synthetic_mark}]" if facts.synthetic else ""),
        alt,
        _wide(lanes, joints, alt),
        ["Counted", "Step", "Before", "Removed or merged", "After"],
        [
            [LANES[row["stream"]][0], row["step"], *(f"{row[name]:,}" for name in ("before", "removed", "after"))]
            for rows in lanes.values()
            for row in rows
        ],
        subtitle=f"Number of people and of requirements, extracts of {facts.quarter}.",
        narrow=_narrow(lanes, joints, alt),
    )


def _wide(lanes: dict[str, list[dict]], joints: dict[tuple[str, str], tuple[str, str]], alt: str) -> str:
    """Lanes beside one another; each pair ends in the same box, and the links lead on to the analysis."""
    most = max(len(lines_within(LANES[stream][0], LANE_WIDTH - 8, HEADING, bold=True)) for stream in lanes)
    drawn = [
        _lane(position * LANE_WIDTH, 0, stream, rows, most_lines=most)
        for position, (stream, rows) in enumerate(lanes.items())
    ]
    parts, end = [part for part, _ in drawn], max(bottom for _, bottom in drawn)
    top, width = end + GAP, LANE_WIDTH + BOX_WIDTH
    for position, (_, bottom) in enumerate(drawn):
        parts.append(_arrow(f"M{position * LANE_WIDTH + 26} {bottom} V{top - 2}"))
    for position, (heading, words) in enumerate(joints.values()):
        parts.append(_box(2 * position * LANE_WIDTH, top, width, heading, words, strong=True))
    height = _box_height(*LINKS, width)
    parts.append(_arrow(f"M{8 + width} {top + height / 2} H{2 * LANE_WIDTH + 6}"))
    return _svg("".join(parts), LANE_WIDTH * len(LANES), top + height + 8, alt)


def _narrow(lanes: dict[str, list[dict]], joints: dict[tuple[str, str], tuple[str, str]], alt: str) -> str:
    """Lanes below one another; each pair is followed by the box that it ends in."""
    parts, y = [], 0
    for pair, (heading, words) in joints.items():
        for stream in pair:
            drawn, y = _lane(0, y, stream, lanes[stream], NARROW)
            parts.append(drawn)
            y += LINE
        parts += [
            _arrow(f"M26 {y - LINE} V{y + LINE - 2}"),
            _box(0, y + LINE, NARROW - 16, heading, words, strong=True),
        ]
        y += 2 * LINE + _box_height(heading, words, NARROW - 16)
    return _svg("".join(parts), NARROW, y, alt)


def _svg(picture: str, width: int, height: float, alt: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height:g}" width="{width}" '
        f'height="{height:g}" font-family="{FONT}" font-size="15">{picture}</svg>'
    )


def _arrow(path: str) -> str:
    """A line along a path with a head at its end, which goes down or to the right."""
    *_, last = path.split(" ")
    start = path[1:].split(" ")
    x, y = (float(start[0]), float(last[1:])) if last[0] == "V" else (float(last[1:]), float(start[1]))
    head = f"M{x - 4:g} {y - 7:g} h8 l-4 7 z" if last[0] == "V" else f"M{x - 7:g} {y - 4:g} v8 l7 -4 z"
    return f'<path d="{path}" stroke="#3d3d3d" fill="none"/><path d="{head}" fill="#3d3d3d"/>'


def _lane(
    left: int, top: int, stream: str, rows: list[dict], width: int = LANE_WIDTH, most_lines: int = 0
) -> tuple[str, int]:
    """A lane, and where it ends. most_lines: of the headings of all lanes that begin beside it."""
    heading, received, kept = LANES[stream]
    lines = lines_within(heading, width - 8, HEADING, bold=True)
    parts = [
        f'<text x="{left + 8}" y="{top + 24 + 22 * number}" font-weight="bold" font-size="{HEADING}">{line}</text>'
        for number, line in enumerate(lines)
    ]
    y = top + 24 + 22 * max(1, most_lines or len(lines))
    if not rows:
        return "".join(parts), y
    parts.append(_box(left, y, BOX_WIDTH, f"{rows[0]['before']:,}", received, strong=False))
    y += _box_height("", received)
    for position, row in enumerate(rows):
        lines = lines_within(f"{row['removed']:,} {row['step']}", width - INDENT, LABEL)
        gap = max(GAP, LINE * len(lines) + 24)
        parts.append(_arrow(f"M{left + 26} {y} V{y + gap - 2}"))
        start = y + gap / 2 - LINE * (len(lines) - 1) / 2 + 5
        parts += [
            f'<text x="{left + INDENT}" y="{start + LINE * number:g}" font-size="{LABEL}" fill="#3d3d3d">'
            f"{escape(line)}</text>"
            for number, line in enumerate(lines)
        ]
        y += gap
        last = position == len(rows) - 1
        parts.append(_box(left, y, BOX_WIDTH, f"{row['after']:,}", kept if last else "left", strong=last))
        y += _box_height("", kept if last else "left")
    return "".join(parts), y


def _lines(heading: str, label: str, width: int) -> tuple[int, list[str], list[str]]:
    """Size of the letters of the heading of a box, its lines and those of its words: large where it fits a line."""
    room = width - 20
    size = HEADING if text_width(heading, HEADING, bold=True) <= room else LABEL
    return size, lines_within(heading, room, size, bold=True), lines_within(label, room, LABEL)


def _box_height(heading: str, label: str, width: int = BOX_WIDTH) -> int:
    _, above, below = _lines(heading, label, width)
    return 26 + LINE * (len(above) + len(below))


def _box(left: int, top: float, width: int, heading: str, label: str, strong: bool) -> str:
    fill, ink = (DARK_BLUE, "#ffffff") if strong else ("#f3f2f1", INK)
    size, above, below = _lines(heading, label, width)
    words = "".join(
        f'<text x="{left + 18}" y="{top + 26 + LINE * number:g}" font-weight="bold" font-size="{size}" fill="{ink}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(above)
    ) + "".join(
        f'<text x="{left + 18}" y="{top + 30 + LINE * number:g}" font-size="{LABEL}" fill="{ink}">{escape(line)}</text>'
        for number, line in enumerate(below, len(above))
    )
    return (
        f'<rect x="{left + 8}" y="{top:g}" width="{width}" height="{_box_height(heading, label, width)}" '
        f'fill="{fill}" stroke="{DARK_BLUE}"/>{words}'
    )


def _in_words(stream: str, rows: list[dict]) -> str:
    heading, received, _ = LANES[stream]
    if not rows:
        return f"{heading}: no step removed records."
    removals = "; ".join(f"{row['removed']:,} {row['step']}, leaving {row['after']:,}" for row in rows)
    return f"{heading}: {rows[0]['before']:,} {received}; {removals}."
