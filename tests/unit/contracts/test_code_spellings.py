"""Codes as the source systems show them: in words, in capitals, with another dash; and what is no code."""

from datetime import date

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS
from resources.extracts.values.extract_values import read_values
from resources.extracts.values.listed_text import listed_forms

COLUMNS = {
    (extract.name, column.name): column
    for extract in ALL_EXTRACTS
    for column in extract.columns
    if column.kind == "code"
}


def _read(table: str, column: str, *written: str) -> list:
    return read_values(pl.Series(written), COLUMNS[table, column], date(2023, 3, 31)).values.to_list()


@pytest.mark.parametrize(
    ("table", "column", "written", "code"),
    [
        ("requirement", "probation_region", "YORKSHIRE & THE HUMBER", "Yorkshire and the Humber"),
        ("requirement", "probation_region", "Kent Surrey Sussex Region", "Kent, Surrey and Sussex"),
        ("requirement", "probation_region", "London", "Greater London"),
        ("requirement", "probation_region", "North\u00a0East  Region.", "North East"),
        ("requirement", "disposal_type", "SA2020 Community Order", "CO"),
        ("requirement", "disposal_type", "suspended sentence order", "SSO"),
        ("requirement", "requirement_type", "Drug Rehabilitation", "DRR"),
        ("pre_sentence_report", "type_delivered", "Pre\u2013Sentence Report \u2013 Fast", "CJF"),
        ("event_disposal", "sentencing_court_type", "Magistrates\u2019 Court", "magistrates"),
        ("case", "court_type", "CROWN COURT", "crown"),
        ("prison_spell", "spell_type", "Convicted Unsentenced", "convicted_unsentenced"),
        ("main_offence", "offence_group", "Summary non\u2011motoring.", "Summary non-motoring"),
        ("offender_address", "address_type", "Friends/Family (settled)", "A07B"),
        ("offender", "sex", "Female", "F"),
        ("adult_community", "SEX", "MALE", "M"),
        ("risk", "rsr_band", "Medium", "medium"),
    ],
)
def test_a_code_is_read_however_its_source_shows_it(table, column, written, code):
    assert _read(table, column, written) == [code]


@pytest.mark.parametrize(
    ("table", "column", "written"),
    [("requirement", "probation_region", "North"), ("case", "court_type", "county court"), ("offender", "sex", "X")],
)
def test_a_text_that_begins_like_a_code_is_none(table, column, written):
    assert _read(table, column, written) == [None]


@pytest.mark.parametrize("column", COLUMNS.values(), ids=[".".join(name) for name in COLUMNS])
def test_no_spelling_of_a_column_stands_for_two_codes(column):
    meanings = {}
    forms = listed_forms([written for written, _ in column.spelt])
    for form, (_, code) in zip(forms, column.spelt, strict=True):
        assert code in column.allowed
        assert meanings.setdefault(form, code) == code
    codes = dict(zip(listed_forms(column.allowed), column.allowed, strict=True))
    assert len(codes) == len(column.allowed)
    assert all(codes.get(form, code) == code for form, code in meanings.items())
