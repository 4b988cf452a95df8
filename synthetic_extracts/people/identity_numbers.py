"""Numbers that systems give to people and records: CRN, NOMS, PNC, CRO, NDTMS client id.

Belongs here: unique numbers in the form of their system, and which of them probation knows. Does not belong here: the
tables that hold them.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from resources.extracts.values.identity_numbers import CHECK_LETTERS
from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import labelled, letters, numbered, stream
from synthetic_extracts.prison.custody import Spells
from synthetic_extracts.sentences.cohort import Cohort


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
    return (
        letters(np.where(rng.random(size) < 0.8, 0, 6))
        + numbered("", number % 10_000, 4)
        + letters(pair // 26)
        + letters(pair % 26)
    )


def pnc_numbers(rng: np.random.Generator, first_year: np.ndarray) -> pl.Series:
    """Police numbers: year, seven digits, check letter."""
    number = unique_numbers(rng, len(first_year), 9_999_999)
    return numbered("", first_year, 4) + numbered("/", number, 7) + check_letters(first_year % 100 * 10**7 + number)


def cro_numbers(rng: np.random.Generator, first_year: np.ndarray) -> pl.Series:
    """Criminal record numbers: digits, two-digit year, check letter."""
    number = unique_numbers(rng, len(first_year), 999_999)
    year = first_year % 100
    return numbered("", number, 6) + numbered("/", year, 2) + check_letters(year * 10**6 + number)


def check_letters(number: np.ndarray) -> pl.Series:
    """Last letters of police and criminal record numbers, of year and serial number read as one number."""
    return labelled(list(CHECK_LETTERS), number % len(CHECK_LETTERS))


def client_ids(rng: np.random.Generator, size: int) -> pl.Series:
    """Pseudonyms of NDTMS clients."""
    return numbered("C", unique_numbers(rng, size, max(20 * size, 9_999_999)), 9)


@dataclass
class Identities:
    """Numbers given once and used by several tables. crn is per CRN; noms, pnc and cro are per person."""

    crn: pl.Series
    noms: pl.Series
    noms_known: np.ndarray
    pnc: pl.Series
    pnc_known: np.ndarray
    cro: pl.Series
    cro_known: np.ndarray
    event: pl.Series
    disposal: pl.Series
    requirement: pl.Series


def give_numbers(seed: int, cohort: Cohort, spells: Spells) -> Identities:
    """CRN, NOMS, PNC, CRO and the keys of events, disposals and requirements."""
    rng = stream(seed, "numbers")
    size = len(cohort.people)
    imprisoned = np.zeros(size, dtype=bool)
    imprisoned[spells.person] = True
    known_share = calibration()["prison"]["known_number_share"]
    year = np.minimum(1970 + (cohort.people.dob + 17 * 365) // 365 + rng.integers(0, 12, size), 2018)
    return Identities(
        crn=crns(rng, len(cohort.identifiers.person)),
        noms=noms_numbers(rng, size),
        noms_known=np.where(imprisoned, rng.random(size) < known_share, rng.random(size) < 0.25),
        pnc=pnc_numbers(rng, year),
        pnc_known=rng.random(size) < 0.97,
        cro=cro_numbers(rng, year),
        cro_known=rng.random(size) < 0.85,
        event=numbered("", 1_500_000_000 + rng.permutation(len(cohort.sentences)), 10),
        disposal=numbered("", 1_800_000_000 + rng.permutation(len(cohort.sentences)), 10),
        requirement=numbered("", 2_500_000_000 + rng.permutation(len(cohort.requirements.sentence)), 10),
    )
