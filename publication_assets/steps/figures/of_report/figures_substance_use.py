"""Figures U1 and U2: days of substance use at the start of treatment and at the last form, by substance.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (charts.py). The
published study has no such figures.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, bar_figure
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.bar_charts import Bar, labelled_bars
from publishing.charts.charts import DARK_BLUE, TURQUOISE, Figure
from publishing.tables.declared import noun_of

TABLE = "substance_use"
PARTS = {"At the start": ("mean_at_start", DARK_BLUE), "At the last form": ("mean_at_last", TURQUOISE)}
UNIT = "Mean days of use in 28"


def use_is_shown(cells: ShownCells) -> bool:
    """Whether the table is there and shows any days of use."""
    return TABLE in cells.tables and any(
        cells.value(TABLE, row, "mean_at_start") is not None for row in cells.rows(TABLE)
    )


def substance_use_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures U1 (ATRs) and U2 (DRRs) by number; none where no days of use are shown."""
    if not use_is_shown(cells):
        return {}
    numbers = zip(TYPES, TABLES[TABLE].figures, strict=True)
    return {number: _figure(cells, kind, number, facts) for kind, number in numbers}


def _figure(cells: ShownCells, kind: str, number: str, facts: RunFacts) -> Figure:
    bars = [
        Bar(cells.label(TABLE, row), part, cells.value(TABLE, row, measure), cells.text(TABLE, row, measure))
        for row in cells.rows(TABLE, within=kind)
        if row.count("/") == 1  # of a substance
        for part, (measure, _) in PARTS.items()
    ]
    colours = {part: colour for part, (_, colour) in PARTS.items()}
    frame = Frame(
        number,
        f"Days of substance use in 28, at the start of treatment and at the last form, linked {noun_of(kind)}",
        "Substance",
        UNIT,
        TABLES[TABLE].name,
        kind=PAIRED,
        sign="days",
    )
    return bar_figure(frame, lambda narrow: labelled_bars(bars, colours, UNIT, narrow), bars, facts)
