"""Draws the curves of a review as SVG: precision against recall, and recall against false positives.

Belongs here: the two charts. Does not belong here: their numbers (resources/review/review_curves.py).
"""

import altair as alt
import polars as pl

from drawing.svg import DARK_BLUE, GREY, INK, ORANGE, TURQUOISE, to_svg

PALE_GREY = "#d0d2d3"  # of intervals, which lie behind the curve
SIZE = {"width": 400, "height": 320}
MARKED = {
    "current_threshold": "In use",
    "study_threshold": "First disagreement",
    "recommended_threshold": "Recommended",
}
SHAPES, COLOURS = ["circle", "square", "triangle-up"], [INK, TURQUOISE, ORANGE]
AREAS = {"In use": 380, "First disagreement": 220, "Recommended": 90}  # two at one place are both seen


def precision_recall_chart(findings: dict) -> str:
    """Precision against recall at every threshold, with the interval of precision, as SVG."""
    return _curve(
        findings, "recall", "precision", "Recall of matches among scored pairs", "Precision", "precision-recall"
    )


def roc_chart(findings: dict) -> str:
    """Recall against the false positive rate at every threshold, with the interval of recall, as SVG."""
    return _curve(
        findings, "false_positive_rate", "recall", "False positive rate among scored pairs", "Recall of matches", "roc"
    )


def marked_thresholds(findings: dict) -> list[dict]:
    """The thresholds worth a mark: row of the table and `mark`, its name."""
    return [{**findings[key], "mark": name, "area": AREAS[name]} for key, name in MARKED.items() if findings[key]]


def _curve(findings: dict, across: str, up: str, across_title: str, up_title: str, name: str) -> str:
    rows = [row for row in findings["thresholds"] if row[across] is not None and row[up] is not None]
    if not rows:
        return ""
    points = pl.DataFrame(rows, infer_schema_length=None).sort("threshold").with_row_index("order")
    lowest = min(0.1 * int(10 * row[f"{up}_low"]) for row in rows)
    scale = alt.Scale(domain=[lowest, 1], zero=False)
    x = alt.X(f"{across}:Q", title=across_title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="~g"))
    y = alt.Y(f"{up}:Q", title=up_title, scale=scale, axis=alt.Axis(format="~g"))
    base = alt.Chart(points).encode(x=x)
    band = base.mark_rule(color=PALE_GREY, strokeWidth=3).encode(
        y=alt.Y(f"{up}_low:Q", title=up_title, scale=scale), y2=alt.Y2(f"{up}_high:Q")
    )
    line = base.mark_line(color=DARK_BLUE, strokeWidth=2.5).encode(y=y, order=alt.Order("order:Q"))
    dots = base.mark_point(filled=True, color=DARK_BLUE, opacity=1, size=28).encode(y=y)
    marks = [row for row in marked_thresholds(findings) if row[across] is not None and row[up] is not None]
    layers = [band, line, dots]
    if marks:
        names = list(dict.fromkeys(row["mark"] for row in marks))
        layers.append(
            alt.Chart(pl.DataFrame(marks, infer_schema_length=None))
            .mark_point(filled=True, opacity=1, stroke="#ffffff", strokeWidth=1.5)
            .encode(
                x=x,
                y=y,
                size=alt.Size("area:Q", scale=None),
                color=alt.Color(
                    "mark:N",
                    title=None,
                    scale=alt.Scale(domain=names, range=COLOURS[: len(names)]),
                    legend=alt.Legend(direction="horizontal", symbolType="circle"),
                ),
                shape=alt.Shape("mark:N", title=None, scale=alt.Scale(domain=names, range=SHAPES[: len(names)])),
            )
        )
    if name == "roc":
        corner = pl.DataFrame({across: [lowest, 1.0], up: [lowest, 1.0]})
        layers.insert(0, alt.Chart(corner).mark_line(color=GREY, strokeDash=[4, 4], strokeWidth=1).encode(x=x, y=y))
    first, last = rows[0], rows[-1]
    at = f"From threshold {first['threshold']:g} to {last['threshold']:g}"
    text = (
        f"{up_title} against {across_title.lower()} at {len(rows)} thresholds. {at}, {up_title.lower()} goes from "
        f"{first[up]:.3f} to {last[up]:.3f} and {across_title.lower()} from {first[across]:.3f} to {last[across]:.3f}. "
        "The table below has every figure."
    )
    return to_svg(alt.layer(*layers, **SIZE), name, text)
