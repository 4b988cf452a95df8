"""Draws the figures of the report as SVG, each with a text alternative and its data.

Belongs here: the look of charts. Does not belong here: which figures the report has (report_figures.py) and their
numbers. Only what the published tables show is drawn: a withheld figure has no mark and is named in the data.
"""

import re
from dataclasses import dataclass

import altair as alt
import polars as pl
import vl_convert

# Analysis Function palette; neighbours differ in brightness, and every mark carries its number.
DARK_BLUE, TURQUOISE, GREY, ORANGE, PALE_GREY = "#12436d", "#28a197", "#6f777b", "#f46a25", "#d0d2d3"
INK_ON = {DARK_BLUE: "#ffffff", TURQUOISE: "#0b0c0c", ORANGE: "#0b0c0c", PALE_GREY: "#0b0c0c", GREY: "#ffffff"}
WIDTH = 560
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
    },
    "text": {"fontSize": 14, "font": FONT},
}


@dataclass(frozen=True)
class Figure:
    """A figure of the report. number: "1", "M1". rows: its data as shown, below `headers`. source: table it shows."""

    number: str
    title: str
    alt: str
    svg: str
    headers: list[str]
    rows: list[list[str]]
    source: str = ""

    @property
    def withheld(self) -> list[str]:
        """Shorthand in its data that stands for withheld figures."""
        return [mark for mark in ("[c]", "[u]") if any(mark in value for row in self.rows for value in row)]


@dataclass(frozen=True)
class Bar:
    """A bar, or a part of one. value: None when withheld. label: what is written on or beside it. part: what its
    colour means."""

    row: str
    part: str
    value: float | None
    label: str


def stacked_bars(bars: list[Bar], colours: dict[str, str], axis_title: str) -> DrawnChart:
    """Horizontal bars to 100 percent, one row per `row`, parts in the order of `colours`."""
    rows = []
    for row in dict.fromkeys(bar.row for bar in bars):
        parts = [bar for bar in bars if bar.row == row]
        # Rounded percentages may add up to 99 or 101: the bar still ends at 100, unless a part is withheld.
        whole = sum(bar.value or 0 for bar in parts) if all(bar.value is not None for bar in parts) else 100
        end = 0.0
        for bar in parts:
            start, end = end, end + 100 * (bar.value or 0) / (whole or 100)
            narrow = end - start < 4
            rows.append({"row": row, "part": bar.part, "start": start, "end": end,
                         "middle": end + 2.8 if narrow else (start + end) / 2,
                         "label": "" if narrow and (end < 99.5 or not bar.value) else bar.label,
                         "ink": "#0b0c0c" if narrow else INK_ON[colours[bar.part]]})  # fmt: skip
    base = alt.Chart(_data(rows)).encode(y=_row_axis([bar.row for bar in bars]))
    drawn = base.mark_bar(size=38).encode(
        x=alt.X("start:Q", title=axis_title, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
        x2="end:Q",
        color=_colour(colours),
    )
    labels = base.mark_text(fontWeight="bold").encode(
        x="middle:Q", text="label:N", color=alt.Color("ink:N", scale=None)
    )
    return (drawn + labels).properties(width=WIDTH, height={"step": 58})


def labelled_bars(bars: list[Bar], colours: dict[str, str], axis_title: str) -> DrawnChart:
    """Horizontal bars from zero with the label at their end, one per row, or side by side where a row has several
    parts."""
    rows = [{"row": bar.row, "part": bar.part, "value": bar.value or 0.0, "label": bar.label} for bar in bars]
    parts = list(colours)
    side_by_side = len({bar.row for bar in bars}) < len(bars)
    base = alt.Chart(_data(rows)).encode(y=_row_axis([bar.row for bar in bars]))
    if side_by_side:
        base = base.encode(yOffset=alt.YOffset("part:N", sort=parts))
    longest = max((bar.value or 0 for bar in bars), default=0) or 1
    x = alt.X(
        "value:Q",
        title=axis_title,
        scale=alt.Scale(domain=[0, longest * 1.22], nice=False),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    labels = base.mark_text(align="left", dx=6, color="#0b0c0c").encode(x="value:Q", text="label:N")
    return (base.mark_bar().encode(x=x, color=_colour(colours)) + labels).properties(
        width=WIDTH, height={"step": 26 if side_by_side else 36}
    )


def forest_plot(levels: list[dict]) -> DrawnChart:
    """Odds ratios with 95% confidence intervals on a log scale, by factor.

    levels: dicts with factor, level, odds_ratio, low, high (None where not estimated), note (written where there is
    no interval).
    """
    rows, order = [], []
    for row in levels:
        heading = f"#{row['factor']}"
        if heading not in order:
            order.append(heading)
            rows.append({"key": heading, "odds_ratio": None, "low": None, "high": None, "note": "", "reference": False})
        key = f"{row['factor']}|{row['level']}"
        order.append(key)
        rows.append({**{name: row[name] for name in ("odds_ratio", "low", "high", "note", "reference")}, "key": key})
    smallest = min([row["low"] for row in levels if row["low"]] + [0.5])
    largest = max([row["high"] for row in levels if row["high"]] + [2.0])
    ticks = [
        tick for tick in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if smallest * 0.7 <= tick <= largest * 1.4
    ]
    scale = alt.Scale(type="log", domain=[min(smallest * 0.95, ticks[0]), max(largest * 1.05, ticks[-1])], nice=False)
    axis = alt.Axis(
        values=ticks, format="~g", title="Adjusted odds ratio, 95% confidence interval (log scale)", orient="bottom"
    )
    y = alt.Y("key:N", sort=order, title=None, scale=alt.Scale(domain=order), axis=alt.Axis(
        labelExpr="slice(datum.label, 0, 1) === '#' ? slice(datum.label, 1) : split(datum.label, '|')[1]",
        labelFontWeight=alt.condition("slice(datum.label, 0, 1) === '#'", alt.value("bold"), alt.value("normal")),
        ticks=False, domain=False, labelPadding=8, grid=False))  # fmt: skip
    base = alt.Chart(_data(rows)).encode(y=y)
    one = (
        alt.Chart(_data([{"one": 1.0}]))
        .mark_rule(color="#0b0c0c", strokeDash=[4, 3])
        .encode(x=alt.X("one:Q", scale=scale))
    )
    intervals = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=2, color=DARK_BLUE)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    )
    points = (
        base.transform_filter("isValid(datum.low)")
        .mark_point(filled=True, opacity=1, size=70, color=DARK_BLUE)
        .encode(x="odds_ratio:Q")
    )
    references = (
        base.transform_filter("datum.reference")
        .mark_point(filled=True, opacity=1, size=60, shape="square", color=GREY)
        .encode(x="odds_ratio:Q")
    )
    notes = (
        base.transform_filter("length(datum.note) > 0")
        .mark_text(align="left", dx=10, color="#505a5f", fontSize=13)
        .encode(x=alt.datum(1.0), text="note:N")
    )
    return (one + intervals + points + references + notes).properties(width=WIDTH, height={"step": 22})


def to_svg(chart: DrawnChart, name: str, text_alternative: str) -> str:
    """The chart as an SVG element for a web page; `name` keeps its identifiers apart from those of other charts."""
    specification = {**chart.to_dict(), "config": CONFIG, "background": "#ffffff", "padding": 4}
    svg = vl_convert.vegalite_to_svg(specification)
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'url\(#([^)"]+)\)', rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r' (role|aria-[a-z]+)="[^"]*"', "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{_attribute(text_alternative)}"', 1)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _data(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def _row_axis(rows: list[str]) -> alt.Y:
    return alt.Y(
        "row:N",
        sort=list(dict.fromkeys(rows)),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=8, grid=False),
    )


def _colour(colours: dict[str, str]) -> alt.Color:
    legend = alt.Legend(title=None) if len(colours) > 1 else None
    return alt.Color(
        "part:N", sort=list(colours), scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend
    )
