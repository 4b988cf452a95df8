"""Draws estimates with their intervals as dots on lines.

Belongs here: one kind of chart. Does not belong here: the look that all charts share (charts.py), which figures there
are. A withheld estimate has no mark and its shorthand in place of the numbers.
"""

from dataclasses import dataclass

import altair as alt
import polars as pl

from publication_assets.steps.figures.charts import INK, WIDTH, DrawnChart

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
    intervals: list[Interval], colours: dict[str, str], axis_title: str, longest: int, line: float | None = None
) -> DrawnChart:
    """One row per `row`, parts side by side in the order of `colours`.

    The axis runs from 0 to `longest`. line: a value that all rows are compared with.
    """
    order, parts = list(dict.fromkeys(interval.row for interval in intervals)), list(colours)
    y = alt.Y("row:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8, grid=False))
    # Numbers stand in a column of their own, clear of the lines.
    scale = alt.Scale(domain=[0, longest * 1.45], nice=False)
    axis = alt.Axis(values=round_steps(longest), format="d", titleAnchor="start")
    legend = alt.Legend(title=None, symbolType="circle") if len(parts) > 1 else None
    rows = [{name: getattr(interval, name) for name in Interval.__dataclass_fields__} for interval in intervals]
    base = alt.Chart(pl.DataFrame(rows, infer_schema_length=None)).encode(
        y=y,
        yOffset=alt.YOffset("part:N", sort=parts),
        color=alt.Color(
            "part:N", sort=parts, scale=alt.Scale(domain=parts, range=list(colours.values())), legend=legend
        ),
    )
    lines = (
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=3)
        .encode(x=alt.X("lower:Q", title=axis_title, scale=scale, axis=axis), x2="upper:Q")
    )
    shapes = alt.Scale(domain=parts, range=SHAPES[: len(parts)])
    points = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=110)
        .encode(
            x=alt.X("value:Q", title=axis_title, scale=scale, axis=axis),
            shape=alt.Shape("part:N", sort=parts, scale=shapes, legend=None),
        )
    )
    labels = base.mark_text(align="left", color=INK).encode(
        x=alt.datum(longest * 1.04, scale=scale), text="label:N", color=alt.value(INK)
    )
    drawn = [lines, points, labels]
    if line is not None:
        marked = alt.Chart(pl.DataFrame({"line": [line]})).mark_rule(color=INK, strokeDash=[4, 3])
        drawn.insert(0, marked.encode(x=alt.X("line:Q", title=axis_title, scale=scale, axis=axis)))
    return alt.layer(*drawn).properties(width=WIDTH, height={"step": 30})
