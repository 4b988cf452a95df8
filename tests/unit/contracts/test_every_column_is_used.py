"""Only what a step uses is asked for: each declared column is read by the step that it names, for a real purpose.

A step is run on extracts without rows: polars resolves every column before it looks at any value.
"""

import inspect
import re
from datetime import date
from importlib import import_module

import polars as pl
import pytest

from contracts.absent_columns import MISSING_WITHOUT
from contracts.crossings import CROSSINGS
from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME
from linkage_assets.schemas import TABLES as LINKAGE_TABLES
from pathways.documents.data_request import PAGE, page_text
from publication_assets.catalogue.tables import TABLES as PUBLISHED_TABLES
from resources.settings.study_settings import Cohort, Combining, Linkage, Notes, StudySettings, load_study_settings
from resources.zone.schema_check import Table

COLUMNS = [(extract, column) for extract in ALL_EXTRACTS for column in extract.columns]
STEPS = sorted({use.step for _, column in COLUMNS for use in column.uses})
LAST_DAY = date(2023, 3, 31)
STRUCTURED = ("adult_community", "yp_community", "adult_secure", "yp_secure")


def no_rows(table: type[Table]) -> pl.DataFrame:
    """A table of a zone without rows."""
    kinds = {name: column.dtype.type for name, column in table.to_schema().columns.items()}
    return pl.DataFrame(schema=kinds)


@pytest.fixture(scope="module")
def run():
    """Function: a step as "module:function", and the extract and column that it is to go without, or none."""
    settings = load_study_settings().for_quarter(LAST_DAY)
    by_kind = {
        StudySettings: settings,
        Linkage: settings.linkage,
        Combining: settings.combining,
        Notes: settings.notes,
        Cohort: settings.study,
        date: LAST_DAY,
        bytes: bytes(32),
    }
    made = {name: no_rows(table) for name, table in LINKAGE_TABLES.items() if name not in EXTRACT_BY_NAME}
    crossing = {name: no_rows(crossing.table) for name, crossing in CROSSINGS.items()}

    def run(step: str, extract: str = "", without: str = "") -> None:
        module, _, name = step.partition(":")
        function = getattr(import_module(module), name)
        sent = {each.name: pl.DataFrame(schema=each.schema) for each in ALL_EXTRACTS}
        if without:
            sent[extract] = sent[extract].drop(without)
        together = {
            "frames": sent,
            "structured": {name: sent[name] for name in STRUCTURED},
            "clients": [sent[name] for name in (*STRUCTURED, "cjit")],
        }
        given = sent | made | crossing | together
        parameters = inspect.signature(function).parameters.values()
        function(**{each.name: by_kind.get(each.annotation, given.get(each.name)) for each in parameters})

    return run


@pytest.mark.parametrize("step", STEPS)
def test_a_step_needs_no_column_that_is_not_declared_and_all_that_name_it(step: str, run):
    run(step)
    used = [(extract.name, column.name) for extract, column in COLUMNS for use in column.uses if use.step == step]
    for extract, column in used:
        with pytest.raises(pl.exceptions.PolarsError, match=f'^[^;]*"{column}"'):
            run(step, extract, without=column)


def test_a_column_that_no_step_uses_is_not_asked_for():
    assert [(extract.name, column.name) for extract, column in COLUMNS if not column.uses] == []


def test_a_purpose_names_a_table_a_figure_or_a_check_that_there_is():
    for purpose in {use.purpose for _, column in COLUMNS for use in column.uses}:
        assert re.search(r"\b(tables?|figure|check)\b", purpose)
        assert {int(number) for number in re.findall(r"\b\d+\b", purpose)} <= {
            table.number for table in PUBLISHED_TABLES.values()
        }, purpose


def test_the_page_for_suppliers_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == page_text(), "run `pathways data-request`"


def test_a_column_that_may_be_empty_says_what_is_missing_without_it_unless_the_file_is_void():
    void_without = {name for extract in ALL_EXTRACTS for names in extract.one_of if len(names) == 1 for name in names}
    optional = {column.name for _, column in COLUMNS if column.null}
    assert optional - void_without <= {name for name in optional if name.lower() in MISSING_WITHOUT}
    assert set(MISSING_WITHOUT) <= {name.lower() for name in optional}


def test_nothing_is_asked_for_that_the_study_does_not_need():
    """Special categories and more that earlier versions of the contract asked for, and no step read."""
    asked = {column.name.lower() for _, column in COLUMNS}
    assert not asked & {
        "sexual",
        "pregnant",
        "prntstat",
        "childwth",
        "empstat",
        "nation",
        "drug1age",
        "injstat",
        "dualdiag",
        "ehcsc",
        "veteran",
        "plea",
        "verdict",
        "deceased_date",
        "offender_id",
        "outcome",
        "complied",
    }
    assert "ethnicity" not in EXTRACT_BY_NAME["defendant"].column_names
