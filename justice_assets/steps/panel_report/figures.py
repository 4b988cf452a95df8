"""The figures of the panel's report, by the names that its templates have for them, each with its words for who does
not see it.

Belongs here: from cells to figures. Does not belong here: which figures there are (figure_list.py), tables
(answers.py), how a figure looks (publishing/charts).
"""

from typing import Any

from drawing.svg import DARK_BLUE, DrawnChart
from justice_assets.steps.panel_report.answers import ODDS
from justice_assets.steps.panel_report.figure_list import FIGURES, Bars
from justice_assets.steps.panel_report.shown_views import ShownViews
from publishing.charts.bar_charts import Bar, labelled_bars, stacked_bars
from publishing.charts.charts import FILLS, Figure, wide_and_narrow
from publishing.charts.forest_plot import forest_plot
from publishing.documents.document import Drawing

OWN = {"custody": "custody_model", "matched": "matched"}


def figures(views: ShownViews, mark: str, interval: str) -> dict[str, Drawing]:
    """The figures of the report. interval: coverage of the limits, such as 95%."""
    drawn: dict[str, Drawing] = {}
    for place, figure in enumerate(FIGURES, start=1):
        if isinstance(figure, Bars):
            drawn[f"figure_{figure.name}"] = Drawing(_bars(views, figure, str(place), mark))
        else:
            custody = figure == "custody"
            own = _custody(views, str(place), mark, interval) if custody else _matched(views, str(place), mark)
            drawn[f"figure_{figure}"] = Drawing(own)
    return drawn


def _bars(views: ShownViews, figure: Bars, number: str, mark: str) -> Figure:
    parts = [(part, views.said(words)) for part, words in figure.parts]
    several = len(parts) > 1
    (first, words), *_ = parts
    labels = views.labels(figure.table, figure.column)
    unit = f"% of {figure.of}"
    if several:
        bars = views.bars(figure.table, figure.column, parts)
        colours: dict[str, str] = dict(zip((said for _, said in parts), FILLS, strict=False))
    else:
        bars, colours = views.bars(figure.table, figure.column, [(first, "")]), {"": DARK_BLUE}

    def chart(narrow: bool) -> DrawnChart:
        return (stacked_bars if several else labelled_bars)(bars, colours, unit, narrow=narrow)

    said = views.beside(figure.table, figure.column, first)
    alternative = f"Bars of {figure.of}, by {figure.heading.lower()}. {words}: {said}."
    wide, narrow = wide_and_narrow(chart, figure.name, alternative)
    rows = [[label, *(views.percent(figure.table, row, part) for part, _ in parts)] for row, label in labels]
    return Figure(
        number,
        f"{figure.title}{mark}",
        alternative,
        wide,
        [figure.heading, *(said for _, said in parts)],
        rows,
        f"Table {figure.number}",
        f"{words if not several else figure.of.capitalize()}, percentages",
        narrow,
    )


def _custody(views: ShownViews, number: str, mark: str, interval: str) -> Figure:
    """Odds of custody by sex and ethnic group and by what was before, with their limits."""
    table, columns = OWN["custody"], {"sex_and_ethnic_group": "Sex and ethnic group", "earlier": "Convicted before"}
    levels: list[dict[str, Any]] = []
    rows: list[list[str]] = []
    for column, heading in columns.items():
        for row, label in views.labels(table, column):
            odds, low, high = (views.value(table, row, measure) for measure, _ in ODDS)
            shown = [views.text(table, row, measure) for measure, _ in ODDS]
            reference = shown[1] == "[z]"
            text = (
                "1 (compared with)" if reference else shown[0] if low is None else f"{shown[0]} ({shown[1]}-{shown[2]})"
            )
            values = {"odds_ratio": odds, "low": low, "high": high, "text": text, "reference": reference}
            levels.append({"factor": heading, "level": label, **values})
            rows.append([f"{heading}: {label}", *shown])
    alternative = f"Odds ratios of immediate custody of {len(levels)} groups. All values are in the table below."
    wide, narrow = wide_and_narrow(lambda narrow: forest_plot(levels, interval, narrow), "custody", alternative)
    words = "Odds ratios of immediate custody, others alike in all else of the table"
    headers = ["Group", *(words for _, words in ODDS)]
    title = f"Custody of groups that are alike in all else recorded{mark}"
    return Figure(number, title, alternative, wide, headers, rows, "Table 18", words, narrow)


def _matched(views: ShownViews, number: str, mark: str) -> Figure:
    """Who is convicted again, of all people and of people who are alike."""
    table, parts = OWN["matched"], (("share/yes", "All people"), ("matched_share", "Matched people"))
    bars: list[Bar] = []
    rows: list[list[str]] = []
    for row, label in views.labels(table, "given"):
        shown = [views.text(table, row, measure) for measure, _ in parts]
        shown = [text if text.startswith("[") else f"{text}%" for text in shown]
        bars += [
            Bar(label, words, views.value(table, row, measure), text)
            for (measure, words), text in zip(parts, shown, strict=True)
        ]
        rows.append([label, *shown])
    said = ", ".join(f"{bar.row}, {bar.part.lower()}: {bar.label}" for bar in bars)
    again = views.said("convicted again within {reconviction_time}")
    alternative = f"Bars of people {again}. {said}."
    colours: dict[str, str] = dict(zip((words for _, words in parts), FILLS, strict=False))
    wide, narrow = wide_and_narrow(
        lambda narrow: labelled_bars(bars, colours, "% of people", narrow), "matched", alternative
    )
    title = f"Further conviction after a community order and after short custody{mark}"
    headers = ["Sentence", *(words for _, words in parts)]
    return Figure(number, title, alternative, wide, headers, rows, "Table 19", "Convicted again, percentages", narrow)
