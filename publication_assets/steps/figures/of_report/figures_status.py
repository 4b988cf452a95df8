"""Figures 11 to 16: treatment status at the end of observation, by age, by sex and by time to treatment.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (charts.py). Dropout is
that of the wide definition, as in the published study.
"""

from contracts.vocabulary import NOT_RECORDED, TYPES
from publication_assets.catalogue.declared import noun_of
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.charts import DARK_BLUE, PALE_GREY, TURQUOISE, Bar, Figure, stacked_bars
from publication_assets.steps.figures.of_report.drawn_figures import STACKED, Frame, bar_figure, figure_title
from publication_assets.steps.tables.shown_cells import ShownCells

STATUS_TABLES = {
    "status_by_age": "age at sentence",
    "status_by_sex": "sex",
    "status_by_time_to_treatment": "time to structured treatment",
}
PARTS = {
    "Completed": ("Completed structured treatment", "Completed", DARK_BLUE),
    "wide dropout": ("Dropped out (dropout, prison or died)", "Dropped out", PALE_GREY),
    "Remained": ("Remained in structured treatment", "Remained", TURQUOISE),
}


def status_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 11 to 16, in order."""
    return [
        _status_figure(cells, table, kind, number, facts)
        for table in STATUS_TABLES
        for kind, number in zip(TYPES, TABLES[table].figures, strict=True)
    ]


def _status_figure(cells: ShownCells, table: str, kind: str, number: str, facts: RunFacts) -> Figure:
    rows, what = cells.levels(table), STATUS_TABLES[table]
    bars = [
        Bar(cells.label(table, row), part, cells.value(table, row, measure), cells.percent(table, row, measure), short)
        for row in rows
        for status, (part, short, _) in PARTS.items()
        for measure in [f"status_share/{status}/{kind}"]
    ]
    unit = f"Percentage of linked {noun_of(kind)} in the row"
    chart = stacked_bars(bars, {part: colour for part, _, colour in PARTS.values()}, unit)
    title = f"Structured treatment status on {words(facts.observation_end)} of linked {noun_of(kind)}, by {what}"
    compared = cells.levels(table, NOT_RECORDED)
    seen = " ".join(
        f"{short}: {found.in_words('overall', 'for ')}."
        for status, (_, short, _) in PARTS.items()
        if (found := clear_differences(cells, table, compared, f"status_share/{status}/{kind}", "linked"))
    )
    frame = Frame(number, figure_title(title, facts), what.capitalize(), unit, TABLES[table].name, STACKED)
    return bar_figure(frame, chart, bars, seen)
