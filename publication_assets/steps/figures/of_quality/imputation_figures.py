"""The figures that show an imputation: imputed beside recorded shares, and chains over their iterations.

Belongs here: figures I1 to I4. Does not belong here: their numbers (tables_missing_values.py, diagnose_imputation.py),
the look of charts (charts.py).
"""

from collections.abc import Callable

import altair as alt
import polars as pl

from drawing.svg import DrawnChart
from publication_assets.catalogue.measures_of_models import IMPUTED, RECORDED
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import Frame, figure_words
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import (
    DARK_BLUE,
    GREY,
    NARROW,
    NARROW_ROWS,
    WIDTH,
    Figure,
    chart_data,
    grouped_row,
    grouped_rows,
    step_of_rows,
    wide_and_narrow,
)
from resources.settings.modelling_settings import Modelling

MODELS = ("linked_atr", "linked_drr")
PARTS = {RECORDED: GREY, IMPUTED: DARK_BLUE}
COLUMNS = 3
TABLE = "imputed_against_recorded"


def imputation_figures(
    cells: ShownCells, convergence: pl.DataFrame, settings: Modelling, minimum_base: int, facts: RunFacts
) -> dict[str, Figure]:
    """Figures I1 and I2 (recorded and imputed shares), I3 and I4 (chains), those that show anything.

    `convergence` is the table imputation_convergence; its shares of fewer than `minimum_base` values are not drawn.
    """
    models = [name for name in MODELS if name in settings.models and TABLE in cells.tables]
    figures = [shares_figure(cells, f"I{number}", model, facts) for number, model in enumerate(models, start=1)]
    figures += [
        chains_figure(convergence, f"I{number}", model, settings, minimum_base, facts)
        for number, model in enumerate(models, start=3)
    ]
    return {figure.number: figure for figure in figures if figure.rows}


def shares_figure(cells: ShownCells, number: str, model: str, facts: RunFacts) -> Figure:
    """Recorded and imputed share of each level, one model."""
    points, rows = [], []
    for row in cells.rows(TABLE):
        factor, level = cells.group(TABLE, row), cells.label(TABLE, row)
        texts = [cells.text(TABLE, row, f"{part}/{model}") for part in PARTS]
        values = [cells.value(TABLE, row, f"{part}/{model}") for part in PARTS]
        if any(value is not None for value in values):
            rows.append([factor, level, *texts])
            points += [
                {"factor": factor, "level": level, "part": f"{part.capitalize()} values", "value": value}
                for part, value in zip(PARTS, values, strict=True)
            ]
    apart = [abs(float(row[2]) - float(row[3])) for row in rows if "[" not in row[2] + row[3]]
    seen = f"The two differ by at most {max(apart):.0f} percentage points. " if apart else ""
    alternative = (
        f"Dots for {len(rows)} levels: share among recorded and among imputed values. {seen}"
        "All values are in the table below."
    )
    kind = facts.wording(f"{{types_of_{model}}}")
    statistics = f"Recorded and imputed values, model of linkage to structured treatment, {kind}"
    frame = Frame(number, statistics, "Level", "Percentage of values", TABLES[TABLE].name)
    title, subtitle = figure_words(frame, facts)
    wide, narrow = _drawn(lambda narrow: _dots(points, narrow), number, alternative) if points else ("", "")
    headers = ["Factor", "Level", "Recorded (%)", "Imputed (%)"]
    return Figure(number, title, alternative, wide, headers, rows, frame.source, subtitle, narrow)


def chains_figure(
    convergence: pl.DataFrame, number: str, model: str, settings: Modelling, minimum_base: int, facts: RunFacts
) -> Figure:
    """The share imputed as a factor's most common level after each iteration, a line per chain, one model."""
    found = convergence.filter(pl.col("model") == model, pl.col("missing") >= minimum_base)
    points, rows = [], []
    used, last = settings.imputation.iterations, settings.imputation.traced_iterations
    for (factor,), of_factor in found.group_by("factor", maintain_order=True):
        totals = of_factor.group_by("level", maintain_order=True).agg(pl.col("imputed").sum())
        level = totals.sort("imputed", descending=True, maintain_order=True)["level"][0]
        of_level = of_factor.filter(pl.col("level") == level).with_columns(
            share=(100 * pl.col("imputed") / pl.col("missing")).round(0)
        )
        name = settings.factors[str(factor)].label
        points += [
            {"panel": f"{name}: {level}", "chain": chain, "iteration": iteration, "share": share}
            for chain, iteration, share in of_level.select("imputation", "iteration", "share").iter_rows()
        ]
        rows.append([name, level, *(_range(of_level, iteration) for iteration in (1, used, last))])
    alternative = (
        f"Line charts for {len(rows)} factors over {last} iterations, a line for each of "
        f"{settings.imputation.imputations} chains; the first {used} iterations are those used. Lines that mix and do "
        "not drift show that the imputation has settled. Lowest and highest shares are in the table below."
    )
    kind = facts.wording(f"{{types_of_{model}}}")
    statistics = f"Imputation over its iterations, model of linkage to structured treatment, {kind}"
    frame = Frame(number, statistics, "Factor", "Percentage of imputed values", "Imputation diagnostics of this run")
    title, subtitle = figure_words(frame, facts)
    wide, narrow = _drawn(lambda narrow: _panels(points, used, narrow), number, alternative) if points else ("", "")
    headers = ["Factor", "Level", *(f"Iteration {iteration}, share imputed (%)" for iteration in (1, used, last))]
    return Figure(number, title, alternative, wide, headers, rows, frame.source, subtitle, narrow)


def _drawn(chart: Callable[[bool], DrawnChart], number: str, alternative: str) -> tuple[str, str]:
    return wide_and_narrow(chart, f"figure-{number.lower()}", alternative)


def _range(of_level: pl.DataFrame, iteration: int) -> str:
    shares = of_level.filter(pl.col("iteration") == iteration)["share"].sort()
    low, high = f"{shares[0]:.0f}", f"{shares[-1]:.0f}"
    return low if low == high else f"{low} to {high}"


def _dots(points: list[dict], narrow: bool) -> DrawnChart:
    """Two marks per level, by factor, from 0 to 100 percent."""
    rows = [{"key": grouped_row(point["factor"], point["level"]), **point} for point in points]
    keys = [key for row in rows for key in (grouped_row(row["factor"]), row["key"])]
    order = list(dict.fromkeys(keys))
    names = [f"{part.capitalize()} values" for part in PARTS]
    drawn = (
        alt.Chart(chart_data(rows))
        .transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1)
        .encode(
            y=grouped_rows(order, narrow),
            x=alt.X(
                "value:Q", title="Share of values (%)", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)
            ),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=names, range=list(PARTS.values())),
                legend=alt.Legend(title=None, symbolType="circle"),
            ),
            shape=alt.Shape("part:N", scale=alt.Scale(domain=names, range=["square", "circle"]), legend=None),
            size=alt.Size("part:N", scale=alt.Scale(domain=names, range=[170, 50]), legend=None),
        )
    )
    return alt.layer(drawn).properties(
        width=NARROW_ROWS if narrow else WIDTH, height={"step": step_of_rows(order) if narrow else 22}
    )


def _panels(points: list[dict], used: int, narrow: bool) -> DrawnChart:
    """One small chart per factor, a line per chain; a rule marks the last iteration that is used."""
    base = alt.Chart(chart_data([{**point, "used": used} for point in points]))
    axis = alt.Axis(labelFontSize=12, tickMinStep=1, format="d")
    lines = base.mark_line(strokeWidth=1.5, opacity=0.8, color=DARK_BLUE).encode(
        x=alt.X("iteration:Q", title="Iteration", axis=axis),
        y=alt.Y("share:Q", title="Share imputed (%)", scale=alt.Scale(zero=False), axis=axis),
        detail=alt.Detail("chain:N"),
    )
    rule = base.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.X("used:Q"))
    header = alt.Header(title=None, labelFontSize=13, labelExpr="split(datum.value, ': ')")
    panel = alt.Facet("panel:N", sort=list(dict.fromkeys(point["panel"] for point in points)), header=header)
    return (
        alt.layer(lines, rule, width=NARROW - 70 if narrow else WIDTH // COLUMNS - 20, height=120)
        .facet(panel, columns=1 if narrow else COLUMNS)
        .resolve_scale(y="independent")
    )
