"""What is asked of suppliers of justice records: each column has a use, and steps read the columns that name them."""

import inspect
import re
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.assets.views.research_views import MADE_BY
from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.schemas import TABLES
from pathways.documents.data_request import JUSTICE_PAGE, justice_page_text
from resources.settings.justice_settings import Justice, JusticeViews
from resources.settings.study_settings import load_study_settings

COLUMNS = [(extract, column) for extract in JUSTICE_EXTRACTS for column in extract.columns]
STEPS = sorted({use.step for _, column in COLUMNS for use in column.uses if use.step})
SENT = {each.name: pl.DataFrame(schema=each.schema) for each in JUSTICE_EXTRACTS}
MADE = {
    name: pl.DataFrame(schema={column: field.dtype.type for column, field in table.to_schema().columns.items()})
    for name, table in TABLES.items()
    if name not in SENT
}
# Parameters that are called otherwise than the table they are.
CALLED = {"crown": "crown_defendant_case", "magistrates": "magistrates_defendant_case", "clusters": "person_clusters"}


def function_of(step: str) -> Callable[..., Any]:
    module, _, name = step.partition(":")
    return getattr(import_module(module), name)


def run(step: str, sent: dict[str, pl.DataFrame]) -> None:
    settings = load_study_settings()
    by_kind = {Justice: settings.justice, JusticeViews: settings.justice_views, date: date(2023, 3, 31)}
    function = function_of(step)
    given = {
        each.name: by_kind.get(each.annotation, (MADE | sent).get(CALLED.get(each.name, each.name)))
        for each in inspect.signature(function).parameters.values()
    }
    scans = {each.name for each in inspect.signature(function).parameters.values() if each.annotation is pl.LazyFrame}
    function(**{name: value.lazy() if name in scans else value for name, value in given.items()})


@pytest.mark.parametrize("step", STEPS)
def test_a_step_needs_no_column_that_is_not_declared_and_all_that_name_it(step: str):
    used = {(extract.name, column.name) for extract, column in COLUMNS for use in column.uses if use.step == step}
    declared = {
        name: frame.select(column for column in frame.columns if (name, column) in used) for name, frame in SENT.items()
    }
    run(step, declared)
    for extract, column in used:
        with pytest.raises(pl.exceptions.PolarsError, match=f'"{column}"'):
            run(step, SENT | {extract: SENT[extract].drop(column)})


def test_every_step_that_makes_a_view_of_extracts_is_named_by_the_columns_it_reads():
    assert {f"{made.__module__}:{made.__name__}" for made in MADE_BY.values()} <= {*STEPS}


def test_a_purpose_names_a_table_or_a_check_that_there_is():
    for purpose in {use.purpose for _, column in COLUMNS for use in column.uses}:
        assert re.search(r"\b(tables?|check)\b", purpose)
        named = {int(number) for number in re.findall(r"\b\d+\b", purpose)}
        assert named <= {table.number for table in VIEW_TABLES.values()}, purpose


def test_every_column_has_a_use_and_notes_are_not_asked_for():
    assert [(extract.name, column.name) for extract, column in COLUMNS if not column.uses] == []
    assert not any("note" in column.name for _, column in COLUMNS)


def test_nothing_is_asked_for_that_no_figure_needs():
    """What earlier versions of the contract asked for, and no step read."""
    asked = {(extract.name, column.name) for extract, column in COLUMNS}
    assert not asked & {
        ("probation_disposal", "court_code"),
        ("probation_requirement", "crn"),
        ("probation_requirement", "length"),
        ("probation_requirement", "length_unit"),
        ("licence_condition", "crn"),
        ("licence_condition", "termination_date"),
        ("intervention", "end_date"),
        ("custodial_journey", "legal_status"),
        ("custodial_journey", "sentence_days"),
        ("custodial_journey", "offence_group"),
        ("crown_defendant_case", "custody_days"),
        ("magistrates_defendant_case", "custody_days"),
    }


def test_the_page_for_suppliers_is_what_the_command_writes():
    assert JUSTICE_PAGE.read_text(encoding="utf-8") == justice_page_text(), "run `pathways data-request`"
