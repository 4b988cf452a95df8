"""Figures U1 and U2: days of substance use at the start of treatment and at the last form, by substance.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (charts.py). The
published study has no such figures.
"""

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import DARK_BLUE, TURQUOISE, Bar, Figure, labelled_bars
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, bar_figure, figure_title
from publication_assets.steps.tables.contents.tables_substance_use import MEAN_LAST, MEAN_START, group_label
from publication_assets.steps.tables.shown_cells import ShownCells

TABLE = 33
USE_FIGURES = dict(zip(TYPES, ("U1", "U2"), strict=True))
PARTS = {"At the start": (MEAN_START, DARK_BLUE), "At the last form": (MEAN_LAST, TURQUOISE)}
UNIT = "Mean days of use in 28"


def use_is_shown(cells: ShownCells) -> bool:
    """Whether table 33 is there and shows any days of use."""
    return TABLE in cells.tables and any(
        cells.value(TABLE, label, MEAN_START, group) is not None for group, label in cells.rows(TABLE)
    )


def substance_use_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures U1 (ATRs) and U2 (DRRs) by number; none where no days of use are shown."""
    if not use_is_shown(cells):
        return {}
    return {number: _figure(cells, kind, number, facts) for kind, number in USE_FIGURES.items()}


def _figure(cells: ShownCells, kind: str, number: str, facts: RunFacts) -> Figure:
    group = group_label(kind)
    bars = [
        Bar(label, part, cells.value(TABLE, label, measure, group), cells.text(TABLE, label, measure, group))
        for found, label in cells.rows(TABLE)
        if found == group
        for part, (measure, _) in PARTS.items()
    ]
    title = f"Days of substance use in 28, at the start of treatment and at the last form, linked {kind}s"
    frame = Frame(number, figure_title(title, facts), "Substance", UNIT, f"Table {TABLE}", PAIRED, "days")
    return bar_figure(frame, labelled_bars(bars, {part: colour for part, (_, colour) in PARTS.items()}, UNIT), bars)
