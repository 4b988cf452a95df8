"""Draws the charts of the linkage quality report as SVG, each with a text alternative.

Belongs here: charts of the linkage. Does not belong here: the look that all charts share (charts.py), tables. Every
chart stands beside the table of its figures; a withheld figure has no mark.
"""

import altair as alt
import polars as pl

from drawing.svg import to_svg
from publication_assets.steps.quality.court_coverage_text import ALL_SYSTEMS, FEWER, GAP, SHARE
from publication_assets.steps.quality.court_coverage_text import SECTION as COURTS
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publishing.charts.charts import DARK_BLUE, GREY, ORANGE, TURQUOISE, WIDTH

PEOPLE, RULE = "Probation people linked", "Rule of this run"
COURT_COLOURS = {"Xhibit": GREY, "Libra": TURQUOISE, "Common Platform": DARK_BLUE}
LINKED, MISSED = "Linked (% of those)", "Expected missed (% of expected true)"


def threshold_chart(tables: QualityTables) -> str:
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
    colours = dict(zip(map(_sentence, scores), (DARK_BLUE, ORANGE), strict=True))
    order = tables.labels("thresholds", scores[0])
    base = alt.Chart(pl.DataFrame(rows)).encode(
        x=alt.X(
            "threshold:N", sort=order, title="Threshold of the probability (not to scale)", axis=alt.Axis(labelAngle=0)
        ),
        y=alt.Y("people:Q", title="Probation people linked", scale=alt.Scale(zero=False)),
    )
    colour = alt.Color(
        "score:N",
        sort=list(colours),
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None),
    )
    lines = base.mark_line(strokeWidth=3).encode(color=colour)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        color=colour, shape=alt.Shape("score:N", legend=None)
    )
    rule = base.transform_filter("datum.rule").mark_point(size=330, strokeWidth=3, color="#0b0c0c")
    name = (
        base.transform_filter("datum.rule")
        .mark_text(dy=-22, dx=6, align="left", fontWeight="bold")
        .encode(text=alt.value("rule of this run"))
    )
    chart = (lines + points + rule + name).properties(width=WIDTH + 120, height=280)
    said = "; ".join(
        f"{score}: {tables.text('thresholds', order[0], PEOPLE, score)} people at {order[0]}, "
        f"{tables.text('thresholds', order[-1], PEOPLE, score)} at {order[-1]}"
        for score in scores
    )
    return to_svg(
        chart,
        "thresholds",
        f"Line chart of probation people linked by threshold. {said}. The tables below have all values.",
    )


def weight_chart(tables: QualityTables) -> str:
    """Match weight of every level, in bits, by comparison."""
    rows = [
        {
            "key": f"{group}: {label}",
            "bits": tables.value("model", label, "Weight (bits)", group),
            "text": tables.text("model", label, "Weight (bits)", group),
        }
        for group in tables.groups("model")
        for label in tables.labels("model", group)
    ]
    order, weights = [row["key"] for row in rows], [row["bits"] for row in rows]
    # Room for the numbers beyond the longest bar on either side.
    scale = alt.Scale(domain=[min(weights) - 3, max(weights) + 3], nice=False)
    base = alt.Chart(pl.DataFrame(rows)).encode(
        y=alt.Y("key:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))
    )
    x = alt.X("bits:Q", title="Weight, bits: right of zero speaks for a match, left against", scale=scale)
    bars = base.mark_bar().encode(x=x, color=alt.condition("datum.bits > 0", alt.value(DARK_BLUE), alt.value(GREY)))
    above, below = (base.transform_filter(f"datum.bits {sign} 0") for sign in (">", "<="))
    labels = above.mark_text(align="left", dx=5).encode(x="bits:Q", text="text:N") + below.mark_text(
        align="right", dx=-5
    ).encode(x="bits:Q", text="text:N")
    strongest, weakest = max(rows, key=lambda row: row["bits"]), min(rows, key=lambda row: row["bits"])
    return to_svg(
        (bars + labels).properties(width=WIDTH - 100, height={"step": 24}),
        "weights",
        f"Bar chart of the match weight of {len(rows)} comparison levels. Strongest for a match: {strongest['key']}, "
        f"{strongest['text']} bits; strongest against: {weakest['key']}, {weakest['text']} bits. The table below has "
        "all values.",
    )


def group_chart(tables: QualityTables, groupings: list[str]) -> str:
    """Link rate of each group of people, with what is expected to be missed named in the table."""
    rows = []
    for grouping in groupings:
        rows.append({"key": f"#{grouping}", "share": None, "text": ""})
        for label in tables.labels("groups", grouping):
            share = tables.value("groups", label, LINKED, grouping)
            text = tables.text("groups", label, LINKED, grouping)
            rows.append({"key": f"{grouping}|{label}", "share": share, "text": text if share is None else f"{text}%"})
    order = [row["key"] for row in rows]
    axis = alt.Axis(
        labelExpr="slice(datum.label, 0, 1) === '#' ? slice(datum.label, 1) : split(datum.label, '|')[1]",
        labelFontWeight=alt.condition("slice(datum.label, 0, 1) === '#'", alt.value("bold"), alt.value("normal")),
        ticks=False,
        domain=False,
        labelPadding=8,
        grid=False,
    )
    base = alt.Chart(pl.DataFrame(rows, infer_schema_length=None)).encode(
        y=alt.Y("key:N", sort=order, title=None, scale=alt.Scale(domain=order), axis=axis)
    )
    everybody = tables.value("groups", "All people", LINKED, "All people") or 0
    line = alt.Chart(pl.DataFrame({"all": [everybody]})).mark_rule(strokeDash=[4, 3], color="#0b0c0c").encode(x="all:Q")
    scale, right = alt.Scale(domain=[0, 112]), 112  # numbers stand in a column at the right, clear of the dashed line
    bars = base.mark_bar(color=DARK_BLUE).encode(
        x=alt.X(
            "share:Q",
            title="Linked, % of people with enough identifiers (dashed: all people)",
            scale=scale,
            axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
        )
    )
    labels = base.mark_text(align="right").encode(x=alt.datum(right), text="text:N")
    known = {row["key"].replace("|", ", "): row["share"] for row in rows if row["share"] is not None}
    if known:
        highest, lowest = max(known, key=lambda key: known[key]), min(known, key=lambda key: known[key])
        said = f"Highest: {highest}, {known[highest]:.1f}%; lowest: {lowest}, {known[lowest]:.1f}%."
    else:
        said = "No share can be shown."
    return to_svg(
        (bars + line + labels).properties(width=WIDTH - 60, height={"step": 24}),
        "groups",
        f"Bar chart of the share of people linked, by group. All people: {everybody:.1f}%. {said} "
        "The tables below have all values.",
    )


def court_chart(tables: QualityTables) -> str:
    """Court results of each quarter, stacked by system; a quarter with too few is marked. Nothing without results."""
    quarters = tables.labels(COURTS)
    if not quarters:
        return ""
    rows = [
        {"quarter": quarter, "system": system, "results": tables.value(COURTS, quarter, system)}
        for quarter in quarters
        for system in COURT_COLOURS
    ]
    colour = alt.Color(
        "system:N",
        sort=list(COURT_COLOURS),
        legend=alt.Legend(title=None),
        scale=alt.Scale(domain=list(COURT_COLOURS), range=list(COURT_COLOURS.values())),
    )
    x = alt.X("quarter:N", sort=quarters, title="Quarter of the appearance", axis=alt.Axis(labelAngle=-90))
    bars = (
        alt.Chart(pl.DataFrame(rows)).mark_bar().encode(x=x, y=alt.Y("results:Q", title="Court results"), color=colour)
    )
    flagged = [quarter for quarter in quarters if tables.text(COURTS, quarter, GAP) == FEWER]
    marks = pl.DataFrame(
        [{"quarter": quarter, "results": tables.value(COURTS, quarter, ALL_SYSTEMS)} for quarter in flagged],
        schema={"quarter": pl.String, "results": pl.Float64},
    )
    gaps = alt.Chart(marks).mark_text(dy=-10, fontWeight="bold").encode(x=x, y="results:Q", text=alt.value("gap"))
    said = f"Fewer results than expected in {', '.join(flagged)}." if flagged else "No quarter has fewer than expected."
    return to_svg(
        (bars + gaps).properties(width=WIDTH + 120, height=280),
        "courts",
        f"Stacked bar chart of court results in {len(quarters)} quarters by court system. {said} On Common Platform: "
        f"{tables.text(COURTS, quarters[0], SHARE)}% in {quarters[0]}, {tables.text(COURTS, quarters[-1], SHARE)}% in "
        f"{quarters[-1]}. The table below has all values.",
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
