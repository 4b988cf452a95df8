"""Draws odds ratios with their intervals on a log scale.

Belongs here: one kind of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A level that is not estimated has no mark and says why.
"""

import altair as alt

from publication_assets.steps.figures.charts import DARK_BLUE, GREY, INK, WIDTH, DrawnChart, chart_data

TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def forest_plot(levels: list[dict], coverage: str) -> DrawnChart:
    """Odds ratios with confidence intervals on a log scale, by factor.

    coverage: of the intervals, such as 95%. levels: dicts with factor, level, odds_ratio, low, high (None where
    not estimated), note (written where there is no interval).
    """
    rows = _rows(levels)
    scale, ticks = _scale(levels)
    title = f"Adjusted odds ratio, {coverage} confidence interval (log scale)"
    axis = alt.Axis(values=ticks, format="~g", title=title, orient="bottom")
    base = alt.Chart(chart_data(rows)).encode(y=_level_axis([row["key"] for row in rows]))
    one = (
        alt.Chart(chart_data([{"one": 1.0}]))
        .mark_rule(color=INK, strokeDash=[4, 3])
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
    return (one + intervals + points + references + notes).properties(width=WIDTH, height={"step": 19})


def _scale(levels: list[dict]) -> tuple[alt.Scale, list[float]]:
    """The axis of odds ratios, wide enough for every interval, and where it has ticks."""
    smallest = min([row["low"] for row in levels if row["low"]] + [0.5])
    largest = max([row["high"] for row in levels if row["high"]] + [2.0])
    ticks = [tick for tick in TICKS if smallest * 0.7 <= tick <= largest * 1.4]
    domain = [min(smallest * 0.95, ticks[0]), max(largest * 1.05, ticks[-1])]
    return alt.Scale(type="log", domain=domain, nice=False), ticks


def _level_axis(order: list[str]) -> alt.Y:
    """Factors in bold, each with its levels below it, in the given order of keys."""
    return alt.Y(
        "key:N",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(
            labelExpr="slice(datum.label, 0, 1) === '#' ? slice(datum.label, 1) : split(datum.label, '|')[1]",
            labelFontWeight=alt.condition("slice(datum.label, 0, 1) === '#'", alt.value("bold"), alt.value("normal")),
            ticks=False,
            domain=False,
            labelPadding=8,
            grid=False,
        ),
    )


def _rows(levels: list[dict]) -> list[dict]:
    """What stands in each row of the chart: a heading for each factor, then its levels."""
    rows, headings = [], set()
    for row in levels:
        heading = f"#{row['factor']}"
        if heading not in headings:
            headings.add(heading)
            rows.append({"key": heading, "odds_ratio": None, "low": None, "high": None, "note": "", "reference": False})
        shown = {name: row[name] for name in ("odds_ratio", "low", "high", "note", "reference")}
        rows.append({**shown, "key": f"{row['factor']}|{row['level']}"})
    return rows
