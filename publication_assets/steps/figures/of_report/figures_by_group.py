"""Draws the figures that compare groups of requirements: by region, or ATRs beside DRRs by a characteristic.

Belongs here: how such a figure is put together from cells. Does not belong here: which figures there are
(figures_linkage.py, figures_reconviction.py).
"""

from collections.abc import Callable

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.comparisons import capital, extremes, rows_but_total
from publication_assets.steps.figures.charts import DARK_BLUE, GREY, ORANGE, Bar, Figure, labelled_bars
from publication_assets.steps.figures.of_report.drawn_figures import Frame, bar_figure
from publication_assets.steps.tables.contents.tables_breakdowns import UNKNOWN
from publication_assets.steps.tables.shown_cells import ShownCells

ENGLAND = "England"
TOTAL = "All requirements"
FEW = "Over 12 months"
SHOWN_AS = {FEW: "Over 12 months (low reliability)", TOTAL: ENGLAND}


def region_figure(cells: ShownCells, table: int, measure: str, frame: Frame) -> Figure:
    """Bars of the regions, highest first, and of England below them."""
    labels = rows_but_total(cells, table)
    order = sorted(labels, key=lambda label: (-(cells.value(table, label, measure) or -1), label))
    bars = [
        Bar(
            SHOWN_AS.get(label, label),
            ENGLAND if label == TOTAL else "Region",
            cells.value(table, label, measure),
            cells.percent(table, label, measure),
        )
        for label in [*order, TOTAL]
    ]
    chart = labelled_bars(bars, {"Region": DARK_BLUE, ENGLAND: GREY}, frame.unit, named=False)
    one_part = [Bar(bar.row, "Share", bar.value, bar.label) for bar in bars]
    ends = extremes(cells, table, labels, measure)
    return bar_figure(frame, chart, one_part, f"{capital(ends.in_words('in '))}." if ends else "")


def types_figure(
    cells: ShownCells, table: int, measure: Callable[[str], str], frame: Frame, labels: dict[str, str] | None = None
) -> Figure:
    """Bars of ATRs and DRRs side by side, one pair per row. `measure` gives the column of a type; `labels` the rows
    and how they are written, if not all but the total as they are."""
    rows = labels or {label: SHOWN_AS.get(label, label) for label in rows_but_total(cells, table)}
    bars = [
        Bar(row, f"{kind}s", cells.value(table, label, measure(kind)), cells.percent(table, label, measure(kind)))
        for label, row in rows.items()
        for kind in TYPES
    ]
    compared = [label for label in rows if label not in (UNKNOWN, FEW)]
    found = {kind: extremes(cells, table, compared, measure(kind)) for kind in TYPES}
    seen = " ".join(f"{kind}s: {ends.in_words('for ', rows)}." for kind, ends in found.items() if ends)
    return bar_figure(frame, labelled_bars(bars, {"ATRs": DARK_BLUE, "DRRs": ORANGE}, frame.unit), bars, seen)
