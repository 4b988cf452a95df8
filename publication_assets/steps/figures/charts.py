"""Draws the figures of the report as SVG, each with a text alternative and its data.

Belongs here: the look of charts. Does not belong here: which figures the report has (report_figures.py) and their
numbers. Only what the published tables show is drawn: a withheld figure has no mark and is named in the data.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

import altair as alt
import polars as pl
import vl_convert

# Analysis Function palette; neighbours differ in brightness, and every mark carries its number. A fill whose contrast
# with the page is under 3:1 has an outline whose contrast is more.
DARK_BLUE, TURQUOISE, GREY, ORANGE, PALE_GREY = "#12436d", "#28a197", "#6f777b", "#f46a25", "#d0d2d3"
INK_ON = {DARK_BLUE: "#ffffff", TURQUOISE: "#0b0c0c", ORANGE: "#0b0c0c", PALE_GREY: "#0b0c0c", GREY: "#ffffff"}
WIDTH = 560
LETTER = 7.5  # width of a letter of the small labels, pixels
FONT = "Arial, Helvetica, sans-serif"
INK = "#0b0c0c"
DrawnChart = alt.LayerChart | alt.FacetChart
CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "labelLimit": 420,
        "gridColor": "#d9d9d9",
        "domainColor": GREY,
        "tickColor": GREY,
        "titlePadding": 10,
    },
    "legend": {
        "labelFontSize": 14,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 600,
        "symbolSize": 180,
        "symbolType": "square",
        "symbolStrokeColor": GREY,
    },
    "text": {"fontSize": 14, "font": FONT},
}


@dataclass(frozen=True)
class Figure:
    """A figure of the report. number: "1", "M1". rows: its data as shown, below `headers`. source: table it shows.
    unit: of the numbers, where headers do not say it."""

    number: str
    title: str
    alt: str
    svg: str
    headers: list[str]
    rows: list[list[str]]
    source: str = ""
    unit: str = ""

    @property
    def caption(self) -> str:
        """Heading of its data: the title, and the unit where numbers have one in common."""
        return f"{self.title}. {self.unit}." if self.unit else self.title

    @property
    def name(self) -> str:
        """How the text calls it: "Figure 6", or after its table for a plot that the published study does not have."""
        return f"Odds ratios of table {self.number[1:]}" if self.number.startswith("T") else f"Figure {self.number}"

    @property
    def withheld(self) -> list[str]:
        """Shorthand in its data that stands for withheld figures."""
        return [mark for mark in ("[c]", "[u]") if any(mark in value for row in self.rows for value in row)]


@dataclass(frozen=True)
class Bar:
    """A bar, or a part of one. value: None when withheld. label: what is written on or beside it. part: what its
    colour means. short: the same in a word, written into the bar where there is room."""

    row: str
    part: str
    value: float | None
    label: str
    short: str = ""


def stacked_bars(bars: list[Bar], colours: dict[str, str], axis_title: str) -> DrawnChart:
    """Horizontal bars to 100 percent, one row per `row`, parts in the order of `colours`. A part that is withheld has
    no place in the bar: its name and shorthand stand behind the others."""
    names = list(dict.fromkeys(bar.row for bar in bars))
    rows = [part for name in names for part in _parts([bar for bar in bars if bar.row == name], colours)]
    base = alt.Chart(chart_data(rows)).encode(y=_row_axis(names))
    drawn = base.mark_bar(size=42, stroke=GREY, strokeWidth=1).encode(
        x=alt.X("start:Q", title=axis_title, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
        x2="end:Q",
        color=_colour(colours),
    )
    ink = alt.Color("ink:N", scale=None)
    named = base.transform_filter("length(datum.short) > 0")
    numbers = base.transform_filter("length(datum.short) == 0").mark_text(fontWeight="bold")
    withheld = base.mark_text(align="left", dx=6).encode(x="end:Q", text="withheld:N")
    layers = [
        numbers.encode(x="middle:Q", text="label:N", color=ink),
        named.mark_text(fontWeight="bold", dy=-8).encode(x="middle:Q", text="label:N", color=ink),
        named.mark_text(dy=10, fontSize=13).encode(x="middle:Q", text="short:N", color=ink),
    ]
    if any(row["withheld"] for row in rows):
        layers.append(withheld)
    return alt.layer(drawn, *layers).properties(width=WIDTH, height={"step": 56})


def _parts(bars: list[Bar], colours: dict[str, str]) -> list[dict]:
    """What is drawn of the parts of one bar: where each starts and ends, and what is written into it or behind it."""
    # Rounded percentages may add up to 99 or 101: the bar still ends at 100, unless a part is withheld.
    whole = sum(bar.value or 0 for bar in bars) if all(bar.value is not None for bar in bars) else 100
    end, parts = 0.0, []
    for bar in (bar for bar in bars if bar.value is not None):
        start, end = end, end + 100 * (bar.value or 0) / (whole or 100)
        parts.append(_part(bar, start, end, colours))
    if left_out := [f"{bar.short or bar.part} {bar.label}" for bar in bars if bar.value is None]:
        words = {"label": "", "short": "", "ink": INK}
        behind = {"row": bars[0].row, "part": bars[0].part, "start": end, "end": end, "middle": None, **words}
        parts.append({"withheld": ", ".join(left_out), **behind})
    return parts


def _part(bar: Bar, start: float, end: float, colours: dict[str, str]) -> dict:
    narrow = end - start < 4
    return {
        "withheld": "",
        "row": bar.row,
        "part": bar.part,
        "start": start,
        "end": end,
        "middle": end + 2.8 if narrow else (start + end) / 2,
        "label": "" if narrow and (end < 99.5 or not bar.value) else bar.label,
        "short": bar.short if len(bar.short) * LETTER < (end - start) / 100 * WIDTH else "",
        "ink": INK if narrow else INK_ON[colours[bar.part]],
    }


def labelled_bars(bars: list[Bar], colours: dict[str, str], axis_title: str, named: bool = True) -> DrawnChart:
    """Horizontal bars from zero with the label at their end, one per row, or side by side where a row has several
    parts; then each label names its part. named: a legend says what colours mean where labels do not."""
    side_by_side = len({bar.row for bar in bars}) < len(bars)
    rows = [
        {
            "row": bar.row,
            "part": bar.part,
            "value": bar.value or 0.0,
            "label": f"{bar.part} {bar.label}" if side_by_side else bar.label,
        }
        for bar in bars
    ]
    parts = list(colours)
    base = alt.Chart(chart_data(rows)).encode(y=_row_axis([bar.row for bar in bars]))
    if side_by_side:
        base = base.encode(yOffset=alt.YOffset("part:N", sort=parts))
    longest = max((bar.value or 0 for bar in bars), default=0) or 1
    x = alt.X(
        "value:Q",
        title=axis_title,
        scale=alt.Scale(domain=[0, longest * 1.25], nice=False),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    labels = base.mark_text(align="left", dx=6, color=INK).encode(x="value:Q", text="label:N")
    return (base.mark_bar().encode(x=x, color=_colour(colours, named and not side_by_side)) + labels).properties(
        width=WIDTH, height={"step": 26 if side_by_side else 34}
    )


def to_svg(chart: DrawnChart, name: str, text_alternative: str) -> str:
    """The chart as an SVG element for a web page; `name` keeps its identifiers apart from those of other charts."""
    # Vega-Lite refuses a wrong chart itself; checking it against its schema before costs as much as drawing it.
    specification = {**chart.to_dict(validate=False), "config": CONFIG, "background": "#ffffff", "padding": 4}
    svg = _drawn(json.dumps(specification))
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'url\(#([^)"]+)\)', rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r' (role|aria-[a-z]+)="[^"]*"', "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{_attribute(text_alternative)}"', 1)


@lru_cache(maxsize=128)
def _drawn(specification: str) -> str:
    """The same chart is drawn once, whatever document it stands in."""
    return vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])  # nothing is fetched


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def chart_data(rows: list[dict]) -> pl.DataFrame:
    """Rows as what a chart is drawn from."""
    return pl.DataFrame(rows, infer_schema_length=None)


def _row_axis(rows: list[str]) -> alt.Y:
    return alt.Y(
        "row:N",
        sort=list(dict.fromkeys(rows)),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=8, grid=False),
    )


def _colour(colours: dict[str, str], legend: bool = True) -> alt.Color:
    shown = alt.Legend(title=None) if legend and len(colours) > 1 else None
    return alt.Color(
        "part:N", sort=list(colours), scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=shown
    )
