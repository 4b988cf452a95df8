"""Figures 17 to 22: reconvictions by linkage, region, length of requirement and treatment status.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.charts import ORANGE, PALE_GREY, Bar, Figure, stacked_bars
from publication_assets.steps.figures.of_report.drawn_figures import (
    PAIRED,
    STACKED,
    Frame,
    bar_figure,
    figure_title,
)
from publication_assets.steps.figures.of_report.figures_by_group import region_figure, types_figure
from publication_assets.steps.tables.contents.tables_outcomes import LINKED, NOT_LINKED, STATUS_LABELS, WIDE_LABEL
from publication_assets.steps.tables.contents.tables_reconviction import (
    NOT_RECONVICTED,
    RECONVICTED,
    RECONVICTION_LABELS,
    STATUS_ROWS,
    reconvicted_share,
)
from publication_assets.steps.tables.shown_cells import ShownCells

LINKAGE_FIGURES, REGION_FIGURES = {"ATR": "17", "DRR": "18"}, {"ATR": "19", "DRR": "20"}
PARTS = {
    RECONVICTION_LABELS[RECONVICTED]: ("Reconvicted", ORANGE),
    RECONVICTION_LABELS[NOT_RECONVICTED]: ("Not identified", PALE_GREY),
}
LINKAGE_ROWS = {LINKED: LINKED, NOT_LINKED: "Not linked", "All": "All"}
STATUS_SHOWN = {
    STATUS_LABELS["Remained"]: "Remained in treatment",
    STATUS_LABELS["Completed"]: "Completed treatment",
    STATUS_ROWS["not linked"][1]: "Not linked",
    WIDE_LABEL: "Dropped out (wide definition)",
}


def reconviction_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 17 to 22, in order."""
    within = facts.wording("reconvictions {within_period}")
    unit = "Percentage of requirements in the row followed by a reconviction"
    regions = [
        region_figure(
            cells,
            13,
            reconvicted_share(kind),
            Frame(
                number,
                figure_title(f"Identified {within} for {kind}s, by probation region", facts),
                "Probation region",
                f"Percentage of {kind}s in the region followed by a reconviction",
                "Table 13",
            ),
        )
        for kind, number in REGION_FIGURES.items()
    ]
    length = Frame(
        "21",
        figure_title(f"Identified {within}, by length of requirement", facts),
        "Length of requirement",
        unit,
        "Table 14",
        PAIRED,
    )
    end = words(facts.observation_end)
    status = Frame(
        "22",
        figure_title(f"Identified {within}, by structured treatment status on {end}", facts),
        "Treatment status",
        unit,
        "Table 15",
        PAIRED,
    )
    return [
        *(_linkage_figure(cells, kind, facts) for kind in TYPES),
        *regions,
        types_figure(cells, 14, reconvicted_share, length),
        types_figure(cells, 15, reconvicted_share, status, STATUS_SHOWN),
    ]


def _linkage_figure(cells: ShownCells, kind: str, facts: RunFacts) -> Figure:
    measure = f"{kind}s (% of {kind}s in the linkage group)"
    bars = [
        Bar(
            f"All {kind}s" if group == "All" else row,
            facts.wording(part),
            cells.value(12, part, measure, group),
            cells.percent(12, part, measure, group),
            short,
        )
        for group, row in LINKAGE_ROWS.items()
        for part, (short, _) in PARTS.items()
    ]
    unit = f"Percentage of {kind}s in the row"
    title = facts.wording(f"Identified reconvictions {{within_period}} for {kind}s, by linkage")
    chart = stacked_bars(bars, {facts.wording(part): colour for part, (_, colour) in PARTS.items()}, unit)
    frame = Frame(LINKAGE_FIGURES[kind], figure_title(title, facts), "Linkage", unit, "Table 12", STACKED)
    return bar_figure(frame, chart, bars)
