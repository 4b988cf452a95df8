"""Turns bars and a chart into a figure of the report: title, text alternative, data.

Belongs here: what all figures of bars share. Does not belong here: which figures there are (figures_*.py,
note_figures.py), the look of charts (charts.py).
"""

from dataclasses import dataclass

from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.figures.charts import Bar, DrawnChart, Figure, to_svg

STACKED, PAIRED = "Bars in parts", "Pairs of bars"


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


def figure_title(title: str, facts: RunFacts, reads_notes: bool = False) -> str:
    """The title of a figure with its period and what a reader must know about its data."""
    marks = [facts.synthetic_mark, facts.reading_mark if reads_notes else ""]
    return f"{title}, requirements from {facts.period}" + "".join(f" [{mark}]" for mark in marks if mark)
