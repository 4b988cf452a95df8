"""Identifiers and attributes stand in separate tables, and only the key, which holds neither, joins them.

The extracts themselves are as their suppliers send them; these are the tables that the zone makes of them.
"""

import itertools

import polars as pl
import pytest

from contracts.crossings import CROSSINGS
from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.definitions import defs
from linkage_assets.schemas import TABLES

QUARTER = "2023Q1"
# Parts of column names: a column is an identifier when its name, split at "_", has such a part or pair of parts.
IDENTIFIERS = {
    "crn",
    "noms",
    "pnc",
    "cro",
    "dob",
    "initial",
    "initials",
    "forename",
    "surname",
    "postcode",
    "sector",
    "utla",
    "easting",
    "northing",
    "record_id",
    "person_id",
    "client_id",
    "clientid",
    "cluster_id",
    "requirement_id",
    "disposal_id",
    "event_id",
    "case_id",
    "defendant_id",
    "result_id",
    "offence_id",
    "booking_id",
    "report_id",
}
# Needed on both sides, each under its own name for it: comparing people, and describing them.
ON_BOTH_SIDES = {"sex", "linkable"}
KEY = "person_key"
# The key, the same at a lower threshold for the sensitivity analysis, and that of complete records for the choices.
KEYS = {KEY, "wider_key", "complete_key"}
BESIDE_THE_KEY = {
    "probation_attributes",
    "pre_sentence_reports",
    "prison_receptions",
    "court_appearances",
    "treatment_episodes",
    "treatment_journeys",
    "combined_requirements",
    "analysed_requirements",
    "threshold_links",
    "outcome_forms",
    "substance_changes",
    "complete_people",
}
# MoJ's own keys with the window of the notes, for MoJ: without any other attribute.
NOTE_REQUEST = {"window_start", "window_end", "terminated"}
MADE_HERE = sorted(set(TABLES) - {extract.name for extract in LINKAGE_EXTRACTS} - set(CROSSINGS))


def columns_of(table: str) -> set[str]:
    return set(TABLES[table].to_schema().columns)


def is_identifier(column: str) -> bool:
    parts = column.lower().split("_")
    return bool(IDENTIFIERS & {*parts, *map("_".join, itertools.pairwise(parts))})


ATTRIBUTES = {
    column for table in BESIDE_THE_KEY for column in columns_of(table) if not column.endswith("_pseudonym")
} - ON_BOTH_SIDES


@pytest.mark.parametrize("table", sorted(BESIDE_THE_KEY))
def test_a_table_of_attributes_has_no_identifier(table):
    assert not {column for column in columns_of(table) if is_identifier(column)}


@pytest.mark.parametrize("table", sorted(BESIDE_THE_KEY))
def test_a_table_of_attributes_knows_people_by_pseudonyms_alone(table):
    assert any(column.endswith("_pseudonym") for column in columns_of(table))


@pytest.mark.parametrize("table", MADE_HERE)
def test_a_table_with_an_identifier_has_no_attribute(table):
    columns = columns_of(table)
    identifiers = {column for column in columns if is_identifier(column)}
    assert not identifiers or not columns & ATTRIBUTES, f"{table} has {identifiers} with {columns & ATTRIBUTES}"


@pytest.mark.parametrize("table", MADE_HERE)
def test_no_table_joins_the_two_sides_but_the_key(table):
    sides = {"person_pseudonym", "client_pseudonym"}
    assert (sides <= columns_of(table)) == (table in KEYS)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_key_holds_two_pseudonyms_the_probability_and_the_run_and_nothing_else(key):
    assert columns_of(key) == {"person_pseudonym", "client_pseudonym", "match_probability", "run_id"}


def test_the_note_request_has_no_attribute_but_the_window_of_the_notes():
    request = set(CROSSINGS["note_request"].table.to_schema().columns)
    assert not request & ATTRIBUTES
    assert {column for column in request if not is_identifier(column)} == {"requirement_key", *NOTE_REQUEST}


def test_the_combined_requirements_are_made_of_attributes_and_the_key_only():
    graph = defs().resolve_asset_graph()
    for table in ("combined_requirements", "choice_effects", "threshold_links", "substance_changes"):
        parents = {
            key.path[-1]
            for key in graph.get(next(k for k in graph.materializable_asset_keys if k.path[-1] == table)).parent_keys
        }
        assert parents <= BESIDE_THE_KEY | KEYS, parents


@pytest.mark.parametrize(
    ("other_key", "reader"),
    [
        ("wider_key", "threshold_links"),
        ("complete_key", "choice_effects"),
    ],
)
def test_another_key_than_the_studys_is_read_by_nothing_but_what_it_is_made_for(other_key, reader):
    graph = defs().resolve_asset_graph()
    readers = {
        key.path[-1]
        for key in graph.materializable_asset_keys
        for parent in graph.get(key).parent_keys
        if parent.path[-1] == other_key
    }
    # linkage_receipts reads the receipts of all tables, and no row of any.
    assert readers - {"linkage_receipts"} == {reader}


def test_an_identifier_column_is_recognised_by_its_name():
    for column in (
        "crn",
        "dob",
        "dob_year",
        "forename_initial",
        "postcode_sector",
        "client_cluster_id",
        "CLIENTID",
        "offender_record_id",
        "noms_number",
    ):
        assert is_identifier(column), column
    for column in ("requirement_pseudonym", "disposal_date", "recorded_court", "offence_code", "run_id"):
        assert not is_identifier(column), column


def test_no_identifier_of_any_person_stands_in_a_table_of_attributes_or_in_the_key(small_quarter):
    folder = small_quarter / "linkage" / QUARTER
    sources = {
        "offender": ["crn", "noms_number", "pnc_number", "cro_number"],
        "requirement": ["requirement_id"],
        "standardised_clients": ["person_id", "dob"],
        "case": ["case_id"],
    }
    identifiers = pl.concat(
        pl.read_parquet(folder / f"{table}.parquet")[column].cast(pl.String).drop_nulls().rename("value")
        for table, columns in sources.items()
        for column in columns
    ).unique()
    for table in sorted(BESIDE_THE_KEY | KEYS):
        frame = pl.read_parquet(folder / f"{table}.parquet")
        for column, kind in frame.schema.items():
            if kind == pl.String:
                assert not frame[column].is_in(identifiers.implode()).any(), f"{table}.{column}"
