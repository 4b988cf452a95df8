"""What is asked of suppliers of justice records: each column has a use, and steps read the columns that name them."""

import inspect

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.steps.people import standardise_persons
from pathways.documents.data_request import JUSTICE_PAGE, justice_page_text
from resources.settings.study_settings import load_study_settings

COLUMNS = [(extract, column) for extract in JUSTICE_EXTRACTS for column in extract.columns]
OF_PEOPLE = "justice_assets.steps.people.standardise_persons:"
STEPS = sorted({use.step for _, column in COLUMNS for use in column.uses if use.step.startswith(OF_PEOPLE)})


def run(step: str, extract: str = "", without: str = "") -> None:
    function = getattr(standardise_persons, step.removeprefix(OF_PEOPLE))
    sent = {each.name: pl.DataFrame(schema=each.schema) for each in JUSTICE_EXTRACTS}
    if without:
        sent[extract] = sent[extract].drop(without)
    given = sent | {"settings": load_study_settings().justice}
    function(**{name: given[name] for name in inspect.signature(function).parameters})


@pytest.mark.parametrize("step", STEPS)
def test_a_step_needs_no_column_that_is_not_declared_and_all_that_name_it(step: str):
    run(step)
    for extract, column in COLUMNS:
        if any(use.step == step for use in column.uses):
            with pytest.raises(pl.exceptions.PolarsError, match=f'"{column.name}"'):
                run(step, extract.name, without=column.name)


def test_every_column_has_a_use_and_notes_are_not_asked_for():
    assert [(extract.name, column.name) for extract, column in COLUMNS if not column.uses] == []
    assert not any("note" in column.name for _, column in COLUMNS)


def test_the_page_for_suppliers_is_what_the_command_writes():
    assert JUSTICE_PAGE.read_text(encoding="utf-8") == justice_page_text(), "run `pathways data-request`"
