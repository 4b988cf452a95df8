"""Makes every published table as one long frame: one row per cell, with what is shown in it and why.

Belongs here: the order count, check, protect, show, and what a function that makes a table is given. Does not belong
here: which tables there are (catalogue/tables.py), counting (tables_*.py), what may be shown (disclosure_control.py).

A function is given what its parameters name: `frame` (the analysis frame), another field of TableInputs, `settings`
(of the study), `modelling` (its part), `level` (coverage of limits), `types` (of requirements that are studied),
`model` (that of the table), `least_missing`. Give a count the name that it has in other tables, and declare what adds
up (declared_table.py): agreement and protection follow from that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature

import polars as pl

from modelling_assets.steps.engagement.worst_known_result import WorstKnown
from publication_assets.catalogue.tables import TABLES
from publication_assets.catalogue.wording import wording
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents import (
    tables_all_people,
    tables_breakdowns,
    tables_details,
    tables_dropout,
    tables_followed_in_full,
    tables_identification,
    tables_in_treatment,
    tables_outcomes,
    tables_reconviction,
    tables_requirement_counts,
    tables_substance_use,
    tables_termination,
    tables_years,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates import (
    tables_estimates,
    tables_missed_by_group,
    tables_missed_links,
    tables_missing_values,
    tables_models,
    tables_sensitivity,
    tables_sensitivity_models,
)
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publishing.disclosure.show_cells import show_cells
from publishing.tables.declared import DeclaredTable
from resources.settings.study_settings import StudySettings

# Imported by name, not found by name: which code decides a table is known by what is imported.
MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        tables_all_people,
        tables_breakdowns,
        tables_details,
        tables_dropout,
        tables_estimates,
        tables_followed_in_full,
        tables_identification,
        tables_in_treatment,
        tables_missed_by_group,
        tables_missed_links,
        tables_missing_values,
        tables_models,
        tables_outcomes,
        tables_reconviction,
        tables_requirement_counts,
        tables_sensitivity,
        tables_sensitivity_models,
        tables_substance_use,
        tables_termination,
        tables_years,
    )
}


@dataclass(frozen=True)
class TableInputs:
    """What tables are made from: the assets analysis_frame, pooled_odds_ratios and engagement_estimates, and further
    ones, which may be absent; a table whose input is absent is not made. worst: the worst that is known of what read
    the notes."""

    analysis_frame: pl.DataFrame
    pooled: pl.DataFrame
    estimates: pl.DataFrame
    sensitivity: pl.DataFrame | None = None
    diagnostics: pl.DataFrame | None = None
    substance_use: pl.DataFrame | None = None
    worst: WorstKnown | None = None
    linkage_quality: pl.DataFrame | None = None
    requirement_counts: pl.DataFrame | None = None


def make_tables(inputs: TableInputs, settings: StudySettings) -> pl.DataFrame:
    """Cells of all tables with what becomes of each, sorted by table, row and column: the class CountedCells.

    Not for publication: it holds numbers that are withheld; published_cells leaves them out. Models without rows in
    `pooled` have no table. Raises TablesDisagree when tables contradict each other.
    """
    tables = [made for declared in TABLES.values() if (made := make_table(declared, inputs, settings))]
    tie_model_counts(tables, settings.modelling)
    tables_missing_values.tie_recorded_counts(tables, settings.modelling)
    check_tables_agree(tables)
    return wording(settings).in_cells(show_cells(tables, settings.publication))


def make_table(declared: DeclaredTable, inputs: TableInputs, settings: StudySettings) -> PublishedTable | None:
    """One table, counted; None where an input that it needs is absent, or the model that it is of."""
    modelling = settings.modelling
    given = {
        **vars(inputs),
        "frame": inputs.analysis_frame,
        "settings": settings,
        "modelling": modelling,
        "level": modelling.confidence_level,
        "types": tuple(settings.study.requirement_types),
        "model": declared.model,
        "least_missing": settings.publication.disclosure_threshold,
    }
    if any(given[name] is None for name in declared.needs):
        return None
    if declared.model and not (declared.model in modelling.models and (inputs.pooled["model"] == declared.model).any()):
        return None
    make = made_by(declared)
    return make(**{name: given[name] for name in signature(make).parameters if name in given})


def made_by(declared: DeclaredTable) -> Callable[..., PublishedTable]:
    """The function that makes a table."""
    module, _, function = declared.made_by.partition(":")
    return getattr(MODULES[module], function)
