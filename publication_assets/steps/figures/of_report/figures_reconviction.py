"""Figures 17 to 22 and F3: reconvictions by linkage, region, length of requirement and treatment status.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.rows import LINKED, RECONVICTED
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.figures.of_report.drawn_figures import DOTS, Frame, interval_figure
from publication_assets.steps.figures.of_report.figure_findings import rows_finding
from publication_assets.steps.figures.of_report.figures_by_group import interval_of, region_figure, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import and_limits, noun_of

BY_REGION, BY_LENGTH = "reconvicted_by_region", "reconvicted_by_length"
IN_FULL = "reconvictions_followed_in_full"
BY_LINKAGE, BY_STATUS = "reconvictions_by_linkage", "reconvictions_by_treatment_status"
SIDES = {"linked": LINKED, "not linked": "Not linked", "all": "All"}
STATUS_SHOWN = {
    "linked/Completed": "Completed treatment",
    "linked/Remained": "Remained in treatment",
    "linked/wide dropout": "Dropped out (wide definition)",
    "not linked": "Not linked",
}
IN_THE_ROW = "Percentage of requirements in the row followed by a reconviction {within_period}"
DID = "were followed by a reconviction"


def reconviction_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 17 to 22, in order, by the study's measure; 17 and 18, and 19 and 20, as one."""
    status = f"structured treatment status on {words(facts.observation_end)}"
    return [
        _linkage_figure(cells, facts),
        region_figure(cells, BY_REGION, "reconvicted_share", _by(BY_REGION, "probation region"), DID, facts),
        types_figure(cells, BY_LENGTH, "reconvicted_share", _by(BY_LENGTH, "length of requirement"), facts, did=DID),
        types_figure(
            cells, BY_STATUS, "reconvicted_share", _by(BY_STATUS, status, "Treatment status"), facts, STATUS_SHOWN
        ),
    ]


def _by(table: str, what: str, rows: str = "") -> Frame:
    statistics = f"Identified reconvictions {{within_period}}, {{types}}, by {what}"
    rows = rows or what[0].upper() + what[1:]
    return Frame(" and ".join(TABLES[table].figures), statistics, rows, IN_THE_ROW, TABLES[table].name)


def followed_in_full_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure F3: reconvictions of those followed for all of the time, linked and not linked, with limits."""
    rows = {"linked": LINKED, "not linked": "Not linked", "all": "All followed"}
    shares = [_followed(cells, row, label, kind) for row, label in rows.items() for kind in TYPES]
    how = rows_finding(cells, IN_FULL, "linked", "not linked", "followed_reconvicted_share")
    frame = Frame(
        TABLES[IN_FULL].figures[0],
        "Identified reconvictions {within_period}, {types} followed for all of it, by linkage",
        "Linkage",
        "Percentage of requirements followed for {period}, with {level} limits",
        TABLES[IN_FULL].name,
        f"Linked {{types}} {DID} {how} often than those not linked" if how else "",
        DOTS,
    )
    return interval_figure(frame, shares, facts)


def _followed(cells: ShownCells, row: str, label: str, kind: str) -> Interval:
    measures = and_limits(f"followed_reconvicted_share/{kind}")
    value, lower, upper = (cells.value(IN_FULL, row, measure) for measure in measures)
    return Interval(label, noun_of(kind), value, lower, upper, followed_text(cells, row, kind))


def followed_text(cells: ShownCells, row: str, kind: str) -> str:
    """Share reconvicted of those followed in full, with its limits, e.g. "45% (44% to 46%)"."""
    return limited_text(cells, row, f"followed_reconvicted_share/{kind}")


def limited_text(cells: ShownCells, row: str, share: str) -> str:
    """A share of those followed in full with its limits."""
    return with_limits(*(cells.percent(IN_FULL, row, measure) for measure in and_limits(share)))


def _linkage_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    shares = [
        interval_of(cells, BY_LINKAGE, f"{side}/{RECONVICTED}", label, noun_of(kind), f"share_of_group/{kind}")
        for side, label in SIDES.items()
        for kind in TYPES
    ]
    how = rows_finding(cells, BY_LINKAGE, f"linked/{RECONVICTED}", f"not linked/{RECONVICTED}", "share_of_group")
    frame = Frame(
        " and ".join(TABLES[BY_LINKAGE].figures),
        "Identified reconvictions {within_period}, {types}, by linkage",
        "Linkage",
        f"{IN_THE_ROW}, with {{level}} limits",
        TABLES[BY_LINKAGE].name,
        f"By the study's measure, linked {{types}} {DID} {how} often than those not linked" if how else "",
        DOTS,
    )
    return interval_figure(frame, shares, facts)
