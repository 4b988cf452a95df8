"""Figure M1: how many records each step kept and removed, drawn as SVG.

Belongs here: the picture and its data. Does not belong here: counting, which happens where the records are (linkage
zone).
"""

from html import escape
from textwrap import wrap

import polars as pl

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure

LANES = {
    "offenders": ("People on probation", "identifiers in nDelius", "people linked to a treatment record of the period"),
    "clients": ("People in treatment", "identifiers in NDTMS", "people linked to a person on probation"),
    "requirements": ("Requirements", "requirements in nDelius", "requirements analysed"),
    "people": ("People with a requirement", "people with an ATR or DRR", "people with an analysed requirement"),
}
LANE_WIDTH, BOX_WIDTH, GAP, TOP, LINE = 240, 224, 56, 46, 18
LABEL_LETTERS, STEP_LETTERS = 27, 24  # of a line, as many as fit


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
    """Figure M1 for the report: one lane each for people on probation, people in treatment, requirements and
    people with a requirement."""
    steps = shown_steps(consort_counts, facts.disclosure_threshold)
    lanes = [(stream, steps.filter(pl.col("stream") == stream).to_dicts()) for stream in LANES]
    drawn = [_lane(position * LANE_WIDTH, stream, rows) for position, (stream, rows) in enumerate(lanes)]
    height = max(bottom for _, bottom in drawn) + 8
    alt = "Flow diagram in four columns. " + " ".join(_in_words(stream, rows) for stream, rows in lanes)
    svg = (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {LANE_WIDTH * len(LANES)} {height}" '
        f'width="{LANE_WIDTH * len(LANES)}" height="{height}" '
        'font-family="Arial, Helvetica, sans-serif" font-size="15">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#3d3d3d"/></marker></defs>' + "".join(part for part, _ in drawn) + "</svg>"
    )
    return Figure(
        "M1",
        f"Records kept and removed from the extracts to the analysed requirements, {facts.quarter}"
        + (f" [{facts.synthetic_mark}]" if facts.synthetic else ""),
        alt,
        svg,
        ["Counted", "Step", "Before", "Removed or merged", "After"],
        [
            [LANES[row["stream"]][0], row["step"], *(f"{row[name]:,}" for name in ("before", "removed", "after"))]
            for _, rows in lanes
            for row in rows
        ],
    )


def _lane(left: int, stream: str, rows: list[dict]) -> tuple[str, int]:
    heading, received, kept = LANES[stream]
    parts = [f'<text x="{left + 8}" y="24" font-weight="bold" font-size="18">{heading}</text>']
    y = TOP
    if not rows:
        return "".join(parts), y
    parts.append(_box(left, y, f"{rows[0]['before']:,}", received, strong=False))
    y += _box_height(received)
    for position, row in enumerate(rows):
        lines = wrap(f"{row['removed']:,} {row['step']}", STEP_LETTERS)
        gap = max(GAP, LINE * len(lines) + 24)
        parts.append(
            f'<path d="M{left + 26} {y} V{y + gap - 2}" stroke="#3d3d3d" fill="none" marker-end="url(#arrow)"/>'
        )
        start = y + gap / 2 - LINE * (len(lines) - 1) / 2 + 5
        parts += [
            f'<text x="{left + 42}" y="{start + LINE * number:g}" fill="#3d3d3d">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ]
        y += gap
        last = position == len(rows) - 1
        parts.append(_box(left, y, f"{row['after']:,}", kept if last else "left", strong=last))
        y += _box_height(kept if last else "left")
    return "".join(parts), y


def _box_height(label: str) -> int:
    return 44 + LINE * len(wrap(label, LABEL_LETTERS))


def _box(left: int, top: int, number: str, label: str, strong: bool) -> str:
    fill, ink = ("#12436d", "#ffffff") if strong else ("#f3f2f1", "#0b0c0c")
    words = "".join(
        f'<text x="{left + 18}" y="{top + 48 + LINE * number}" font-size="14" fill="{ink}">{escape(line)}</text>'
        for number, line in enumerate(wrap(label, LABEL_LETTERS))
    )
    return (
        f'<rect x="{left + 8}" y="{top}" width="{BOX_WIDTH}" height="{_box_height(label)}" fill="{fill}" '
        f'stroke="#12436d"/>'
        f'<text x="{left + 18}" y="{top + 26}" font-weight="bold" font-size="18" fill="{ink}">{number}</text>{words}'
    )


def _in_words(stream: str, rows: list[dict]) -> str:
    heading, received, _ = LANES[stream]
    if not rows:
        return f"{heading}: no step removed records."
    removals = "; ".join(f"{row['removed']:,} {row['step']}, leaving {row['after']:,}" for row in rows)
    return f"{heading}: {rows[0]['before']:,} {received}; {removals}."
