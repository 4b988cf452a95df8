"""Figures 11 to 16: treatment status at the end of observation, by age, by sex and by time to treatment.

Belongs here: which cells each shows, in which words. Does not belong here: the look of charts (interval_chart.py).
Dropout is that of the wide definition, as in the published study. The two good outcomes stand side by side.
"""

from dataclasses import replace

from contracts.vocabulary import NOT_RECORDED, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.of_report.drawn_figures import Frame, panel_figure
from publication_assets.steps.figures.of_report.figure_findings import groups_finding
from publication_assets.steps.figures.of_report.figures_by_group import end_of_axis, interval_of
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import noun_of

# What the rows of a table are
STATUS_TABLES = {
    "status_by_age": "age at sentence",
    "status_by_sex": "sex",
    "status_by_time_to_treatment": "time to structured treatment",
}
PARTS = {
    "Completed": "Completed treatment",
    "Remained": "Remained in treatment",
    "wide dropout": "Dropped out (wide)",
}


def status_figures(cells: ShownCells, facts: RunFacts) -> list[Figure]:
    """Figures 11 to 16, in order, ATRs and DRRs of each table as one."""
    return [_status_figure(cells, table, facts) for table in STATUS_TABLES]


def _status_figure(cells: ShownCells, table: str, facts: RunFacts) -> Figure:
    what = STATUS_TABLES[table]
    rows = {row: cells.label(table, row) for row in cells.levels(table)} | {"linked": "All linked"}
    panels = {
        part: [
            interval_of(cells, table, row, label, noun_of(kind), f"status_share/{status}/{kind}")
            for row, label in rows.items()
            for kind in TYPES
        ]
        for status, part in PARTS.items()
    }
    compared = cells.levels(table, NOT_RECORDED)
    seen = " ".join(
        f"{part}, {noun_of(kind)}: {found.in_words('overall', 'for ')}."
        for status, part in PARTS.items()
        for kind in TYPES
        if (found := clear_differences(cells, table, compared, f"status_share/{status}/{kind}", "linked"))
    )
    frame = Frame(
        " and ".join(TABLES[table].figures),
        f"Structured treatment status on {words(facts.observation_end)} of linked {{types}}, by {what}",
        what.capitalize(),
        "Percentage of linked requirements in the row, with {level} limits",
        TABLES[table].name,
    )
    did = "completed structured treatment"
    finding = groups_finding(cells, table, compared, "status_share/Completed", did, "linked")
    ends = [share for shares in panels.values() for share in shares]
    return panel_figure(replace(frame, finding=finding), panels, facts, end_of_axis(ends), seen)
