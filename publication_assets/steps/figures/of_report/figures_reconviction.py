"""Figures 17 to 22 and F3: reconvictions by linkage, region, length of requirement and treatment status.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.declared import and_limits, noun_of
from publication_assets.catalogue.rows import LINKED, NOT_RECONVICTED, RECONVICTED
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.charts import ORANGE, PALE_GREY, Bar, Figure, stacked_bars
from publication_assets.steps.figures.interval_chart import Interval
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.figures.of_report.drawn_figures import (
    PAIRED,
    STACKED,
    Frame,
    bar_figure,
    figure_title,
    interval_figure,
)
from publication_assets.steps.figures.of_report.figures_by_group import region_figure, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells

BY_REGION, BY_LENGTH = "reconvicted_by_region", "reconvicted_by_length"
IN_FULL = "reconvictions_followed_in_full"
BY_LINKAGE, BY_STATUS = "reconvictions_by_linkage", "reconvictions_by_treatment_status"
PARTS = {RECONVICTED: ("Reconvicted", ORANGE), NOT_RECONVICTED: ("Not identified", PALE_GREY)}
SIDES = {"linked": LINKED, "not linked": "Not linked", "all": "All"}
STATUS_SHOWN = {
    "linked/Remained": "Remained in treatment",
    "linked/Completed": "Completed treatment",
    "not linked": "Not linked",
    "linked/wide dropout": "Dropped out (wide definition)",
}


def reconviction_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 17 to 22, in order, by the study's measure."""
    within = facts.wording("reconvictions {within_period}")
    unit = "Percentage of requirements in the row followed by a reconviction"
    regions = [
        region_figure(
            cells,
            BY_REGION,
            f"reconvicted_share/{kind}",
            Frame(
                number,
                figure_title(f"Identified {within} for {noun_of(kind)}, by probation region", facts),
                "Probation region",
                f"Percentage of {noun_of(kind)} in the region followed by a reconviction",
                TABLES[BY_REGION].name,
            ),
        )
        for kind, number in zip(TYPES, TABLES[BY_REGION].figures, strict=True)
    ]
    length = Frame(
        TABLES[BY_LENGTH].figures[0],
        figure_title(f"Identified {within}, by length of requirement", facts),
        "Length of requirement",
        unit,
        TABLES[BY_LENGTH].name,
        PAIRED,
    )
    end = words(facts.observation_end)
    status = Frame(
        TABLES[BY_STATUS].figures[0],
        figure_title(f"Identified {within}, by structured treatment status on {end}", facts),
        "Treatment status",
        unit,
        TABLES[BY_STATUS].name,
        PAIRED,
    )
    return [
        *(
            _linkage_figure(cells, kind, number, facts)
            for kind, number in zip(TYPES, TABLES[BY_LINKAGE].figures, strict=True)
        ),
        *regions,
        types_figure(cells, BY_LENGTH, "reconvicted_share", length),
        types_figure(cells, BY_STATUS, "reconvicted_share", status, STATUS_SHOWN),
    ]


def followed_in_full_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure F3: reconvictions of those followed for all of the time, linked and not linked, with limits."""
    rows = {"all": "All followed", "linked": LINKED, "not linked": "Not linked"}
    shares = [_followed(cells, row, label, kind) for row, label in rows.items() for kind in TYPES]
    title = facts.wording("Identified reconvictions {within_period}, {types} followed for all of it, by linkage")
    unit = facts.wording("Percentage of requirements followed for {period}, with confidence limits")
    source, (number,) = TABLES[IN_FULL].name, TABLES[IN_FULL].figures
    return interval_figure(number, figure_title(title, facts), "Dot plot", shares, "Linkage", unit, source)


def _followed(cells: ShownCells, row: str, label: str, kind: str) -> Interval:
    measures = and_limits(f"followed_reconvicted_share/{kind}")
    value, lower, upper = (cells.value(IN_FULL, row, measure) for measure in measures)
    return Interval(label, noun_of(kind), value, lower, upper, followed_text(cells, row, kind))


def followed_text(cells: ShownCells, row: str, kind: str) -> str:
    """Share reconvicted of those followed in full, with its limits, e.g. "45% (44% to 46%)"."""
    measures = and_limits(f"followed_reconvicted_share/{kind}")
    return with_limits(*(cells.percent(IN_FULL, row, measure) for measure in measures))


def _linkage_figure(cells: ShownCells, kind: str, number: str, facts: RunFacts) -> Figure:
    measure = f"share_of_group/{kind}"
    parts = {name: cells.label(BY_LINKAGE, f"all/{name}") for name in PARTS}
    bars = [
        Bar(
            f"All {noun_of(kind)}" if side == "all" else row,
            parts[name],
            cells.value(BY_LINKAGE, f"{side}/{name}", measure),
            cells.percent(BY_LINKAGE, f"{side}/{name}", measure),
            short,
        )
        for side, row in SIDES.items()
        for name, (short, _) in PARTS.items()
    ]
    unit = f"Percentage of {noun_of(kind)} in the row"
    title = facts.wording(f"Identified reconvictions {{within_period}} for {noun_of(kind)}, by linkage")
    chart = stacked_bars(bars, {parts[name]: colour for name, (_, colour) in PARTS.items()}, unit)
    frame = Frame(number, figure_title(title, facts), "Linkage", unit, TABLES[BY_LINKAGE].name, STACKED)
    return bar_figure(frame, chart, bars)
