"""The figures of the sensitivity analyses: how far the headline shares move.

Belongs here: which cells of tables 25 and 26 each shows. Does not belong here: the look of charts.
"""

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_report.drawn_figures import TYPE_COLOURS, figure_title, interval_figure
from publication_assets.steps.tables.estimates.tables_missed_links import (
    ALIKE,
    AS_LINKED,
    OF_OTHERS,
    OF_RECONVICTED,
    correction_measures,
    lower_for,
)
from publication_assets.steps.tables.estimates.tables_sensitivity import threshold_measures
from publication_assets.steps.tables.shown_cells import ShownCells

# Each share by threshold, and the same corrected for wrong links.
SHARES = [
    ("Linked, other link thresholds", "In treatment, missed and wrong links"),
    ("Linked: reconvicted, other link thresholds", "In treatment: reconvicted, missed and wrong links"),
    ("Not linked: reconvicted, other link thresholds", "Not in treatment: reconvicted, missed and wrong links"),
]
UNEVEN = (lower_for(OF_RECONVICTED), lower_for(OF_OTHERS))


def sensitivity_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures "S1" (linked share by link threshold) and "S2" (range of each headline share); none without tables."""
    if not {25, 26} <= cells.tables:
        return {}
    return {figure.number: figure for figure in (threshold_figure(cells, facts), range_figure(cells, facts))}


def threshold_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure S1: share linked to structured treatment at each link threshold."""
    shares = []
    for _, label in cells.rows(25):
        for noun in TYPE_COLOURS:
            measure = threshold_measures(noun)[1]
            shown = cells.percent(25, label, measure)
            shares.append(Interval(_short(label), noun, cells.value(25, label, measure), None, None, shown))
    title = figure_title("Linkage to structured treatment by link threshold", facts)
    unit = "Percentage of requirements linked to structured treatment"
    return interval_figure("S1", title, "Dot plot", shares, "Link threshold", unit, "Table 25")


def _short(label: str) -> str:
    return label.replace(" (threshold of this publication)", ", used in this release")


def range_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure S2: each headline share as published, and the least and the most that other assumptions make of it."""
    thresholds = [("", label) for _, label in cells.rows(25)]
    of_alike = [(group, label) for group, label in cells.rows(26) if group in (AS_LINKED, ALIKE)]
    of_all = [*of_alike, *((group, label) for group, label in cells.rows(26) if group in UNEVEN)]
    shares = []
    for (what, errors), place, among in zip(SHARES, range(3), (of_alike, of_all, of_all), strict=True):
        for noun in TYPE_COLOURS:
            value = cells.value(26, cells.rows(26)[0][1], correction_measures(noun)[place], AS_LINKED)
            by_threshold = [cells.value(25, label, threshold_measures(noun)[place + 1]) for _, label in thresholds]
            by_errors = [cells.value(26, label, correction_measures(noun)[place], group) for group, label in among]
            shares += [_range(what, noun, value, by_threshold), _range(errors, noun, value, by_errors)]
    shares.sort(key=lambda share: [name for pair in SHARES for name in pair].index(share.row))
    title = figure_title("Headline shares in this release and under other assumptions", facts)
    unit = "Percentage in this release (least to most under other assumptions)"
    return interval_figure("S2", title, "Range plot", shares, "Share", unit, "Tables 25 and 26")


def _range(row: str, noun: str, published: float | None, found: list[float | None]) -> Interval:
    known = [number for number in found if number is not None]
    if not known or published is None:
        return Interval(row, noun, None, None, None, "withheld")
    low, high = min(known), max(known)
    return Interval(row, noun, published, low, high, f"{published:.0f} ({low:.0f} to {high:.0f})")
