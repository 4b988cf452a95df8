"""Draws bars: parts of a whole, or values side by side.

Belongs here: two kinds of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A withheld value has no mark and its shorthand in place of the number.
"""

from dataclasses import dataclass, replace

import altair as alt

from drawing.svg import DrawnChart
from drawing.text_room import lines_within
from publishing.charts.charts import (
    INK,
    INK_ON,
    LETTER,
    NARROW,
    PAGE,
    WIDTH,
    axis_lines,
    chart_data,
    colour_of_parts,
    names_above,
    row_axis,
    side_by_side,
)

BAR, NAME_LINE = 42, 22  # height of a bar and of the line that names it, pixels


@dataclass(frozen=True)
class Bar:
    """A bar, or a part of one. value: None when withheld. label: what is written on or beside it. part: what its
    colour means. short: the same in a word, written into the bar where there is room."""

    row: str
    part: str
    value: float | None
    label: str
    short: str = ""


def stacked_bars(bars: list[Bar], colours: dict[str, str], axis_title: str, narrow: bool = False) -> DrawnChart:
    """Horizontal bars to 100 percent, one row per `row`, parts in the order of `colours`. A part that is withheld has
    no place in the bar: its name and shorthand stand behind the others. narrow: for a phone, with short names."""
    if narrow:
        short = {bar.part: bar.short or bar.part for bar in bars}
        bars = [replace(bar, part=short[bar.part]) for bar in bars]
        colours = {short[part]: colour for part, colour in colours.items()}
    width = NARROW if narrow else WIDTH
    names = list(dict.fromkeys(bar.row for bar in bars))
    rows = [part for name in names for part in _parts([bar for bar in bars if bar.row == name], colours, width)]
    base = alt.Chart(chart_data(rows)).encode(y=row_axis(names, narrow))
    axis = alt.Axis(tickCount=5, orient="bottom")
    x = alt.X("start:Q", title=axis_lines(axis_title, narrow), scale=alt.Scale(domain=[0, 100]), axis=axis)
    drawn = base.mark_bar(size=BAR, stroke=PAGE, strokeWidth=2).encode(
        x=x, x2=alt.X2("end:Q"), color=colour_of_parts(colours)
    )
    ink = alt.Color("ink:N", scale=None)
    named = base.transform_filter("length(datum.short) > 0")
    numbers = base.transform_filter("length(datum.short) == 0").mark_text(fontWeight="bold")
    layers = [
        drawn,
        numbers.encode(x=alt.X("middle:Q"), text=alt.Text("label:N"), color=ink),
        named.mark_text(fontWeight="bold", dy=-8).encode(x=alt.X("middle:Q"), text=alt.Text("label:N"), color=ink),
        named.mark_text(dy=10, fontSize=13).encode(x=alt.X("middle:Q"), text=alt.Text("short:N"), color=ink),
    ]
    below = {row["row"]: lines_within(row["withheld"], NARROW) for row in rows if row["withheld"]}
    if narrow and below:
        layers.append(_below(below, names))
    elif below:
        layers.append(base.mark_text(align="left", dx=6).encode(x=alt.X("end:Q"), text=alt.Text("withheld:N")))
    if narrow:
        above = alt.Chart(chart_data([{"row": name} for name in names])).encode(y=row_axis(names, narrow))
        above = above.mark_text(align="left", dy=-BAR / 2 - 10, fontWeight="bold", color=INK)
        layers.append(above.encode(x=alt.XValue(0), text=alt.Text("row:N")))
    # The bar stands in the middle of its place: what is kept free below it is kept free above it.
    free = NAME_LINE * max([1, *(2 * len(lines) for lines in below.values())])
    step = BAR + free + 14 if narrow else BAR + 14
    return alt.layer(*layers, width=width, height={"step": step})


def _below(lines: dict[str, list[str]], names: list[str]) -> alt.Chart:
    """What is withheld of a bar, below it: behind it there is no room on a phone."""
    chart = alt.Chart(chart_data([{"row": name, "text": "\n".join(said)} for name, said in lines.items()]))
    marks = chart.mark_text(align="left", baseline="top", dy=BAR / 2 + 4, lineBreak="\n", color=INK)
    return marks.encode(y=row_axis(names, narrow=True), x=alt.XValue(0), text=alt.Text("text:N"))


def _parts(bars: list[Bar], colours: dict[str, str], width: int) -> list[dict]:
    """What is drawn of the parts of one bar: where each starts and ends, and what is written into it or behind it."""
    # Rounded percentages may add up to 99 or 101: the bar still ends at 100, unless a part is withheld.
    whole = sum(bar.value or 0 for bar in bars) if all(bar.value is not None for bar in bars) else 100
    end, parts = 0.0, []
    for bar in (bar for bar in bars if bar.value is not None):
        start, end = end, end + 100 * (bar.value or 0) / (whole or 100)
        parts.append(_part(bar, start, end, colours, width))
    if left_out := [f"{bar.short or bar.part} {bar.label}" for bar in bars if bar.value is None]:
        words = {"label": "", "short": "", "ink": INK}
        behind = {"row": bars[0].row, "part": bars[0].part, "start": end, "end": end, "middle": None, **words}
        parts.append({"withheld": ", ".join(left_out), **behind})
    return parts


def _part(bar: Bar, start: float, end: float, colours: dict[str, str], width: int) -> dict:
    pixels = (end - start) / 100 * width
    slim = pixels < 3 * LETTER
    return {
        "withheld": "",
        "row": bar.row,
        "part": bar.part,
        "start": start,
        "end": end,
        "middle": end + 2.8 if slim else (start + end) / 2,
        "label": "" if slim and (end < 99.5 or not bar.value) else bar.label,
        "short": bar.short if len(bar.short) * LETTER < pixels else "",
        "ink": INK if slim else INK_ON[colours[bar.part]],
    }


def labelled_bars(bars: list[Bar], colours: dict[str, str], axis_title: str, narrow: bool = False) -> DrawnChart:
    """Horizontal bars from zero, the parts of a row side by side, each with its name and label at its end."""
    parts, names = list(colours), [bar.row for bar in bars]
    rows = [
        {"row": bar.row, "part": bar.part, "value": bar.value or 0.0, "label": f"{bar.part} {bar.label}"}
        for bar in bars
    ]
    width, room = NARROW if narrow else WIDTH, LETTER * max(len(row["label"]) for row in rows)
    longest = (max((bar.value or 0 for bar in bars), default=0) or 1) * width / (width - room)
    base = alt.Chart(chart_data(rows)).encode(y=row_axis(names, narrow), yOffset=side_by_side(parts, names, narrow))
    x = alt.X(
        "value:Q",
        title=axis_lines(axis_title, narrow),
        scale=alt.Scale(domain=[0, longest], nice=False),
        axis=alt.Axis(tickCount=5, grid=False, orient="bottom"),
    )
    drawn = [
        base.mark_bar().encode(x=x, color=colour_of_parts(colours, legend=False)),
        base.mark_text(align="left", dx=6, color=INK).encode(x=alt.X("value:Q"), text=alt.Text("label:N")),
    ]
    if narrow:
        drawn.append(names_above(names))
    return alt.layer(*drawn, width=width, height={"step": 26})
