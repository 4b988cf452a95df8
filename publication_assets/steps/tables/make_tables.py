"""Makes every published table as one long frame: one row per cell, with what is shown in it and why.

Belongs here: which tables there are, and the order count, check, protect, show. Does not belong here: counting
(tables_*.py), what may be shown (disclosure_control.py).

A new table is a function that returns a PublishedTable, an entry in table_list.py, and one line here: in COUNTED_TABLES
when it counts the analysis frame and nothing else; otherwise in `_further_tables`, with its input as an optional
attribute of TableInputs, which the asset counted_tables fills. Give a count the name that it has in other tables, and
declare what adds up (declared_table.py): agreement and protection follow from that.
"""

from dataclasses import dataclass

import polars as pl

from publication_assets.steps.disclosure.show_cells import show_cells
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents import tables_breakdowns as breakdowns
from publication_assets.steps.tables.contents import tables_details as details
from publication_assets.steps.tables.contents.tables_all_people import beside_all_people
from publication_assets.steps.tables.contents.tables_dropout import time_to_dropout
from publication_assets.steps.tables.contents.tables_identification import (
    contact_note_evidence,
    identification_in_any_treatment,
)
from publication_assets.steps.tables.contents.tables_in_treatment import status_at_the_end, still_in_treatment
from publication_assets.steps.tables.contents.tables_outcomes import treatment_outcomes
from publication_assets.steps.tables.contents.tables_reconviction import (
    reconvictions_by_linkage,
    reconvictions_by_treatment_status,
)
from publication_assets.steps.tables.contents.tables_substance_use import substance_use_before_and_after
from publication_assets.steps.tables.contents.tables_termination import engagement_by_termination
from publication_assets.steps.tables.contents.tables_years import linked_and_reconvicted_by_year
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_estimates import estimates_with_uncertainty, label_errors
from publication_assets.steps.tables.estimates.tables_missed_links import corrected_for_wrong_links
from publication_assets.steps.tables.estimates.tables_missing_values import (
    imputed_against_recorded,
    missing_values,
    tie_recorded_counts,
)
from publication_assets.steps.tables.estimates.tables_models import MODEL_TABLES, odds_ratio_table
from publication_assets.steps.tables.estimates.tables_sensitivity import linked_by_threshold
from publication_assets.steps.tables.estimates.tables_sensitivity_models import alternative_odds_ratios
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publication_assets.steps.tables.wording import wording
from resources.settings.study_settings import StudySettings

COUNTED_TABLES = [
    breakdowns.linked_by_region,
    breakdowns.linked_by_accommodation,
    breakdowns.linked_by_length,
    breakdowns.time_to_treatment,
    breakdowns.status_by_age,
    breakdowns.status_by_sex,
    breakdowns.status_by_time_to_treatment,
    reconvictions_by_linkage,
    breakdowns.reconvicted_by_region,
    breakdowns.reconvicted_by_length,
    reconvictions_by_treatment_status,
    details.status_by_substance_group,
    details.termination_against_discharge,
    details.time_to_treatment_by_length,
    breakdowns.time_to_treatment_of_all,
    still_in_treatment,
    status_at_the_end,
    beside_all_people,
    linked_and_reconvicted_by_year,
]


@dataclass(frozen=True)
class TableInputs:
    """What tables are made from: the assets analysis_frame, pooled_odds_ratios and engagement_estimates, and further
    ones, which may be absent; a table whose input is absent is not made."""

    analysis_frame: pl.DataFrame
    pooled: pl.DataFrame
    estimates: pl.DataFrame
    sensitivity: pl.DataFrame | None = None
    diagnostics: pl.DataFrame | None = None
    substance_use: pl.DataFrame | None = None


def make_tables(inputs: TableInputs, settings: StudySettings) -> pl.DataFrame:
    """Cells of all tables with what becomes of each, sorted by table, row and column: the class CountedCells.

    Not for publication: it holds numbers that are withheld; published_cells leaves them out. Models without rows in
    `pooled` have no table. Raises TablesDisagree when tables contradict each other.
    """
    level = settings.modelling.confidence_level
    tables = [*counted_tables(inputs.analysis_frame, level), *_further_tables(inputs, settings)]
    tie_model_counts(tables, settings.modelling)
    tie_recorded_counts(tables, settings.modelling)
    check_tables_agree(tables)
    return wording(settings).in_cells(show_cells(tables, settings.publication))


def counted_tables(frame: pl.DataFrame, level: float) -> list[PublishedTable]:
    """The tables that count the analysis frame and nothing else, with limits of the coverage `level`."""
    return [
        identification_in_any_treatment(frame, level),
        treatment_outcomes(frame),
        contact_note_evidence(frame),
        engagement_by_termination(frame, level),
        *(count(frame) for count in COUNTED_TABLES),
        time_to_dropout(frame, level),
    ]


def _further_tables(inputs: TableInputs, settings: StudySettings) -> list[PublishedTable]:
    """Tables of more than the analysis frame."""
    models = settings.modelling.models
    estimated = [name for name in MODEL_TABLES if name in models and (inputs.pooled["model"] == name).any()]
    return [
        *(odds_ratio_table(inputs.pooled, name, settings.modelling) for name in estimated),
        estimates_with_uncertainty(inputs.analysis_frame, inputs.estimates),
        label_errors(inputs.estimates),
        *_sensitivity_tables(inputs, settings),
        *_missing_value_tables(inputs, settings),
        *_substance_use_tables(inputs, settings),
    ]


def _substance_use_tables(inputs: TableInputs, settings: StudySettings) -> list[PublishedTable]:
    if inputs.substance_use is None:
        return []
    return [substance_use_before_and_after(inputs.substance_use, settings.modelling.confidence_level)]


def _missing_value_tables(inputs: TableInputs, settings: StudySettings) -> list[PublishedTable]:
    if inputs.diagnostics is None:
        return []
    return [
        missing_values(inputs.analysis_frame, settings.modelling),
        imputed_against_recorded(inputs.diagnostics, settings.modelling, settings.publication.disclosure_threshold),
    ]


def _sensitivity_tables(inputs: TableInputs, settings: StudySettings) -> list[PublishedTable]:
    if inputs.sensitivity is None:
        return []
    return [
        linked_by_threshold(inputs.analysis_frame, settings),
        corrected_for_wrong_links(inputs.analysis_frame, settings.modelling),
        alternative_odds_ratios(inputs.analysis_frame, inputs.pooled, inputs.sensitivity, settings),
    ]
