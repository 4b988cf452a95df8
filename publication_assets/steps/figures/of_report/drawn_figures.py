"""Turns bars or estimates and a chart into a figure of the report: title, text alternative, data, wide and narrow form.

Belongs here: what all figures of bars, and of estimates with limits, share. Does not belong here: which figures there
are (figures_*.py, note_figures.py), what a title says (figure_findings.py), the look of charts (charts.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from drawing.svg import DrawnChart, to_svg
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.interval_chart import Interval, interval_panels, interval_plot
from publication_assets.steps.figures.line_chart import lines_with_limits
from publishing.charts.bar_charts import Bar
from publishing.charts.charts import DARK_BLUE, ORANGE, Figure

TYPE_COLOURS = {"ATRs": DARK_BLUE, "DRRs": ORANGE}
STACKED, PAIRED, DOTS = "Stacked bars", "Paired bars", "Dot plot"


@dataclass(frozen=True)
class Frame:
    """Words around a figure. statistics: what it shows; finding: what is seen in it, where that holds by its limits.

    rows: what a bar or dot stands for. unit: of the numbers. source: its table. kind: of chart. sign: of the numbers,
    in the headers of its data. reads_notes: whether they come from contact notes.
    """

    number: str
    statistics: str
    rows: str
    unit: str
    source: str
    finding: str = ""
    kind: str = "Bars"
    sign: str = "%"
    reads_notes: bool = False


def figure_of(
    frame: Frame,
    facts: RunFacts,
    alternative: str,
    chart: Callable[[bool], DrawnChart],
    headers: list[str],
    rows: list[list[str]],
) -> Figure:
    """A figure drawn twice: `chart` is told whether it is to be narrow. `rows` is its data below `headers`."""
    (title, subtitle), alternative = figure_words(frame, facts), facts.wording(alternative)
    figure = Figure(frame.number, title, alternative, "", headers, rows, frame.source, subtitle)
    wide, narrow = (
        to_svg(chart(is_narrow), f"{figure.anchor}{'-narrow' if is_narrow else ''}", alternative)
        for is_narrow in (False, True)
    )
    return Figure(frame.number, title, alternative, wide, headers, rows, frame.source, subtitle, narrow)


def figure_words(frame: Frame, facts: RunFacts) -> tuple[str, str]:
    """Title of a figure, with what a reader must know about its data, and below it statistics, unit and period."""
    marks = [facts.synthetic_mark, facts.reading_mark if frame.reads_notes else ""]
    statistics, unit = facts.wording(frame.statistics), facts.wording(frame.unit)
    title = (facts.wording(frame.finding) or statistics) + "".join(f" [{mark}]" for mark in marks if mark)
    said = [statistics if frame.finding else "", unit, f"Requirements from {facts.period}"]
    return title, " ".join(f"{each}." for each in said if each)


def bar_figure(
    frame: Frame, chart: Callable[[bool], DrawnChart], bars: list[Bar], facts: RunFacts, seen: str = ""
) -> Figure:
    """A figure of bars. `seen` is what it shows in a sentence, said before its values; empty when there is none."""
    parts = list(dict.fromkeys(bar.part for bar in bars))
    by_row = {bar.row: [other for other in bars if other.row == bar.row] for bar in bars}
    several = len(parts) > 1
    said = ". ".join(
        f"{row}: {', '.join(f'{bar.part} {bar.label}' if several else bar.label for bar in found)}"
        for row, found in by_row.items()
    )
    alternative = " ".join(filter(None, [f"{frame.kind}. {frame.unit}.", seen, f"{said}."]))
    headers = [frame.rows, *(f"{part} ({frame.sign})" for part in parts)]
    rows = [[row, *(bar.label for bar in found)] for row, found in by_row.items()]
    return figure_of(frame, facts, alternative, chart, headers, rows)


def interval_figure(
    frame: Frame,
    shares: list[Interval],
    facts: RunFacts,
    longest: int = 100,
    seen: str = "",
    line: float | None = None,
) -> Figure:
    """A figure of estimates with their limits, ATRs beside DRRs or one of them: see interval_plot. `seen` is what it
    shows in a sentence."""
    colours = _colours(shares)
    data = [
        [row, *(share.label for share in shares if share.row == row)]
        for row in dict.fromkeys(share.row for share in shares)
    ]
    named = [f"{noun} " if len(colours) > 1 else "" for noun in colours]
    said = ". ".join(
        f"{what}: {', '.join(noun + label for noun, label in zip(named, labels, strict=True))}"
        for what, *labels in data
    )
    alternative = " ".join(filter(None, [f"{frame.kind}. {frame.unit}.", seen, f"{said}."]))

    def chart(narrow: bool) -> DrawnChart:
        return interval_plot(shares, colours, facts.wording(frame.unit), longest, line, narrow)

    return figure_of(frame, facts, alternative, chart, [frame.rows, *colours], data)


def line_figure(
    frame: Frame, shares: list[Interval], marked: dict[str, str], facts: RunFacts, longest: int = 100
) -> Figure:
    """A figure of lines over time; rows of `shares` are times in order, `marked` those that the axis names.

    The text alternative says the first and the last that is shown of each line: the data below it say all.
    """
    colours = _colours(shares)
    data = [
        [row, *(share.label for share in shares if share.row == row)]
        for row in dict.fromkeys(share.row for share in shares)
    ]
    ends = []
    for part in colours:
        shown = [share for share in shares if share.part == part and share.value is not None]
        if shown:
            said = " to ".join(f"{share.label} in {share.row}" for share in dict.fromkeys((shown[0], shown[-1])))
            ends.append(f"{part}: from {said}.")
    alternative = " ".join([f"Lines over {len(data)} quarters. {frame.unit}.", *ends])

    def chart(narrow: bool) -> DrawnChart:
        return lines_with_limits(shares, marked, colours, facts.wording(frame.unit), longest, narrow)

    return figure_of(frame, facts, alternative, chart, [frame.rows, *colours], data)


def panel_figure(
    frame: Frame, panels: dict[str, list[Interval]], facts: RunFacts, longest: int = 100, seen: str = ""
) -> Figure:
    """A figure of plots beside one another, one for each outcome: see interval_panels."""
    colours = _colours([share for shares in panels.values() for share in shares])
    rows = dict.fromkeys(share.row for shares in panels.values() for share in shares)
    data = [[row, *(each.label for shares in panels.values() for each in shares if each.row == row)] for row in rows]
    said = " ".join(
        f"{name}: {'; '.join(f'{share.row}, {share.part} {share.label}' for share in shares)}."
        for name, shares in panels.items()
    )
    alternative = " ".join(filter(None, [f"{len(panels)} dot plots. {frame.unit}.", seen, said]))

    def chart(narrow: bool) -> DrawnChart:
        return interval_panels(panels, colours, "Percentage, with limits", longest, narrow)

    headers = [frame.rows, *(f"{name}, {noun} ({frame.sign})" for name in panels for noun in colours)]
    return figure_of(frame, facts, alternative, chart, headers, data)


def _colours(shares: list[Interval]) -> dict[str, str]:
    return {part: TYPE_COLOURS[part] for part in dict.fromkeys(share.part for share in shares)}
