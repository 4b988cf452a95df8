"""Figures F4 and F5: linkage and reconviction by quarter of sentence.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (line_chart.py). The
published report has neither, so they stand apart from its numbers.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.rows import MONTHS_OF_QUARTER
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import Frame, line_figure
from publication_assets.steps.figures.of_report.figure_findings import rows_finding
from publication_assets.steps.figures.of_report.figures_by_group import end_of_axis, interval_of
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import noun_of

TABLE, FOLLOWED = "linked_and_reconvicted_by_quarter", "followed_reconvicted_share"
OF = {
    "linked_share": (
        "{types} linked to structured treatment, by quarter of sentence",
        "Percentage of requirements that were linked, with {level} limits",
    ),
    FOLLOWED: (
        "Identified reconvictions {within_period}, by quarter of sentence, {types} followed for {period}",
        "Percentage of requirements followed for {period}, with {level} limits",
    ),
}


def quarter_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures F4 (linked) and F5 (reconvicted) by number; none without the table."""
    if TABLE not in cells.tables:
        return {}
    return {
        number: _figure(cells, family, number, facts) for number, family in zip(TABLES[TABLE].figures, OF, strict=True)
    }


def _figure(cells: ShownCells, family: str, number: str, facts: RunFacts) -> Figure:
    statistics, unit = OF[family]
    labels = {row: cells.label(TABLE, row) for row in cells.rows(TABLE)}
    shares = [
        interval_of(cells, TABLE, row, label, noun_of(kind), f"{family}/{kind}")
        for row, label in labels.items()
        for kind in TYPES
    ]
    finding = _finding(cells) if family == FOLLOWED else ""
    frame = Frame(number, statistics, "Quarter of sentence", unit, TABLES[TABLE].name, finding)
    return line_figure(frame, shares, _years(list(labels.values())), facts, end_of_axis(shares))


def _finding(cells: ShownCells) -> str:
    """How the last quarter compares with the first, of those followed for as long. Of linkage nothing is said: later
    sentences have had less time to be linked."""
    shown = [row for row in cells.rows(TABLE) if any(cells.value(TABLE, row, f"{FOLLOWED}/{kind}") for kind in TYPES)]
    how = rows_finding(cells, TABLE, shown[-1], shown[0], FOLLOWED) if len(shown) > 1 else ""
    first, last = (cells.label(TABLE, row) for row in (shown[0], shown[-1])) if how else ("", "")
    return f"{{types}} from {last} were followed by a reconviction {how} often than those from {first}" if how else ""


def _years(labels: list[str]) -> dict[str, str]:
    """What the axis names: the first quarter of every year, and the first of all where there is none."""
    firsts = [label for label in labels if label.startswith(MONTHS_OF_QUARTER[0])] or labels[:1]
    return {label: label[-4:] for label in firsts}
