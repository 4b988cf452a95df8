"""Figures 11 to 16: treatment status at the end of observation, by age, by sex and by time to treatment.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (charts.py). Dropout is
that of the wide definition, as in the published study.
"""

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.comparisons import extremes, rows_but_total
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.charts import DARK_BLUE, PALE_GREY, TURQUOISE, Bar, Figure, stacked_bars
from publication_assets.steps.figures.of_report.drawn_figures import STACKED, Frame, bar_figure, figure_title
from publication_assets.steps.tables.contents.tables_breakdowns import STATUSES, UNKNOWN
from publication_assets.steps.tables.shown_cells import ShownCells

STATUS_TABLES = {
    9: ("age at sentence", ("11", "12")),
    10: ("sex", ("13", "14")),
    11: ("time to structured treatment", ("15", "16")),
}
PARTS = {
    "Completed": ("Completed structured treatment", "Completed", DARK_BLUE),
    "wide dropout": ("Dropped out (dropout, prison or died)", "Dropped out", PALE_GREY),
    "Remained": ("Remained in structured treatment", "Remained", TURQUOISE),
}


def status_share(kind: str, status: str) -> str:
    """Column of tables 9 to 11 with the share of linked requirements of a status."""
    return f"{kind}s that {STATUSES[status][0]} (% of linked {kind}s in the row)"


def status_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 11 to 16, in order."""
    return [
        _status_figure(cells, table, kind, number, facts)
        for table, (_, numbers) in STATUS_TABLES.items()
        for kind, number in zip(TYPES, numbers, strict=True)
    ]


def _status_figure(cells: ShownCells, table: int, kind: str, number: str, facts: RunFacts) -> Figure:
    labels, what = rows_but_total(cells, table), STATUS_TABLES[table][0]
    bars = [
        Bar(label, part, cells.value(table, label, measure), cells.percent(table, label, measure), short)
        for label in labels
        for status, (part, short, _) in PARTS.items()
        for measure in [status_share(kind, status)]
    ]
    unit = f"Percentage of linked {kind}s in the row"
    chart = stacked_bars(bars, {part: colour for part, _, colour in PARTS.values()}, unit)
    title = f"Structured treatment status on {words(facts.observation_end)} of linked {kind}s, by {what}"
    compared = [label for label in labels if label != UNKNOWN]
    seen = " ".join(
        f"{short}: {ends.in_words('for ')}."
        for status, (_, short, _) in PARTS.items()
        if (ends := extremes(cells, table, compared, status_share(kind, status)))
    )
    frame = Frame(number, figure_title(title, facts), what.capitalize(), unit, f"Table {table}", STACKED)
    return bar_figure(frame, chart, bars, seen)
