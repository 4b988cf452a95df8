"""The figures of the sensitivity analyses: how far the headline shares move.

Belongs here: which cells each shows. Does not belong here: the look of charts.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.measures_of_models import CORRECTIONS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_report.drawn_figures import DOTS, Frame, interval_figure
from publication_assets.steps.tables.estimates.tables_missed_links import IN_GROUP, IN_OTHERS, WHO
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import as_key, noun_of

THRESHOLDS, ERRORS = "linked_by_threshold", "corrected_for_wrong_links"
# Columns of the shares by threshold, and of the same corrected for wrong links.
BY_THRESHOLD = ("linked_at_threshold_share", "reconvicted_of_linked", "reconvicted_of_others")
BY_ERRORS = tuple(measure.key for measure in CORRECTIONS)
# Each share by threshold, and the same corrected for wrong links.
SHARES = [
    ("Linked, other link thresholds", "In treatment, missed and wrong links"),
    ("Linked: reconvicted, other link thresholds", "In treatment: reconvicted, missed and wrong links"),
    ("Not linked: reconvicted, other link thresholds", "Not in treatment: reconvicted, missed and wrong links"),
]


def sensitivity_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures "S1" (linked share by link threshold) and "S2" (range of each headline share); none without tables."""
    if not {THRESHOLDS, ERRORS} <= cells.tables:
        return {}
    return {figure.number: figure for figure in (threshold_figure(cells, facts), range_figure(cells, facts))}


def threshold_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure S1: share linked to structured treatment at each link threshold."""
    shares = []
    for row in cells.rows(THRESHOLDS):
        for kind in TYPES:
            measure = f"{BY_THRESHOLD[0]}/{kind}"
            label, value = _short(cells.label(THRESHOLDS, row)), cells.value(THRESHOLDS, row, measure)
            shown = cells.percent(THRESHOLDS, row, measure)
            shares.append(Interval(label, noun_of(kind), value, None, None, shown))
    frame = Frame(
        "S1",
        "Linkage to structured treatment, by link threshold",
        "Link threshold",
        "Percentage of requirements linked to structured treatment",
        TABLES[THRESHOLDS].name,
        kind=DOTS,
    )
    return interval_figure(frame, shares, facts)


def _short(label: str) -> str:
    return label.replace(" (threshold of this publication)", ", used in this release")


def range_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure S2: each headline share as published, and the least and the most that other assumptions make of it."""
    # Of all requirements, whatever the errors: rows that are of one group, or of all but one, are left out.
    of_some = tuple(f"/{as_key(WHO[who])}" for who in (IN_GROUP, IN_OTHERS))
    among = [row for row in cells.rows(ERRORS) if not row.endswith(of_some)]
    shares = []
    columns = zip(BY_THRESHOLD, BY_ERRORS, strict=True)
    for (what, errors), (threshold, error) in zip(SHARES, columns, strict=True):
        for kind in TYPES:
            value = cells.value(ERRORS, "as_linked", f"{error}/{kind}")
            by_threshold = [cells.value(THRESHOLDS, row, f"{threshold}/{kind}") for row in cells.rows(THRESHOLDS)]
            by_errors = [cells.value(ERRORS, row, f"{error}/{kind}") for row in among]
            noun = noun_of(kind)
            shares += [_range(what, noun, value, by_threshold), _range(errors, noun, value, by_errors)]
    shares.sort(key=lambda share: [name for pair in SHARES for name in pair].index(share.row))
    frame = Frame(
        "S2",
        "Headline shares in this release and under other assumptions",
        "Share",
        "Percentage in this release (least to most under other assumptions)",
        f"Tables {TABLES[THRESHOLDS].number} and {TABLES[ERRORS].number}",
        kind="Range plot",
    )
    return interval_figure(frame, shares, facts)


def _range(row: str, noun: str, published: float | None, found: list[float | None]) -> Interval:
    known = [number for number in found if number is not None]
    if not known or published is None:
        return Interval(row, noun, None, None, None, "withheld")
    low, high = min(known), max(known)
    return Interval(row, noun, published, low, high, f"{published:.0f} ({low:.0f} to {high:.0f})")
