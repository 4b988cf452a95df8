"""Draws the charts of the linkage quality report as SVG, for a wide page and for a phone, with a text alternative.

Belongs here: charts of the linkage. Does not belong here: the look that all charts share (charts.py), tables. Every
chart stands beside the table of its figures; a withheld figure has no mark.
"""

import altair as alt
import polars as pl

from drawing.svg import INK, DrawnChart
from drawing.text_room import text_width
from publication_assets.steps.quality.court_coverage_text import ALL_SYSTEMS, FEWER, GAP, SHARE
from publication_assets.steps.quality.court_coverage_text import SECTION as COURTS
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publishing.charts.charts import (
    DARK_BLUE,
    GREY,
    NARROW,
    NARROW_ROWS,
    ORANGE,
    TURQUOISE,
    WIDTH,
    axis_lines,
    chart_data,
    colour_of_parts,
    grouped_row,
    grouped_rows,
    step_of_rows,
    title_below_rows,
    wide_and_narrow,
)

PEOPLE, RULE, WEIGHT = "Probation people linked", "Rule of this run", "Weight (bits)"
BESIDE = 5  # pixels between a bar and its number
COURT_COLOURS = {"Xhibit": GREY, "Libra": TURQUOISE, "Common Platform": DARK_BLUE}
LINKED, MISSED = "Linked (% of those)", "Expected missed (% of expected true)"


def threshold_chart(tables: QualityTables) -> tuple[str, str]:
    """Probation people linked at each threshold, one line per score, the rule of this run marked."""
    scores = tables.groups("thresholds")
    rows = [
        {
            "score": _sentence(score),
            "threshold": label,
            "people": tables.value("thresholds", label, PEOPLE, score),
            "rule": tables.text("thresholds", label, RULE, score) == "yes",
        }
        for score in scores
        for label in tables.labels("thresholds", score)
    ]
    order = tables.labels("thresholds", scores[0])
    said = "; ".join(
        f"{score}: {tables.text('thresholds', order[0], PEOPLE, score)} people at {order[0]}, "
        f"{tables.text('thresholds', order[-1], PEOPLE, score)} at {order[-1]}"
        for score in scores
    )
    return wide_and_narrow(
        lambda narrow: _lines(rows, order, list(map(_sentence, scores)), narrow),
        "thresholds",
        f"Line chart of probation people linked by threshold. {said}. The tables below have all values.",
    )


def _lines(rows: list[dict], order: list[str], scores: list[str], narrow: bool) -> DrawnChart:
    colours: dict[str, str] = dict(zip(scores, (DARK_BLUE, ORANGE), strict=True))
    axis = alt.Axis(labelAngle=-90 if narrow else 0)
    base = alt.Chart(chart_data(rows)).encode(
        x=alt.X(
            "threshold:N",
            sort=order,
            title=axis_lines("Threshold of the probability (not to scale)", narrow),
            axis=axis,
        ),
        y=alt.Y("people:Q", title=PEOPLE, scale=alt.Scale(zero=False)),
    )
    colour = colour_of_parts(colours, field="score")
    lines = base.mark_line(strokeWidth=3).encode(color=colour)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        color=colour, shape=alt.Shape("score:N", legend=None)
    )
    of_rule = base.transform_filter("datum.rule")
    rule = of_rule.mark_point(size=330, strokeWidth=3, color=INK)
    name = of_rule.mark_text(dy=-22, dx=6, align="right" if narrow else "left", fontWeight="bold").encode(
        text=alt.TextValue("rule of this run")
    )
    return (lines + points + rule + name).properties(width=NARROW - 70 if narrow else WIDTH + 120, height=280)


def weight_chart(tables: QualityTables) -> tuple[str, str]:
    """Match weight of every level, in bits, by comparison."""
    rows, order = [], []
    for group in tables.groups("model"):
        order.append(grouped_row(group))
        for label in tables.labels("model", group):
            bits, text = (read("model", label, WEIGHT, group) for read in (tables.value, tables.text))
            rows.append({"key": grouped_row(group, label), "name": f"{group}, {label}", "bits": bits, "text": text})
            order.append(rows[-1]["key"])
    strongest, weakest = max(rows, key=lambda row: row["bits"]), min(rows, key=lambda row: row["bits"])
    return wide_and_narrow(
        lambda narrow: _weights(rows, order, narrow),
        "weights",
        f"Bar chart of the match weight of {len(rows)} comparison levels. Strongest for a match: {strongest['name']}, "
        f"{strongest['text']} bits; strongest against: {weakest['name']}, {weakest['text']} bits. The table below has "
        "all values.",
    )


def _weights(rows: list[dict], order: list[str], narrow: bool) -> DrawnChart:
    weights, width = [row["bits"] for row in rows], NARROW_ROWS if narrow else WIDTH - 100
    # Numbers stand right of their bar, or of zero where that is left of it; the longest bar leaves room for its own.
    room = (max(text_width(row["text"]) for row in rows) + BESIDE) / width
    lowest, longest = min([0, *weights]) - 1, max([1, *weights])
    scale = alt.Scale(domain=[lowest, lowest + (longest - lowest) / (1 - room)], nice=False)
    base = alt.Chart(chart_data(rows)).encode(y=grouped_rows(order, narrow))
    title = title_below_rows("Weight, bits: right of zero speaks for a match, left against", narrow)
    x = alt.X("bits:Q", title=title, scale=scale)
    bars = base.mark_bar().encode(x=x, color=alt.condition("datum.bits > 0", alt.value(DARK_BLUE), alt.value(GREY)))
    above, below = (base.transform_filter(f"datum.bits {sign} 0") for sign in (">", "<="))
    labels = above.mark_text(align="left", dx=BESIDE).encode(
        x=alt.X("bits:Q"), text=alt.Text("text:N")
    ) + below.mark_text(align="left", dx=BESIDE).encode(x=alt.XDatum(0), text=alt.Text("text:N"))
    return _of_rows(bars + labels, order, narrow, WIDTH - 100)


def _of_rows(chart: alt.LayerChart | alt.FacetChart, order: list[str], narrow: bool, width: int) -> DrawnChart:
    """A chart of rows below the names of their groups, in its size."""
    return chart.properties(
        width=NARROW_ROWS if narrow else width, height={"step": step_of_rows(order) if narrow else 24}
    )


def group_chart(tables: QualityTables, groupings: list[str]) -> tuple[str, str]:
    """Link rate of each group of people, with what is expected to be missed named in the table."""
    rows, order, known = [], [], {}
    for grouping in groupings:
        order.append(grouped_row(grouping))
        for label in tables.labels("groups", grouping):
            share, text = (read("groups", label, LINKED, grouping) for read in (tables.value, tables.text))
            order.append(grouped_row(grouping, label))
            rows.append({"key": order[-1], "share": share, "text": text if share is None else f"{text}%"})
            if share is not None:
                known[f"{grouping}, {label}"] = share
    everybody = tables.value("groups", "All people", LINKED, "All people") or 0
    if known:
        highest, lowest = max(known, key=lambda key: known[key]), min(known, key=lambda key: known[key])
        said = f"Highest: {highest}, {known[highest]:.1f}%; lowest: {lowest}, {known[lowest]:.1f}%."
    else:
        said = "No share can be shown."
    return wide_and_narrow(
        lambda narrow: _shares(rows, order, everybody, narrow),
        "groups",
        f"Bar chart of the share of people linked, by group. All people: {everybody:.1f}%. {said} "
        "The tables below have all values.",
    )


def _shares(rows: list[dict], order: list[str], everybody: float, narrow: bool) -> DrawnChart:
    base = alt.Chart(chart_data(rows)).encode(y=grouped_rows(order, narrow))
    line = alt.Chart(chart_data([{"all": everybody}])).mark_rule(strokeDash=[4, 3], color=INK).encode(x=alt.X("all:Q"))
    right = 145 if narrow else 112  # numbers stand in a column at the right, clear of the dashed line
    bars = base.mark_bar(color=DARK_BLUE).encode(
        x=alt.X(
            "share:Q",
            title=title_below_rows("Linked, % of people with enough identifiers (dashed: all people)", narrow),
            scale=alt.Scale(domain=[0, right]),
            axis=alt.Axis(values=[0, 50, 100] if narrow else [0, 20, 40, 60, 80, 100]),
        )
    )
    labels = base.mark_text(align="right").encode(x=alt.XDatum(right), text=alt.Text("text:N"))
    return _of_rows(bars + line + labels, order, narrow, WIDTH - 60)


def court_chart(tables: QualityTables) -> tuple[str, str]:
    """Court results of each quarter, stacked by system; a quarter with too few is marked. Nothing without results."""
    quarters = tables.labels(COURTS)
    if not quarters:
        return "", ""
    rows = [
        {"quarter": quarter, "system": system, "results": tables.value(COURTS, quarter, system)}
        for quarter in quarters
        for system in COURT_COLOURS
    ]
    flagged = [quarter for quarter in quarters if tables.text(COURTS, quarter, GAP) == FEWER]
    gaps = {quarter: tables.value(COURTS, quarter, ALL_SYSTEMS) for quarter in flagged}
    said = f"Fewer results than expected in {', '.join(flagged)}." if flagged else "No quarter has fewer than expected."
    return wide_and_narrow(
        lambda narrow: _courts(rows, quarters, gaps, narrow),
        "courts",
        f"Stacked bar chart of court results in {len(quarters)} quarters by court system. {said} On Common Platform: "
        f"{tables.text(COURTS, quarters[0], SHARE)}% in {quarters[0]}, {tables.text(COURTS, quarters[-1], SHARE)}% in "
        f"{quarters[-1]}. The table below has all values.",
    )


def _courts(rows: list[dict], quarters: list[str], gaps: dict[str, float | None], narrow: bool) -> DrawnChart:
    x = alt.X("quarter:N", sort=quarters, title="Quarter of the appearance", axis=alt.Axis(labelAngle=-90))
    y = alt.Y("results:Q", title="Court results")
    bars = alt.Chart(chart_data(rows)).mark_bar().encode(x=x, y=y, color=colour_of_parts(COURT_COLOURS, field="system"))
    marks = pl.DataFrame(
        {"quarter": [*gaps], "results": [*gaps.values()]}, schema={"quarter": pl.String, "results": pl.Float64}
    )
    # On a phone a bar is too slim for the word beside its neighbour's
    base = alt.Chart(marks).encode(x=x, y=alt.Y("results:Q"), text=alt.TextValue("gap"))
    upright = base.mark_text(fontWeight="bold", angle=270, align="left", dx=6)
    named = upright if narrow else base.mark_text(fontWeight="bold", dy=-10)
    return (bars + named).properties(width=NARROW - 70 if narrow else WIDTH + 120, height=280)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
