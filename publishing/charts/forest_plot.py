"""Draws odds ratios with their intervals on a log scale.

Belongs here: one kind of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A level that is not estimated has no mark and says why in place of its numbers.
"""

from typing import Any

import altair as alt

from drawing.svg import DrawnChart
from drawing.text_room import lines_within, text_width
from publishing.charts.charts import DARK_BLUE, GREY, INK, LETTER, NARROW, WIDTH, axis_lines, chart_data

TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
STEP, NARROW_STEP, GAP = 20, 21, 12  # height of a row, and on a phone; room before the numbers; pixels


def forest_plot(levels: list[dict[str, Any]], coverage: str, narrow: bool = False) -> DrawnChart:
    """Odds ratios with confidence intervals on a log scale, by factor, each with its numbers.

    coverage: of the intervals, such as 95%. levels: dicts with factor, level, odds_ratio, low, high (None where
    not estimated), text (its numbers, or why there are none), reference. narrow: for a phone.
    """
    rows = _rows(levels, narrow)
    numbers = LETTER * max(len(row["text"]) for row in rows)
    width = NARROW - numbers - GAP if narrow else WIDTH - 100
    scale, ticks = _scale(levels, few=narrow)
    title = f"Adjusted odds ratio, {coverage} confidence interval (log scale)"
    said = axis_lines(title, narrow)
    axis = alt.Axis(values=ticks, format="~g", grid=not narrow, title=said, titleAnchor="start", orient="bottom")
    base = alt.Chart(chart_data(rows)).encode(y=_level_axis([row["key"] for row in rows], narrow))
    if narrow:  # a line all the way down would run through the names, which stand above their levels
        one = base.transform_filter("datum.text").mark_tick(color=INK, size=NARROW_STEP - 5, thickness=1)
    else:
        one = alt.Chart(chart_data([{"one": 1.0}])).mark_rule(color=INK, strokeDash=[4, 3])
    one = one.encode(x=alt.X("one:Q", scale=scale, axis=axis))
    intervals = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=2, color=DARK_BLUE)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"))
    )
    points = (
        base.transform_filter("isValid(datum.low)")
        .mark_point(filled=True, opacity=1, size=70, color=DARK_BLUE)
        .encode(x=alt.X("odds_ratio:Q"))
    )
    references = (
        base.transform_filter("datum.reference")
        .mark_point(filled=True, opacity=1, size=60, shape="square", color=GREY)
        .encode(x=alt.X("odds_ratio:Q"))
    )
    beside = base.mark_text(align="left", color=INK).encode(x=alt.XValue(width + GAP), text=alt.Text("text:N"))
    drawn = [one, intervals, points, references, beside]
    if narrow:
        headings, names = (base.transform_filter(f"{sign}datum.heading") for sign in ("", "!"))
        bold, plain = headings.mark_text(align="left", color=INK, fontWeight="bold"), names.mark_text(align="left")
        drawn += [part.encode(x=alt.XValue(0), text=alt.Text("name:N"), color=alt.value(INK)) for part in (bold, plain)]
    return alt.layer(*drawn).properties(width=width, height={"step": NARROW_STEP if narrow else STEP})


def _scale(levels: list[dict], few: bool) -> tuple[alt.Scale, list[float]]:
    """The axis of odds ratios, wide enough for every interval, and where it has ticks."""
    smallest = min([row["low"] for row in levels if row["low"]] + [0.5])
    largest = max([row["high"] for row in levels if row["high"]] + [2.0])
    ticks = [tick for tick in TICKS if smallest * 0.7 <= tick <= largest * 1.4]
    domain = [min(smallest * 0.95, ticks[0]), max(largest * 1.05, ticks[-1])]
    shown = [tick for tick in ticks if not few or tick in (ticks[0], 1, ticks[-1])]
    return alt.Scale(type="log", domain=domain, nice=False), shown


def _level_axis(order: list[str], narrow: bool) -> alt.Y:
    """Factors in bold, each with its levels below it, in the given order of keys."""
    axis = alt.Axis(
        labelExpr="slice(datum.label, 0, 1) === '#' ? slice(datum.label, 1) : split(datum.label, '|')[1]",
        labelFontWeight=alt.condition("slice(datum.label, 0, 1) === '#'", alt.value("bold"), alt.value("normal")),
        ticks=False,
        domain=False,
        labelPadding=8,
        grid=False,
        minExtent=max(text_width(key.lstrip("#").rpartition("|")[2], bold=key.startswith("#")) for key in order),
    )
    return alt.Y("key:N", sort=order, title=None, scale=alt.Scale(domain=order), axis=None if narrow else axis)


def _rows(levels: list[dict], narrow: bool) -> list[dict]:
    """What stands in each row of the chart: a heading for each factor, then its levels. Where it is narrow each line of
    a name has a row of its own, above the row of what is drawn."""
    rows, headings = [], set()
    for row in levels:
        factor, level = f"#{row['factor']}", f"{row['factor']}|{row['level']}"
        if factor not in headings:
            headings.add(factor)
            rows += _names(factor, row["factor"], True) if narrow else [_name(factor, row["factor"], True)]
        if narrow:
            rows += _names(level, row["level"], False)
        shown = {name: row[name] for name in ("odds_ratio", "low", "high", "text", "reference")}
        rows.append(_name(level, "" if narrow else row["level"], False) | shown)
    return rows


def _names(key: str, name: str, heading: bool) -> list[dict]:
    """A row for each line of a name; before those of a heading an empty one."""
    lines = [*([""] if heading else []), *lines_within(name, NARROW, bold=heading)]
    return [_name(f"{key}|line {number}", line, heading) for number, line in enumerate(lines)]


def _name(key: str, name: str, heading: bool) -> dict:
    empty = {"odds_ratio": None, "low": None, "high": None, "text": "", "reference": False, "one": 1.0}
    return {"key": key, "name": name, "heading": heading, **empty}
