"""What the page of holdings says of a table is what its columns say."""

from importlib import import_module

import pytest

from contracts.crossings import CROSSINGS
from contracts.holdings import ABOUT, CARE, HOLDINGS, TABLES

SCHEMAS = {package: import_module(f"{package}.schemas").TABLES for package in CARE}
ALL = {name: table for tables in SCHEMAS.values() for name, table in tables.items()}
LISTED = [table for by_content in TABLES.values() for tables in by_content.values() for table in tables]
# Columns that name or number a person or a record of a source, and keys that stand for one.
IDENTIFIERS = {"crn", "client_id", "CLIENTID", "dob", "postcode", "requirement_id", "event_id", "cluster_id"}
PSEUDONYMS = {"person_pseudonym", "client_pseudonym", "requirement_pseudonym", "note_hash"}


def columns_of(table: str) -> set[str]:
    return set(ALL[table].to_schema().columns)


@pytest.mark.parametrize("package", CARE)
def test_every_table_of_a_package_is_listed_there_and_no_other(package):
    listed = [table for tables in TABLES[package].values() for table in tables]
    assert sorted(listed) == sorted(SCHEMAS[package])


def test_no_table_holds_two_kinds_of_content():
    assert len(LISTED) == len(set(LISTED))


@pytest.mark.parametrize("table", LISTED)
def test_a_table_with_identifiers_notes_or_pseudonyms_is_said_to_hold_them(table):
    columns, content = columns_of(table), ABOUT[table].content
    if columns & IDENTIFIERS:
        assert content in {"identifiers", "keys", "case_notes"}
    elif columns & {"note_text", "notes"} and not columns & {"requirements"}:
        assert content == "case_notes"
    elif columns & PSEUDONYMS:
        assert content in {"keys", "pseudonymised"}
    elif "requirement_key" in columns:
        assert content == "anonymised"


@pytest.mark.parametrize("table", LISTED)
def test_a_table_has_an_owner_a_basis_and_an_end_and_what_is_of_people_is_not_kept_for_good(table):
    said = ABOUT[table]
    assert said.owner and said.words and said.legal_basis and said.retention
    if HOLDINGS[said.content].of_people:
        assert said.legal_basis.startswith("UK GDPR")
        assert table in CROSSINGS or said.retention.startswith(("Until", "As long"))


def test_every_kind_of_content_is_held_by_some_table():
    assert {about.content for about in ABOUT.values()} == set(HOLDINGS)
