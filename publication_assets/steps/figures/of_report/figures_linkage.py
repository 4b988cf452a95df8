"""Figures 6 to 10: linkage to structured treatment by characteristic, and the time it took.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, figure_title
from publication_assets.steps.figures.of_report.figures_by_group import region_figure, types_figure
from publication_assets.steps.tables.contents.tables_breakdowns import CUMULATIVE_ROWS
from publication_assets.steps.tables.shown_cells import ShownCells

REGION_FIGURES = {"ATR": "6", "DRR": "7"}
TIME_ROWS = dict(
    zip(CUMULATIVE_ROWS, ["Already in treatment", "Within 3 weeks", "Within 6 weeks", "Within 12 weeks"], strict=True)
)


def linked_share(kind: str) -> str:
    """Column of tables 5 to 7 with the share linked."""
    return f"{kind}s linked to structured treatment (% of {kind}s in the row)"


def reached_share(kind: str) -> str:
    """Column of table 8 with the cumulative share of those linked."""
    return f"{kind}s (% of linked {kind}s, cumulative)"


def reached_share_of_all(kind: str) -> str:
    """Column of table 34 with the cumulative share of all requirements."""
    return f"{kind}s (% of all {kind}s, cumulative)"


def linkage_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 6 to 10, in order."""
    linked = "linked to structured treatment"

    def by(number: str, what: str, rows: str, table: int) -> Frame:
        title = figure_title(f"ATRs and DRRs {linked}, by {what}", facts)
        unit = "Percentage of requirements in the row that were linked"
        return Frame(number, title, rows, unit, f"Table {table}", PAIRED)

    regions = [
        region_figure(
            cells,
            5,
            linked_share(kind),
            Frame(
                number,
                figure_title(f"{kind}s {linked}, by probation region", facts),
                "Probation region",
                f"Percentage of {kind}s in the region that were linked",
                "Table 5",
            ),
        )
        for kind, number in REGION_FIGURES.items()
    ]
    title = f"Cumulative time to structured treatment after sentence, ATRs and DRRs {linked}"
    time = Frame(
        "10",
        figure_title(title, facts),
        "Time to structured treatment",
        "Percentage of linked requirements (cumulative)",
        "Table 8",
        PAIRED,
    )
    return [
        *regions,
        types_figure(cells, 6, linked_share, by("8", "accommodation at sentence", "Accommodation at sentence", 6)),
        types_figure(cells, 7, linked_share, by("9", "length of requirement", "Length of requirement", 7)),
        types_figure(cells, 8, reached_share, time, TIME_ROWS),
    ]
