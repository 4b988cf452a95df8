"""Figures F1 and F2: who is in structured treatment on days after sentence, and by when people drop out.

Belongs here: which cells of tables 35 and 36 each shows. Does not belong here: the look of charts. The published report
has neither, so they stand apart from its numbers.
"""

from math import ceil

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, figure_title, interval_figure
from publication_assets.steps.figures.of_report.figures_by_group import types_figure
from publication_assets.steps.tables.contents.tables_dropout import DROPPED, HORIZON_ROWS, LIMITS, dropout_row
from publication_assets.steps.tables.contents.tables_in_treatment import DAYS_AFTER, open_share_of_observed
from publication_assets.steps.tables.shown_cells import ShownCells

STEP = 10


def treatment_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures F1 and F2."""
    return [_on_days(cells, facts), _dropout(cells, facts)]


def _on_days(cells: ShownCells, facts: RunFacts) -> Figure:
    title = figure_title("In structured treatment on days after sentence, ATRs and DRRs observed for 12 months", facts)
    unit = "Percentage of requirements observed for 12 months that were in structured treatment on the day"
    frame = Frame("F1", title, "Day", unit, "Table 35", PAIRED)
    return types_figure(cells, 35, open_share_of_observed, frame, {label: label for label in DAYS_AFTER})


def _dropout(cells: ShownCells, facts: RunFacts) -> Figure:
    shares = [_interval(cells, label, kind) for label in HORIZON_ROWS for kind in TYPES]
    highest = max((share.upper or share.value or 0 for share in shares), default=0)
    title = figure_title("Estimated share that had dropped out of structured treatment, linked ATRs and DRRs", facts)
    unit = "Percentage of linked requirements and its limits, since treatment or, if later, sentence"
    return interval_figure(
        "F2",
        title,
        "Dot plot",
        shares,
        "Time since the start",
        unit,
        "Table 36",
        STEP * max(1, ceil(highest / STEP)),
    )


def _interval(cells: ShownCells, label: str, kind: str) -> Interval:
    group = dropout_row(kind)
    value, lower, upper = (cells.value(36, label, measure, group) for measure in (DROPPED, *LIMITS.values()))
    if value is None:
        return Interval(label, f"{kind}s", None, None, None, cells.text(36, label, DROPPED, group))
    limits = "" if lower is None or upper is None else f" ({lower:.0f} to {upper:.0f})"
    return Interval(label, f"{kind}s", value, lower, upper, f"{value:.0f}{limits}")
