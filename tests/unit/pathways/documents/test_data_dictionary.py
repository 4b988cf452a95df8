"""docs/data-dictionary.md: every column of every table, with its unit, and what crosses."""

import re
from fnmatch import fnmatchcase

import pytest

from contracts.crossings import CROSSINGS
from pathways.documents.column_units import UNITS, UnitNotStated, unit_of
from pathways.documents.data_dictionary import PAGE, ZONES, page_text
from resources.zone.schema_check import column_meanings

TEXT = page_text()
PARTS = dict(
    zip(re.findall("^## (.+)$", TEXT, re.MULTILINE), re.split("^## .+$", TEXT, flags=re.MULTILINE)[1:], strict=True)
)


def part_of(table: str) -> str:
    """What the page says of a table."""
    return TEXT.partition(f"### {table}\n")[2].partition("\n### ")[0]


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == TEXT, "run `python -m pathways.documents.data_dictionary`"


def test_every_column_of_every_table_of_a_zone_has_a_row_with_a_meaning():
    for zone, tables in ZONES.items():
        headings = re.findall("^### (.+)$", PARTS[zone], re.MULTILINE)
        assert headings == list(tables)
        for name, table in tables.items():
            lines = [line for line in part_of(name).splitlines() if line.startswith("|")][2:]
            rows = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines]
            assert [row[0] for row in rows] == list(column_meanings(table)), name
            assert [row[0] for row in rows if len(row) != 5 or not row[4].strip()] == [], name


def test_a_row_says_type_unit_values_and_whether_it_may_be_empty():
    rows = part_of("anonymised_requirements").splitlines()
    assert any(row.startswith("| days_to_treatment | Int32 | days | may be | days from disposal to ") for row in rows)
    assert any(row.startswith("| requirement_type | text | ATR; DRR |  | ") for row in rows)
    assert "| keywords | text |  |  | keywords found, in the order of the published list, joined by \\| |" in TEXT


def test_exactly_the_tables_that_cross_are_said_to_by_the_zone_that_makes_them():
    said = {(zone, name) for zone, tables in ZONES.items() for name in tables if "**Crosses**" in part_of(name)}
    assert said == {(crossing.made_by, name) for name, crossing in CROSSINGS.items()}
    assert "**Crosses** from `linkage_assets` to `nlp_assets`: " in part_of("note_request")


def test_a_number_without_a_unit_is_refused_and_named():
    with pytest.raises(UnitNotStated, match=r"^table link_counts, column furlongs: .* without a unit; state it in "):
        unit_of("link_counts", "furlongs")


def test_a_name_has_the_unit_that_is_stated_for_its_table_first():
    assert unit_of("people_linkage", "expected_false") == "0 to 1"
    assert unit_of("linkage_errors", "expected_false") == "expected count"


def test_every_name_of_the_list_of_units_is_that_of_a_column():
    columns = [
        (name, column)
        for tables in ZONES.values()
        for name, table in tables.items()
        for column in column_meanings(table)
    ]
    listed = [name for names in UNITS.values() for name in names.split()]
    assert [
        name
        for name in listed
        if not any(fnmatchcase(f"{table}.{column}" if "." in name else column, name) for table, column in columns)
    ] == []
