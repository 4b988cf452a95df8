"""Slips of typing do what their names say, and nothing else."""

from datetime import date

import numpy as np
import polars as pl

from synthetic_extracts.draws import day_number, day_of, stream
from synthetic_extracts.people.mistyped_dates import day_month_swapped, one_digit_slip, wrong_year
from synthetic_extracts.people.recording_errors import untidy


def days(*texts: str) -> np.ndarray:
    return np.array([day_number(date.fromisoformat(text)) for text in texts])


def texts(numbers: np.ndarray) -> list[str]:
    return [day_of(number).isoformat() for number in numbers]


def test_a_one_digit_slip_changes_exactly_one_character():
    birth = days("1984-03-07", "1971-12-31", "1990-10-10", "1966-02-28").repeat(50)
    slipped = texts(one_digit_slip(stream(1, "slip"), birth))
    differences = [
        sum(a != b for a, b in zip(old, new, strict=True)) for old, new in zip(texts(birth), slipped, strict=True)
    ]
    assert set(differences) == {1}


def test_day_and_month_are_exchanged_only_where_that_is_a_date():
    assert texts(day_month_swapped(stream(1, "swap"), days("1984-03-07", "1984-03-25"))) == ["1984-07-03", "1984-03-25"]


def test_a_wrong_year_keeps_day_and_month_and_stays_within_ten_years():
    birth = days("1984-03-07").repeat(200)
    result = [day_of(number) for number in wrong_year(stream(1, "year"), birth)]
    assert {(day.month, day.day) for day in result} == {(3, 7)}
    assert max(abs(day.year - 1984) for day in result) == 10
    assert 1984 not in {day.year for day in result}


def test_a_leap_day_with_a_wrong_year_stays_a_date():
    result = texts(wrong_year(stream(1, "leap"), days("1984-02-29").repeat(100)))
    assert all(text.endswith("-02-29") for text in result)


def test_untidy_postcodes_are_the_same_postcode_once_tidied():
    typed = untidy(stream(1, "typed"), pl.Series(["LS1 4AB"] * 200), share=0.9)
    assert typed.n_unique() == 5
    assert set(typed.str.to_uppercase().str.replace_all(" ", "")) == {"LS14AB"}


def test_a_postcode_cut_to_the_sector_keeps_the_sector():
    assert set(untidy(stream(1, "cut"), pl.Series(["LS1 4AB"] * 5), share=0.0, cut_to_sector=1.0)) == {"LS1 4"}
    cut = untidy(stream(1, "cut"), pl.Series(["LS1 4AB"] * 200), share=0.9, cut_to_sector=1.0)
    assert set(cut.str.strip_chars().str.to_uppercase()) == {"LS1 4"}, "without its space it would be district LS14"
