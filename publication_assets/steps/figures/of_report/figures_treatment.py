"""Figures F1 and F2: who is in structured treatment on days after sentence, and by when people drop out.

Belongs here: which cells each shows. Does not belong here: the look of charts. The published report
has neither, so they stand apart from its numbers.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.declared import noun_of
from publication_assets.catalogue.rows import DAYS_AFTER, HORIZON_ROWS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, figure_title, interval_figure
from publication_assets.steps.figures.of_report.figures_by_group import end_of_axis, interval_of, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells

ON_DAYS, DROPOUT = "still_in_treatment", "time_to_dropout"


def treatment_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures F1 and F2."""
    return [_on_days(cells, facts), _dropout(cells, facts)]


def _on_days(cells: ShownCells, facts: RunFacts) -> Figure:
    title = facts.wording("In structured treatment on days after sentence, {types} observed for 12 months")
    unit = "Percentage of requirements observed for 12 months that were in structured treatment on the day"
    (number,) = TABLES[ON_DAYS].figures
    frame = Frame(number, figure_title(title, facts), "Day", unit, TABLES[ON_DAYS].name, PAIRED)
    return types_figure(cells, ON_DAYS, "open_on_day_share", frame, {label: label for label in DAYS_AFTER})


def _dropout(cells: ShownCells, facts: RunFacts) -> Figure:
    shares = [
        interval_of(cells, DROPOUT, f"{kind}/linked/{label}", label, noun_of(kind), "dropped")
        for label in HORIZON_ROWS
        for kind in TYPES
    ]
    title = facts.wording("Estimated share that had dropped out of structured treatment, linked {types}")
    unit = "Percentage of linked requirements and its limits, since treatment or, if later, sentence"
    return interval_figure(
        TABLES[DROPOUT].figures[0],
        figure_title(title, facts),
        "Dot plot",
        shares,
        "Time since the start",
        unit,
        TABLES[DROPOUT].name,
        end_of_axis(shares),
    )
