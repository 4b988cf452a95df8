"""Figures 6 to 10: linkage to structured treatment by characteristic, and the time it took.

Belongs here: which cells each shows, in which words. Does not belong here: how a comparison of groups is drawn
(figures_by_group.py).
"""

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import Frame
from publication_assets.steps.figures.of_report.figure_findings import types_finding
from publication_assets.steps.figures.of_report.figures_by_group import region_figure, types_figure
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure

BY_REGION, BY_ACCOMMODATION, BY_LENGTH = "linked_by_region", "linked_by_accommodation", "linked_by_length"
TIMES = "time_to_treatment"
TIME_ROWS = {row: row for row in ("Already in treatment", "Within 3 weeks", "Within 6 weeks", "Within 12 weeks")}
LINKED = "linked to structured treatment"


def linkage_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 6 to 10, in order; 6 and 7 as one."""
    times = [(TIMES, row, "reached_share_of_linked/{kind}") for row in TIME_ROWS]
    time = _frame(
        TIMES,
        f"Cumulative time to structured treatment after sentence, {{types}} {LINKED}",
        "Time to structured treatment",
        "Percentage of linked requirements (cumulative)",
        types_finding(cells, times, "had reached structured treatment", "by each of these times"),
    )
    return [
        region_figure(cells, BY_REGION, "linked_share", _by(BY_REGION, "probation region"), f"were {LINKED}", facts),
        _types(cells, BY_ACCOMMODATION, "accommodation at sentence", facts),
        _types(cells, BY_LENGTH, "length of requirement", facts),
        types_figure(cells, TIMES, "reached_share_of_linked", time, facts, TIME_ROWS),
    ]


def _types(cells: ShownCells, table: str, what: str, facts: RunFacts) -> Figure:
    return types_figure(cells, table, "linked_share", _by(table, what), facts, did=f"were {LINKED}")


def _by(table: str, what: str) -> Frame:
    unit = "Percentage of requirements in the row that were linked"
    return _frame(table, f"{{types}} {LINKED}, by {what}", what[0].upper() + what[1:], unit)


def _frame(table: str, statistics: str, rows: str, unit: str, finding: str = "") -> Frame:
    return Frame(" and ".join(TABLES[table].figures), statistics, rows, unit, TABLES[table].name, finding)
