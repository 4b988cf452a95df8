"""Figures F1 and F2: who is in structured treatment on days after sentence, and by when people drop out.

Belongs here: which cells each shows. Does not belong here: the look of charts. The published report
has neither, so they stand apart from its numbers.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.rows import DAYS_AFTER, HORIZON_ROWS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import DOTS, Frame, interval_figure
from publication_assets.steps.figures.of_report.figure_findings import types_finding
from publication_assets.steps.figures.of_report.figures_by_group import end_of_axis, interval_of, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import noun_of

ON_DAYS, DROPOUT = "still_in_treatment", "time_to_dropout"


def treatment_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures F1 and F2."""
    return [_on_days(cells, facts), _dropout(cells, facts)]


def _on_days(cells: ShownCells, facts: RunFacts) -> Figure:
    days = [(ON_DAYS, label, "open_on_day_share/{kind}") for label in DAYS_AFTER]
    frame = Frame(
        TABLES[ON_DAYS].figures[0],
        "In structured treatment on days after sentence, {types} observed for 12 months",
        "Day",
        "Percentage of requirements observed for 12 months that were in structured treatment on the day",
        TABLES[ON_DAYS].name,
        types_finding(cells, days, "were in structured treatment", "on each of these days"),
    )
    return types_figure(cells, ON_DAYS, "open_on_day_share", frame, facts, {label: label for label in DAYS_AFTER})


def _dropout(cells: ShownCells, facts: RunFacts) -> Figure:
    shares = [
        interval_of(cells, DROPOUT, f"{kind}/linked/{label}", label, noun_of(kind), "dropped")
        for label in HORIZON_ROWS
        for kind in TYPES
    ]
    times = [(DROPOUT, f"{{kind}}/linked/{label}", "dropped") for label in HORIZON_ROWS]
    frame = Frame(
        TABLES[DROPOUT].figures[0],
        "Estimated share that had dropped out of structured treatment, linked {types}",
        "Time since the start",
        "Percentage of linked requirements, with {level} limits, since treatment or, if later, sentence",
        TABLES[DROPOUT].name,
        types_finding(cells, times, "had dropped out of treatment", "at each of these times"),
        DOTS,
    )
    return interval_figure(frame, shares, facts, end_of_axis(shares))
