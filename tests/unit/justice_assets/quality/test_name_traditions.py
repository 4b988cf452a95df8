"""In which tradition a name is given is told from lists, for counts alone."""

from datetime import date

import polars as pl
import pytest

from contracts.vocabulary import ETHNIC_GROUPS
from justice_assets.schemas import TABLES
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.tell_name_traditions import (
    UNLISTED,
    name_traditions,
    tradition_of_names,
    traditions_of,
)
from justice_assets.steps.quality_page.hold_out_shown import groups_behind, hold_out_grid

COMMON_IN_ENGLAND = """
SMITH BROWN TAYLOR WILSON THOMPSON WHITE WALKER ROBINSON WRIGHT HALL GREEN WOOD CLARKE JACKSON HARRIS HARRISON WARD
TURNER MARTIN COOPER HILL ALLEN BAKER COOK PARKER CARTER BENNETT PHILLIPS SCOTT KING JOHNSON WATSON ANDERSON STEWART
CAMPBELL MITCHELL MURRAY ADAMS BAILEY BARNES BELL BUTLER CHAPMAN COLLINS COX EDWARDS ELLIS FISHER FOX GIBSON GRAHAM
GRANT HARVEY HUGHES HUNT JONES KNIGHT LEE MARSHALL MASON MILLER MOORE MORRIS PALMER REYNOLDS ROBERTS RUSSELL SHAW
SIMPSON STEVENS THOMAS WEBB WILLIAMS YOUNG HOLLAND NELSON OSBORNE STANLEY
"""
COMMON_FORENAMES = """
JOHN DAVID JAMES ROBERT PAUL MARK ANDREW STEPHEN JACK OLIVER HARRY THOMAS DANIEL KEVIN BRIAN IAN NEIL ADRIAN DAMIAN
LEWIS RYAN NATHAN ADAM SARAH KAREN EMMA LAURA SOPHIE NICOLA LINDA MAUREEN SHEILA TERESA MONICA NATALIE BARBARA SANDRA
JORDAN ROY
"""


def told(forename: str | None, surname: str | None, middle: str | None = None) -> str | None:
    names = {"forename": [forename], "middle_names": [middle], "surname": [surname]}
    person = pl.LazyFrame(names, schema=dict.fromkeys(names, pl.String))
    return tradition_of_names(person).collect()["name_tradition"].item()


@pytest.mark.parametrize(
    ("forename", "surname", "tradition"),
    [
        ("RHYS", "SMITH", "Welsh"),
        ("ANN", "LLEWELLYN", "Welsh"),
        ("JOHN", "MCCARTHY", "Irish"),
        ("JOHN", "OFLAHERTY", "Irish"),
        ("MARY", "GEOGHEGAN", "Irish"),
        ("AIDAN", "SUGRUE", "Irish"),
        ("ALGIRDAS", "SMITH", "East European"),
        ("ANNA", "SZCZEPANIAK", "East European"),
        ("ANNA", "BERISHA", "East European"),
        ("ADAM", "VASILACHE", "East European"),
        ("JAMES", "OLATUNJI", "African"),
        ("GRACE", "TUMUSIIME", "African"),
        ("GRACE", "DLAMINI", "African"),
        ("DANIEL", "GEBREMEDHIN", "African"),
        ("NILESH", "JONES", "South Asian"),
        ("ASHA", "JAYAWARDENA", "South Asian"),
        ("ROBIN", "BHATTACHARYA", "South Asian"),
        ("ANNA", "KOWALSKA", "East European"),
        ("JAMES", "OKONKWO", "African"),
        ("AMY", "ZHANG", "Chinese"),
        ("HARPREET", "X", "South Asian"),
        ("ADAM", "HABIBULLAH", "Muslim"),
        ("JOHN", "SMITH", UNLISTED),
    ],
)
def test_a_tradition_is_told_by_whole_names_and_by_how_they_begin_and_end(forename, surname, tradition):
    assert told(forename, surname) == tradition


def test_the_surname_goes_before_the_forename_and_that_before_middle_names():
    assert told("RHYS", "ZHANG") == "Chinese"
    assert told("RHYS", "SMITH", "KWAME") == "Welsh"
    assert told("JOHN", "SMITH", "KWAME") == "African"


@pytest.mark.parametrize(("names", "part"), [(COMMON_IN_ENGLAND, "surname"), (COMMON_FORENAMES, "forename")])
def test_names_that_are_common_in_england_are_in_no_list(names, part):
    common = pl.Series("name", names.split())
    assert common.filter(traditions_of(common, part).is_not_null()).to_list() == []


def test_letters_that_are_the_whole_name_do_not_count_as_how_it_begins_or_ends():
    assert told("JOHN", "SKI") == UNLISTED


def test_the_first_word_that_a_list_has_counts():
    assert told("JOHN", "SMITH ZHANG KOWALSKI") == "Chinese"


def test_who_has_no_name_is_in_no_tradition():
    assert told(None, None) is None


def test_lists_hold_no_entry_twice_and_no_name_of_an_ethnic_group():
    lists = name_traditions()
    assert not lists.select("part", "how", "letters", "tradition").is_duplicated().any()
    assert {*lists["tradition"]}.isdisjoint({*ETHNIC_GROUPS})
    assert lists["letters"].str.contains("^[A-Z]+$").all()


def test_no_table_of_the_zone_has_the_tradition_of_a_record():
    assert [name for name, table in TABLES.items() if "name_tradition" in table.to_schema().columns] == []


def test_records_keep_their_order_and_few_old_or_young_are_counted_with_those_next_to_them():
    persons = pl.LazyFrame(
        {
            "source": ["crown"] * 4,
            "record_key": ["C1", "C1", "C2", "C3"],
            "name_form": [0, 1, 0, 0],
            "forename": ["RHYS", "AMY", "ANN", None],
            "middle_names": [None] * 4,
            "surname": ["ZHANG", "ZHANG", "SMITH", None],
            "sex": ["M"] * 4,
            "ethnicity": ["W1"] * 4,
            "birth_date": ["1911-01-01", "1911-01-01", "2012-01-01", None],
        },
        schema_overrides={"middle_names": pl.String},
    ).with_columns(pl.col("birth_date").str.to_date())
    dated = pl.LazyFrame({"source": ["crown"], "record_key": ["C2"], "recorded_on": [date(2023, 1, 1)]})
    found = describe_records(persons.with_columns(pnc=pl.lit(None, pl.String), cro=pl.lit(None, pl.String)), dated)
    assert found["age"].to_list() == [None, "Under 18", None]
    assert found["name_tradition"].to_list() == ["Chinese", UNLISTED, None]
    assert found["birth_decade"].to_list() == ["1940", "2000", None]


def held_out(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [("pnc", kind, group, true, found, found / true, found, 1.0) for kind, group, true, found in rows],
        schema=["number", "kind", "group", "true_pairs", "found_pairs", "recall", "linked_pairs", "precision"],
        orient="row",
    )


def test_groups_that_are_behind_are_named_with_how_far_and_those_of_few_pairs_are_not_compared():
    held = held_out(
        ("name_tradition", "Welsh", 1000, 950),
        ("name_tradition", "Chinese", 1000, 900),
        ("name_tradition", "Irish", 1000, 920),
        ("name_tradition", "African", 100, 100),
        ("sex", "M", 1000, 950),
        ("sex", "F", 1000, 940),
    )
    sex, names = groups_behind(held, 5, 30)
    assert sex == "Sex. No group is more than 3 points under the best."
    assert names.startswith("Names. Under Welsh: Chinese (5.0 points). It may be that")


def test_the_table_names_decades_of_birth_in_words():
    rows = hold_out_grid(
        held_out(("birth_decade", "1940", 100, 90), ("birth_decade", "1970", 100, 90)), "pnc", "", 5, 30
    )
    assert [row[0] for row in rows.rows] == ["Born: before 1950", "Born: 1970 to 1979"]
