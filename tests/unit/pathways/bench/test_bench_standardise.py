"""Fields of unknown files in one form: dates, postcodes, sex and names as people write them."""

import polars as pl
import pytest

from pathways.bench.linkage import standardise

NOTHING = pl.Series("v", ["1980-03-04"])


def dates(*values):
    return standardise.dates((pl.Series("v", values), NOTHING))[0].to_list()


@pytest.mark.parametrize(
    "written",
    [
        "1980-03-04",
        "19800304",
        "04/03/1980",
        "4.3.1980",
        "4 Mar 1980",
        "04-MAR-1980",
        "4th March 1980",
        "March 4, 1980",
        "1980/3/4",
        "1980-03-04 00:00:00",
        "1980-03-04T12:30:00Z",
        "04/03/80",
        "04031980",
    ],
)
def test_a_date_is_read_however_it_is_written(written):
    assert dates(written) == ["1980-03-04"]


def test_an_impossible_date_is_kept_because_its_characters_still_tell():
    assert dates("19801341", "1980-02-31") == ["1980-13-41", "1980-02-31"]


def test_a_part_that_is_not_given_is_zero():
    assert dates("1980", "1980-03") == ["1980-00-00", "1980-03-00"]


def test_what_is_no_date_is_missing():
    assert dates("unknown", "", None, "12") == [None, None, None, None]


def test_a_file_that_shows_itself_month_first_is_read_so():
    assert dates("03/04/1980", "12/25/1980") == ["1980-03-04", "1980-12-25"]
    assert dates("03/04/1980", "25/12/1980") == ["1980-04-03", "1980-12-25"]


def test_uk_postcodes_are_cut_to_what_both_files_give():
    whole = pl.Series("v", ["LS2 9JT", "ls29jt", "M1 1AE"])
    sectors = pl.Series("v", ["LS2 9", "M1 1", "LS2 9"])
    fine, near, wide = standardise.postcodes((whole, sectors))
    assert [series.to_list() for series in fine] == [["LS29", "LS29", "M11"], ["LS29", "M11", "LS29"]]
    assert near[0].to_list() == ["LS2", "LS2", "M1"]
    assert wide[0].to_list() == ["LS", "LS", "M"]
    assert standardise.postcodes((whole, whole))[0][0].to_list() == ["LS29JT", "LS29JT", "M11AE"]


def test_digits_get_back_the_zeros_that_a_spreadsheet_took():
    fine, near, wide = standardise.postcodes((pl.Series("v", ["02139", "90210", "1005"]), pl.Series("v", ["2139.0"])))
    assert fine[0].to_list() == ["02139", "90210", "01005"]
    assert fine[1].to_list() == ["02139"]
    assert (near[1].to_list(), wide[1].to_list()) == (["0213"], ["021"])


def test_sex_is_one_coding_when_both_files_use_a_usual_one():
    left, right = standardise.sexes((pl.Series("v", ["Male", "f", "9"]), pl.Series("v", ["1", "2.0", None])))
    assert (left.to_list(), right.to_list()) == (["M", "F", None], ["M", "F", None])
    left, _ = standardise.sexes((pl.Series("v", ["x", "y"]), pl.Series("v", ["y", "x"])))
    assert left.to_list() == ["X", "Y"]


def test_names_lose_accents_and_marks():
    assert standardise.name(pl.Series("v", ["Siân ", "O'Neill", "anne-marie", "-"])).to_list() == [
        "SIAN",
        "ONEILL",
        "ANNEMARIE",
        None,
    ]


@pytest.mark.parametrize(
    ("whole", "forename", "surname"),
    [
        ("Mr John A Smith", "JOHN", "SMITH"),
        ("Smith, John A", "JOHN", "SMITH"),
        ("Cher", "CHER", None),
        ("Thomas Clifford, 1st Baron", "THOMAS", "CLIFFORD"),
        (None, None, None),
    ],
)
def test_a_whole_name_is_split(whole, forename, surname):
    parts = standardise.split_name(pl.Series("v", [whole], dtype=pl.String))
    assert (parts[0].to_list(), parts[1].to_list()) == ([forename], [surname])
