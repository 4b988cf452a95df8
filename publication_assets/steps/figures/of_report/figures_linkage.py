"""Figures 6 to 10: linkage to structured treatment by characteristic, and the time it took.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.declared import noun_of
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.of_report.drawn_figures import PAIRED, Frame, figure_title
from publication_assets.steps.figures.of_report.figures_by_group import region_figure, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells

BY_REGION, BY_ACCOMMODATION, BY_LENGTH = "linked_by_region", "linked_by_accommodation", "linked_by_length"
TIMES = "time_to_treatment"
TIME_ROWS = {row: row for row in ("Already in treatment", "Within 3 weeks", "Within 6 weeks", "Within 12 weeks")}


def linkage_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 6 to 10, in order."""
    linked = "linked to structured treatment"

    def by(table: str, what: str) -> Figure:
        title = figure_title(facts.wording(f"{{types}} {linked}, by {what}"), facts)
        unit = "Percentage of requirements in the row that were linked"
        (number,) = TABLES[table].figures
        frame = Frame(number, title, what[0].upper() + what[1:], unit, TABLES[table].name, PAIRED)
        return types_figure(cells, table, "linked_share", frame)

    regions = [
        region_figure(
            cells,
            BY_REGION,
            f"linked_share/{kind}",
            Frame(
                number,
                figure_title(f"{noun_of(kind)} {linked}, by probation region", facts),
                "Probation region",
                f"Percentage of {noun_of(kind)} in the region that were linked",
                TABLES[BY_REGION].name,
            ),
        )
        for kind, number in zip(TYPES, TABLES[BY_REGION].figures, strict=True)
    ]
    title = facts.wording(f"Cumulative time to structured treatment after sentence, {{types}} {linked}")
    time = Frame(
        TABLES[TIMES].figures[0],
        figure_title(title, facts),
        "Time to structured treatment",
        "Percentage of linked requirements (cumulative)",
        TABLES[TIMES].name,
        PAIRED,
    )
    return [
        *regions,
        by(BY_ACCOMMODATION, "accommodation at sentence"),
        by(BY_LENGTH, "length of requirement"),
        types_figure(cells, TIMES, "reached_share_of_linked", time, TIME_ROWS),
    ]
