"""Draws shares over time as lines, with their limits as bands.

Belongs here: one kind of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A withheld share has no mark: its line and band are broken there.
"""

import altair as alt

from drawing.svg import DrawnChart
from publication_assets.steps.figures.interval_chart import SHAPES, Interval, round_steps
from publishing.charts.charts import (
    NARROW,
    WIDTH,
    axis_lines,
    chart_data,
    colour_of_parts,
)

HEIGHT = 260  # of a panel, pixels


def lines_with_limits(
    shares: list[Interval], marked: dict[str, str], colours: dict[str, str], axis_title: str, longest: int, narrow: bool
) -> DrawnChart:
    """Time from left to right, a line and a band per part, in the order of `colours`.

    Rows of `shares` are times, in order; `marked` are those that the axis names, and how. The axis of shares runs from
    0 to `longest`. narrow: for a phone.
    """
    times, parts = list(dict.fromkeys(share.row for share in shares)), list(colours)
    rows = [{field: getattr(share, field) for field in ("row", "part", "value", "lower", "upper")} for share in shares]
    named = f"{{{', '.join(f'{time!r}: {words!r}' for time, words in marked.items())}}}[datum.value] || ''"
    base = alt.Chart(chart_data(rows)).encode(
        x=alt.X(
            "row:O",
            sort=times,
            title=None,
            axis=alt.Axis(labelExpr=named, labelAngle=0, labelOverlap=False, ticks=False, grid=False),
        ),
        color=colour_of_parts(colours, shape="circle"),
    )
    scale, axis = alt.Scale(domain=[0, longest], nice=False), alt.Axis(values=round_steps(longest), format="d")
    heading = axis_lines(axis_title, narrow)
    drawn = [
        base.mark_area(opacity=0.25).encode(
            y=alt.Y("lower:Q", title=None, scale=scale, axis=axis), y2=alt.Y2("upper:Q")
        ),
        base.mark_line(strokeWidth=2).encode(y=alt.Y("value:Q", title=None, scale=scale, axis=axis)),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=60)
        .encode(
            y=alt.Y("value:Q", title=None, scale=scale, axis=axis),
            shape=alt.Shape("part:N", scale=alt.Scale(domain=parts, range=SHAPES[: len(parts)]), legend=None),
        ),
    ]
    title = alt.TitleParams(heading, anchor="start", frame="group", fontSize=14, fontWeight="normal")
    return alt.layer(*drawn, title=title, width=(NARROW if narrow else WIDTH) - 40, height=HEIGHT)
