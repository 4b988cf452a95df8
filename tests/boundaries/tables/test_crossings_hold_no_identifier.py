"""What crosses into the modelling zone identifies nobody."""

import pytest

from contracts.crossings import CROSSINGS

IDENTIFIERS = {
    "crn",
    "requirement_id",
    "noms_number",
    "pnc_number",
    "cro_number",
    "client_id",
    "clientid",
    "forename_initial",
    "surname_initial",
    "dob",
    "postcode",
    "postcode_sector",
    "utla_code",
    "event_id",
    "disposal_date",
    "notes",
    "note_text",
}
OF_MODELLING = {"modelling_assets", "publication_assets"}
INTO_MODELLING = [name for name, crossing in CROSSINGS.items() if OF_MODELLING & {*crossing.read_by}]


@pytest.mark.parametrize("table", INTO_MODELLING)
def test_no_table_that_modelling_reads_has_an_identifier_column(table):
    columns = CROSSINGS[table].table.to_schema().columns
    assert not IDENTIFIERS & {name.lower() for name in columns}


@pytest.mark.parametrize("table", INTO_MODELLING)
def test_no_table_that_modelling_reads_has_an_exact_date(table):
    types = {str(column.dtype) for column in CROSSINGS[table].table.to_schema().columns.values()}
    assert not any("date" in kind.lower() for kind in types)


def test_substance_use_has_no_key_of_the_analysis_file_and_says_nothing_else_of_a_person():
    columns = set(CROSSINGS["substance_use"].table.to_schema().columns)
    assert columns == {
        "person_key",
        "substance",
        "requirement_type",
        "treatment_status",
        "already_in_treatment",
        "main_problem",
        "days_at_start",
        "days_at_last",
        "last_stage",
        "synthetic",
    }


def test_quarter_of_sentence_and_local_authority_are_on_no_record_that_crosses_but_counted_without_a_key():
    columns = CROSSINGS["requirement_counts"].table.to_schema().columns
    numbers = {"requirements", "linked", "followed_in_full", "reconvicted_in_full"}
    assert set(columns) - numbers == {"grouping", "requirement_type", "region", "level", "synthetic"}
    assert {str(columns[name].dtype) for name in numbers} == {"Int32"}
    of_records = [
        name for name, crossing in CROSSINGS.items() if "requirement_key" in crossing.table.to_schema().columns
    ]
    for table in of_records:
        assert not any("quarter" in name or "authority" in name for name in CROSSINGS[table].table.to_schema().columns)


def test_the_note_request_does_not_say_who_was_linked():
    columns = CROSSINGS["note_request"].table.to_schema().columns
    assert not any("link" in name for name in columns)


@pytest.mark.parametrize("table", CROSSINGS)
def test_every_column_that_crosses_has_a_meaning(table):
    assert all(column.description for column in CROSSINGS[table].table.to_schema().columns.values())
