"""Identity numbers of people: CRN, prison number, PNC and CRO; each number is one person's.

Belongs here: numbers by a person's place among all people, without drawing: a one-to-one map spreads them. Does not
belong here: who knows a number (mistakes.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import letters, numbered
from synthetic_extracts.people.identity_numbers import check_letters

CRNS, PRISON_NUMBERS, SERIALS, RECORD_SERIALS = 26 * 999_983, 26 * 26 * 26 * 9_973, 9_999_973, 999_983
YEARS_APART = 10


def _spread(place: np.ndarray, size: int, factor: int) -> np.ndarray:
    """A whole number below `size` for each place below it; no two are alike, as `factor` and `size` share nothing."""
    return place.astype(np.int64) * factor % size


def crns(place: np.ndarray) -> pl.Series:
    """Case Reference Numbers, a letter and six digits."""
    number = _spread(place, CRNS, 7_654_321)
    return letters(number // 999_983) + numbered("", number % 999_983, 6)


def prison_numbers(place: np.ndarray) -> pl.Series:
    """Prison numbers, a letter, four digits and two letters."""
    number = _spread(place, PRISON_NUMBERS, 48_271_909)
    pair = number // 9_973
    return letters(pair // 676) + numbered("", number % 9_973, 4) + letters(pair // 26 % 26) + letters(pair % 26)


def pnc_numbers(place: np.ndarray, year: np.ndarray) -> pl.Series:
    """Police numbers YYYY/0000000L; `year` of the first arrest."""
    serial = _spread(place, SERIALS, 1_234_567) + 1
    return numbered("", year, 4) + numbered("/", serial, 7) + check_letters(year % 100 * 10**7 + serial)


def cro_numbers(place: np.ndarray, year: np.ndarray) -> pl.Series:
    """Criminal record numbers 000000/YYL. People whose serial is alike have years apart."""
    serial = _spread(place % RECORD_SERIALS, RECORD_SERIALS, 123_457) + 1
    year = year - (year - place // RECORD_SERIALS) % YEARS_APART
    return numbered("", serial, 6) + numbered("/", year % 100, 2) + check_letters(year % 100 * 10**6 + serial)
