"""Draws the figures that compare groups of requirements: by region, or ATRs beside DRRs by a characteristic.

Belongs here: how such a figure is put together from cells, as dots on lines. Does not belong here: which figures there
are (figures_linkage.py, figures_reconviction.py).
"""

from dataclasses import replace
from math import ceil

from contracts.vocabulary import NOT_RECORDED, TYPES
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_report.drawn_figures import DOTS, Frame, interval_figure
from publication_assets.steps.figures.of_report.figure_findings import groups_finding, regions_finding
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import and_limits, as_key, noun_of

ENGLAND, ENGLAND_ROW = "England", "all"
FEW = "Over 12 months"
SHOWN_AS = {as_key(FEW): "Over 12 months (low reliability)"}
STEP = 10  # of the axis, percentage points


def region_figure(cells: ShownCells, table: str, measure: str, frame: Frame, did: str, facts: RunFacts) -> Figure:
    """Shares of the regions with their limits, ATRs beside DRRs, and of England below them.

    Regions stand in the order of the alphabet: their places among each other may be chance. `measure` is the family of
    columns, `did` what is counted of requirements, e.g. "were linked".
    """
    regions = cells.levels(table)
    names = {row: cells.label(table, row) for row in regions} | {ENGLAND_ROW: ENGLAND}
    kinds = {noun_of(kind): f"{measure}/{kind}" for kind in TYPES}
    shares = [
        interval_of(cells, table, row, name, noun, column)
        for row, name in names.items()
        for noun, column in kinds.items()
    ]
    found = {noun: clear_differences(cells, table, regions, column, ENGLAND_ROW) for noun, column in kinds.items()}
    seen = " ".join(f"{noun}: {each.in_words('in England', 'in ')}." for noun, each in found.items() if each)
    finding = regions_finding(cells, table, measure, did, ENGLAND_ROW)
    return _with_limits(replace(frame, finding=finding), shares, facts, seen)


def types_figure(
    cells: ShownCells,
    table: str,
    measure: str,
    frame: Frame,
    facts: RunFacts,
    written: dict[str, str] | None = None,
    did: str = "",
) -> Figure:
    """ATRs and DRRs side by side, one pair per row. `measure` is the column of all types; `written` the rows and how
    they are written, if not all but the total as they are; `did` what is counted, where groups are compared with all.
    """
    rows = written or {row: SHOWN_AS.get(row, cells.label(table, row)) for row in cells.levels(table)}
    measures = {noun_of(kind): f"{measure}/{kind}" for kind in TYPES}
    shares = [
        interval_of(cells, table, row, label, noun, column)
        for row, label in rows.items()
        for noun, column in measures.items()
    ]
    if not did:
        return _with_limits(frame, shares, facts)
    compared = [row for row in rows if as_key(row) not in (as_key(NOT_RECORDED), as_key(FEW))]
    labels = {cells.label(table, row): label for row, label in rows.items()}
    found = {noun: clear_differences(cells, table, compared, column, "all") for noun, column in measures.items()}
    seen = " ".join(f"{noun}: {each.in_words('overall', 'for ', labels)}." for noun, each in found.items() if each)
    finding = groups_finding(cells, table, compared, measure, did, "all")
    return _with_limits(replace(frame, finding=finding), shares, facts, seen)


def interval_of(cells: ShownCells, table: str, row: str, label: str, part: str, measure: str) -> Interval:
    """A share and its limits as published, or its shorthand."""
    value, lower, upper = (cells.value(table, row, column) for column in and_limits(measure))
    if value is None:
        return Interval(label, part, None, None, None, cells.text(table, row, measure))
    limits = "" if lower is None or upper is None else f" ({lower:.0f} to {upper:.0f})"
    return Interval(label, part, value, lower, upper, f"{value:.0f}{limits}")


def end_of_axis(shares: list[Interval]) -> int:
    """The first step beyond every share and limit."""
    highest = max((share.upper or share.value or 0 for share in shares), default=0)
    return STEP * max(1, ceil(highest / STEP))


def _with_limits(frame: Frame, shares: list[Interval], facts: RunFacts, seen: str = "") -> Figure:
    frame = replace(frame, unit=f"{frame.unit}, with {{level}} limits", kind=DOTS)
    return interval_figure(frame, shares, facts, end_of_axis(shares), seen)
