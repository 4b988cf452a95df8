"""Numbers that systems give to people and records: CRN, NOMS, PNC, CRO, NDTMS client id.

Belongs here: writing a unique number in the form of its system. Does not belong here: who has one.
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import letters, numbered


def unique_numbers(rng: np.random.Generator, size: int, upper: int) -> np.ndarray:
    """`size` different numbers below `upper`, in random order."""
    return rng.choice(upper, size, replace=False)


def crns(rng: np.random.Generator, size: int) -> pl.Series:
    """Case Reference Numbers: letter and six digits."""
    number = unique_numbers(rng, size, 4_000_000)
    return letters(np.array([3, 4, 9, 23])[number // 1_000_000]) + numbered("", number % 1_000_000, 6)


def noms_numbers(rng: np.random.Generator, size: int) -> pl.Series:
    """Prison numbers: letter, four digits, two letters."""
    number = unique_numbers(rng, size, 10_000 * 676)
    pair = number // 10_000
    return letters(np.where(rng.random(size) < 0.8, 0, 6)) + numbered("", number % 10_000, 4) + letters(pair // 26) + letters(pair % 26)


def pnc_numbers(rng: np.random.Generator, first_year: np.ndarray) -> pl.Series:
    """Police numbers: year, seven digits, letter."""
    number = unique_numbers(rng, len(first_year), 9_999_999)
    return numbered("", first_year, 4) + numbered("/", number, 7) + letters(number % 23)


def cro_numbers(rng: np.random.Generator, first_year: np.ndarray) -> pl.Series:
    """Criminal record numbers: digits, two-digit year, letter."""
    number = unique_numbers(rng, len(first_year), 999_999)
    return numbered("", number, 6) + numbered("/", first_year % 100, 2) + letters(number % 23)


def client_ids(rng: np.random.Generator, size: int) -> pl.Series:
    """Pseudonyms of NDTMS clients."""
    return numbered("C", unique_numbers(rng, size, max(20 * size, 9_999_999)), 9)
