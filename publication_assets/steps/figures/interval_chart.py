"""Draws estimates with their intervals as dots on lines.

Belongs here: one kind of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A withheld estimate has no mark and its shorthand in place of the numbers.
"""

from dataclasses import dataclass

import altair as alt

from drawing.svg import FONT, DrawnChart
from drawing.text_room import lines_within
from publishing.charts.charts import (
    INK,
    LETTER,
    NARROW,
    WIDTH,
    chart_data,
    colour_of_parts,
    names_above,
    row_axis,
    side_by_side,
)

PANEL, GAP = 290, 10  # width of a plot beside others, room before the numbers; pixels
DOT = 50  # area of a dot, so small that narrow limits stand out on either side of it; square pixels
STEP, CLOSE, MOST_ROWS = 22, 17, 8  # height of a line, and in a figure with more rows
MOST_STEPS, WIDTHS = 5, (1, 2, 5, 10, 20, 25, 50, 100)
SHAPES = ["circle", "square", "diamond", "triangle-up"]


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits; None when withheld. label: what is written. part: what colour and shape mean."""

    row: str
    part: str
    value: float | None
    lower: float | None
    upper: float | None
    label: str


def round_steps(longest: int) -> list[int]:
    """Where an axis from 0 to `longest` is marked: at round numbers, in five steps at most where they reach."""
    width = next((width for width in WIDTHS if longest <= MOST_STEPS * width), WIDTHS[-1])
    return list(range(0, longest + 1, width))


def interval_plot(
    intervals: list[Interval],
    colours: dict[str, str],
    axis_title: str,
    longest: int,
    line: float | None = None,
    narrow: bool = False,
) -> DrawnChart:
    """One row per `row`, parts side by side in the order of `colours`.

    The axis runs from 0 to `longest`. line: a value that all rows are compared with. narrow: for a phone.
    """
    return _panel(intervals, colours, axis_title, longest, NARROW if narrow else WIDTH, narrow, line=line)


def interval_panels(
    panels: dict[str, list[Interval]], colours: dict[str, str], axis_title: str, longest: int, narrow: bool = False
) -> DrawnChart:
    """Plots of the same rows beside one another, or below one another where it is narrow, each under its name."""
    if narrow:
        drawn = [
            _panel(intervals, colours, axis_title, longest, NARROW, narrow, name=name)
            for name, intervals in panels.items()
        ]
        return alt.vconcat(*drawn, spacing=26)
    drawn = [
        _panel(intervals, colours, axis_title, longest, PANEL, narrow, name=name, named_rows=position == 0)
        for position, (name, intervals) in enumerate(panels.items())
    ]
    return alt.hconcat(*drawn, spacing=18)


def _panel(
    intervals: list[Interval],
    colours: dict[str, str],
    axis_title: str,
    longest: int,
    width: int,
    narrow: bool,
    name: str = "",
    named_rows: bool = True,
    line: float | None = None,
) -> alt.LayerChart | alt.FacetChart:
    """Lines, dots and, in a column of their own, numbers."""
    names, parts = [interval.row for interval in intervals], list(colours)
    for_numbers = LETTER * max(len(interval.label) for interval in intervals) + GAP
    axis_width = width - for_numbers
    scale = alt.Scale(domain=[0, longest * width / axis_width], nice=False)
    axis = alt.Axis(values=_steps_that_fit(longest, axis_width), format="d", titleAnchor="start", orient="bottom")
    title = lines_within(axis_title, width)
    rows = [{field: getattr(interval, field) for field in Interval.__dataclass_fields__} for interval in intervals]
    base = alt.Chart(chart_data(rows)).encode(
        y=row_axis(names, narrow or not named_rows),
        yOffset=side_by_side(parts, names, narrow),
        color=colour_of_parts(colours, shape="circle"),
    )
    numbers = base.mark_text(align="left", baseline="middle").encode(
        x=alt.XValue(axis_width + GAP), text=alt.Text("label:N"), color=alt.ColorValue(INK)
    )
    drawn = [*_dots_on_lines(base, parts, title, scale, axis), numbers]
    if line is not None:
        marked = alt.Chart(chart_data([{"line": line}])).mark_rule(color=INK, strokeDash=[4, 3])
        drawn.insert(0, marked.encode(x=alt.X("line:Q", title=title, scale=scale, axis=axis)))
    if narrow:
        drawn.append(names_above(names))
    heading = (
        alt.TitleParams(name, anchor="start", frame="group", fontSize=15, font=FONT, color=INK)
        if name
        else alt.Undefined
    )
    return alt.layer(
        *drawn, title=heading, width=width, height={"step": STEP if len(set(names)) <= MOST_ROWS or narrow else CLOSE}
    )


def _dots_on_lines(
    base: alt.Chart, parts: list[str], title: str | list[str], scale: alt.Scale, axis: alt.Axis
) -> list[alt.Chart]:
    """What is drawn of estimates that are shown: the line between the limits, and the dot on it."""
    shape = alt.Shape("part:N", scale=alt.Scale(domain=parts, range=SHAPES[: len(parts)]), legend=None)
    lines = (
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=3)
        .encode(x=alt.X("lower:Q", title=title, scale=scale, axis=axis), x2=alt.X2("upper:Q"))
    )
    points = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=DOT)
        .encode(x=alt.X("value:Q", title=title, scale=scale, axis=axis), shape=shape)
    )
    return [lines, points]


def _steps_that_fit(longest: int, pixels: float) -> list[int]:
    """Where the axis is marked: the round steps, or every other of them where numbers would touch."""
    steps = round_steps(longest)
    return steps if pixels / len(steps) > LETTER * len(str(longest)) else steps[::2]
