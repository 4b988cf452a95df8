"""Turns bars or estimates and a chart into a figure of the report: title, text alternative, data.

Belongs here: what all figures of bars, and of estimates with limits, share. Does not belong here: which figures there
are (figures_*.py, note_figures.py), the look of charts (charts.py, interval_chart.py).
"""

from dataclasses import dataclass

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import DARK_BLUE, ORANGE, Bar, DrawnChart, Figure, to_svg
from publication_assets.steps.figures.interval_chart import Interval, interval_plot

TYPE_COLOURS = {"ATRs": DARK_BLUE, "DRRs": ORANGE}
STACKED, PAIRED = "Stacked bars", "Paired bars"


@dataclass(frozen=True)
class Frame:
    """Words around a figure of bars. rows: what a bar stands for. unit: of the numbers. source: its table. kind: of
    bars. sign: of the numbers, in the headers of its data."""

    number: str
    title: str
    rows: str
    unit: str
    source: str
    kind: str = "Bars"
    sign: str = "%"


def bar_figure(frame: Frame, chart: DrawnChart, bars: list[Bar], seen: str = "") -> Figure:
    """A figure of bars. `seen` is what it shows in a sentence, said before its values; empty when there is none."""
    parts = list(dict.fromkeys(bar.part for bar in bars))
    by_row = {bar.row: [other for other in bars if other.row == bar.row] for bar in bars}
    several = len(parts) > 1
    said = ". ".join(
        f"{row}: {', '.join(f'{bar.part} {bar.label}' if several else bar.label for bar in found)}"
        for row, found in by_row.items()
    )
    alternative = " ".join(filter(None, [f"{frame.kind}. {frame.unit}.", seen, f"{said}."]))
    return Figure(
        frame.number,
        frame.title,
        alternative,
        to_svg(chart, f"figure-{frame.number.lower()}", alternative),
        [frame.rows, *(f"{part} ({frame.sign})" for part in parts)],
        [[row, *(bar.label for bar in found)] for row, found in by_row.items()],
        frame.source,
        frame.unit,
    )


def interval_figure(
    number: str,
    title: str,
    kind: str,
    shares: list[Interval],
    rows: str,
    unit: str,
    source: str,
    longest: int = 100,
    seen: str = "",
    line: float | None = None,
) -> Figure:
    """A figure of estimates with their limits, ATRs beside DRRs or one of them. `rows` is what a row stands for, `seen`
    what the figure shows in a sentence; see interval_plot."""
    colours = {part: TYPE_COLOURS[part] for part in dict.fromkeys(share.part for share in shares)}
    data = [
        [row, *(share.label for share in shares if share.row == row)]
        for row in dict.fromkeys(share.row for share in shares)
    ]
    named = [f"{noun} " if len(colours) > 1 else "" for noun in colours]
    said = ". ".join(
        f"{what}: {', '.join(noun + label for noun, label in zip(named, labels, strict=True))}"
        for what, *labels in data
    )
    alternative = " ".join(filter(None, [f"{kind}. {unit}.", seen, f"{said}."]))
    svg = to_svg(interval_plot(shares, colours, unit, longest, line), f"figure-{number.lower()}", alternative)
    return Figure(number, title, alternative, svg, [rows, *colours], data, source, unit)


def figure_title(title: str, facts: RunFacts, reads_notes: bool = False) -> str:
    """The title of a figure with its period and what a reader must know about its data."""
    marks = [facts.synthetic_mark, facts.reading_mark if reads_notes else ""]
    return f"{title}, requirements from {facts.period}" + "".join(f" [{mark}]" for mark in marks if mark)
