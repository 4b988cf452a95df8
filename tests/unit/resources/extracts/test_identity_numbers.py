"""Numbers of people in the justice systems: one form for each, and which numbers cannot be right."""

import numpy as np
import polars as pl
import pytest

from resources.extracts.values.identity_numbers import criminal_record_number, police_number, prison_number
from synthetic_extracts.people.identity_numbers import cro_numbers, noms_numbers, pnc_numbers


def _read(kind, *written: str | None) -> list:
    numbers = pl.DataFrame({"number": written}, schema={"number": pl.String})
    return numbers.select(kind(pl.col("number"))).to_series().to_list()


def test_a_police_number_has_one_form_however_it_is_written():
    written = ["2003/0011985X", "03/11985X", "20030011985X", "030011985X", "2003/11985x", "2003 / 0011985 X"]
    assert set(_read(police_number, *written)) == {"2003/0011985X"}


def test_a_year_of_two_digits_is_of_its_century():
    assert _read(police_number, "79/163001B", "1979/0163001B") == ["1979/0163001B"] * 2


def test_a_criminal_record_number_has_one_form_and_one_without_fingerprints_another():
    assert _read(criminal_record_number, "265416/21G", "265416-21g") == ["265416/21G"] * 2
    assert _read(criminal_record_number, "SF05/482703J", "SF05482703J") == ["SF05/482703J"] * 2


@pytest.mark.parametrize("wrong", ["2003/0011985Y", "2003/0011958X", "2004/0011985X", "2000/0000000Z", "", None, "X"])
def test_a_police_number_with_a_wrong_check_letter_or_none_is_no_number(wrong):
    assert _read(police_number, wrong) == [None]


@pytest.mark.parametrize("wrong", ["265416/21H", "265461/21G", "000000/00Z", "SF05/482703K", None])
def test_a_criminal_record_number_with_a_wrong_check_letter_or_none_is_no_number(wrong):
    assert _read(criminal_record_number, wrong) == [None]


def test_a_prison_number_has_one_form_and_may_have_noughts():
    assert _read(prison_number, "A1234BC", "a1234 bc", "A0000XY", "A123BC", None) == [
        "A1234BC",
        "A1234BC",
        "A0000XY",
        None,
        None,
    ]


def test_the_numbers_of_synthetic_people_are_right():
    rng, years = np.random.default_rng(7), np.arange(1960, 2020)
    for made, kind in (
        (pnc_numbers(rng, years), police_number),
        (cro_numbers(rng, years), criminal_record_number),
        (noms_numbers(rng, 60), prison_number),
    ):
        assert _read(kind, *made) == made.to_list()
