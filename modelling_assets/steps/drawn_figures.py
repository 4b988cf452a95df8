"""Turns bars and a chart into a figure of the report: title, text alternative, data.

Belongs here: what all figures of bars share. Does not belong here: which figures there are (report_figures.py,
note_figures.py), the look of charts (charts.py).
"""

from modelling_assets.steps.charts import Bar, Figure, to_svg
from modelling_assets.steps.run_facts import RunFacts


def bar_figure(number: str, title: str, chart, kind: str, bars: list[Bar], unit: str, source: str) -> Figure:
    """A figure of bars: its data as a table, by row and part, and the same in words."""
    parts = list(dict.fromkeys(bar.part for bar in bars))
    rows = list(dict.fromkeys(bar.row for bar in bars))
    stacked = len(parts) * len(rows) == len(bars)
    by_row = {row: [bar for bar in bars if bar.row == row] for row in rows}
    if stacked:
        headers, data = [unit, *parts], [[row, *(bar.label for bar in by_row[row])] for row in rows]
        said = {row: ", ".join(f"{bar.part} {bar.label}" for bar in found) for row, found in by_row.items()}
    else:
        headers, data = ["Linkage", "Outcome", unit], [[bar.part, bar.row, bar.label] for bar in bars]
        said = {part: ", ".join(f"{bar.row} {bar.label}" for bar in bars if bar.part == part) for part in parts}
    alternative = f"{kind}. {unit}. " + ". ".join(f"{name}: {values}" for name, values in said.items()) + "."
    return Figure(number, title, alternative, to_svg(chart, f"figure-{number}", alternative), headers, data, source)


def figure_title(title: str, facts: RunFacts, reads_notes: bool = False) -> str:
    """The title of a figure with its period and what a reader must know about its data."""
    marks = [facts.synthetic_mark, facts.reading_mark if reads_notes else ""]
    return f"{title}, requirements from {facts.period}" + "".join(f" [{mark}]" for mark in marks if mark)
