"""Draws the figures that compare groups of requirements: by region, or ATRs beside DRRs by a characteristic.

Belongs here: how such a figure is put together from cells. Does not belong here: which figures there are
(figures_linkage.py, figures_reconviction.py).
"""

from contracts.vocabulary import NOT_RECORDED, TYPES
from publication_assets.catalogue.declared import as_key, noun_of
from publication_assets.steps.documents.comparisons import capital, extremes
from publication_assets.steps.figures.charts import DARK_BLUE, GREY, ORANGE, Bar, Figure, labelled_bars
from publication_assets.steps.figures.of_report.drawn_figures import Frame, bar_figure
from publication_assets.steps.tables.shown_cells import ShownCells

ENGLAND, ENGLAND_ROW = "England", "all"
FEW = "Over 12 months"
SHOWN_AS = {as_key(FEW): "Over 12 months (low reliability)"}


def region_figure(cells: ShownCells, table: str, measure: str, frame: Frame) -> Figure:
    """Bars of the regions, highest first, and of England below them."""
    regions = cells.levels(table)
    order = sorted(regions, key=lambda row: (-(cells.value(table, row, measure) or -1), cells.label(table, row)))
    bars = [
        Bar(
            ENGLAND if row == ENGLAND_ROW else cells.label(table, row),
            ENGLAND if row == ENGLAND_ROW else "Region",
            cells.value(table, row, measure),
            cells.percent(table, row, measure),
        )
        for row in [*order, ENGLAND_ROW]
    ]
    chart = labelled_bars(bars, {"Region": DARK_BLUE, ENGLAND: GREY}, frame.unit, named=False)
    one_part = [Bar(bar.row, "Share", bar.value, bar.label) for bar in bars]
    ends = extremes(cells, table, regions, measure)
    return bar_figure(frame, chart, one_part, f"{capital(ends.in_words('in '))}." if ends else "")


def types_figure(
    cells: ShownCells, table: str, measure: str, frame: Frame, written: dict[str, str] | None = None
) -> Figure:
    """Bars of ATRs and DRRs side by side, one pair per row. `measure` is the column of all types; `written` the rows
    and how they are written, if not all but the total as they are."""
    rows = written or {row: SHOWN_AS.get(row, cells.label(table, row)) for row in cells.levels(table)}
    bars = [
        Bar(label, noun_of(kind), *_shown(cells, table, row, f"{measure}/{kind}"))
        for row, label in rows.items()
        for kind in TYPES
    ]
    compared = [row for row in rows if as_key(row) not in (as_key(NOT_RECORDED), as_key(FEW))]
    found = {kind: extremes(cells, table, compared, f"{measure}/{kind}") for kind in TYPES}
    labels = {cells.label(table, row): label for row, label in rows.items()}
    seen = " ".join(f"{noun_of(kind)}: {ends.in_words('for ', labels)}." for kind, ends in found.items() if ends)
    return bar_figure(frame, labelled_bars(bars, {"ATRs": DARK_BLUE, "DRRs": ORANGE}, frame.unit), bars, seen)


def _shown(cells: ShownCells, table: str, row: str, measure: str) -> tuple[float | None, str]:
    return cells.value(table, row, measure), cells.percent(table, row, measure)
