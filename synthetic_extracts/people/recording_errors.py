"""How systems come to hold something else than what is true: slips, short names, old addresses, untidy postcodes.

Belongs here: one person's true values in, what one system recorded out. Does not belong here: which tables they go to.
Rates are in calibration.toml [errors.<system>]; each grows with the person's disorder, so errors cluster in people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration, ethnicity_codes
from synthetic_extracts.draws import labelled, pick
from synthetic_extracts.people.mistyped_dates import (
    PLACEHOLDERS,
    another_date,
    day_month_swapped,
    one_digit_slip,
    wrong_year,
)
from synthetic_extracts.people.names import SURNAME_LETTERS
from synthetic_extracts.people.true_people import People
from synthetic_extracts.rows import Rows

MISSING = -1
FORENAME_LETTER_WEIGHTS = [
    80,
    30,
    65,
    75,
    25,
    12,
    30,
    20,
    12,
    125,
    60,
    60,
    75,
    30,
    10,
    45,
    1,
    60,
    80,
    50,
    1,
    15,
    20,
    1,
    5,
    5,
]
Happens = Callable[[str], np.ndarray]  # whether an error of that name happens, per record
UNKNOWN_ETHNICITY_PROBATION = ["NS", "NS", "Z1", "UN", "MERGE", "ETH04", "ETH05"]


@dataclass
class Recorded(Rows):
    """What one system holds of each person: letter codes (MISSING: empty), dob as day number with `has_dob`."""

    forename: np.ndarray
    surname: np.ndarray
    dob: np.ndarray
    has_dob: np.ndarray
    sex: np.ndarray
    ethnicity: np.ndarray

    @property
    def has_initials(self) -> np.ndarray:
        """Both initials are filled."""
        return (self.forename != MISSING) & (self.surname != MISSING)

    @property
    def real_dob(self) -> np.ndarray:
        """The date of birth is filled and no placeholder."""
        return self.has_dob & ~np.isin(self.dob, PLACEHOLDERS)


def record(rng: np.random.Generator, people: People, person: np.ndarray, system: str, more: float = 1.0) -> Recorded:
    """What `system` ("ndelius", "ndtms") holds of each `person` (one record each). `more` multiplies every rate.

    sex: 0 male, 1 female, 2 not known. ethnicity: index of the 18+1 codes drawn, MISSING when not known.
    """
    rates = calibration()["errors"][system]
    size = len(person)
    factor = error_factor(people, person) * more

    def happens(name: str) -> np.ndarray:
        return rng.random(size) < np.minimum(rates[name] * factor, 0.9)

    forename, surname = _initials(rng, people.take(person), happens)
    dob, has_dob = _date_of_birth(rng, people.dob[person], happens)
    sex = np.where(people.male[person] ^ happens("sex_wrong"), 0, 1)
    sex = np.where(happens("sex_unknown"), 2, sex)
    ethnicity = np.where(
        happens("ethnicity_other"), _neighbouring_ethnicity(rng, people.ethnicity[person]), people.ethnicity[person]
    )
    ethnicity = np.where(happens("ethnicity_unknown"), MISSING, ethnicity)
    return Recorded(forename, surname, dob, has_dob, sex, ethnicity)


def error_factor(people: People, person: np.ndarray) -> np.ndarray:
    """How much more often than usual errors are made with each person: 1 on average."""
    growth = calibration()["errors"]["disorder_growth"]
    return np.exp(growth * people.disorder[person] - growth**2 / 2)


def _initials(rng: np.random.Generator, people: People, happens: Happens) -> tuple[np.ndarray, np.ndarray]:
    size = len(people)
    everyday = people.everyday
    forename = np.where((everyday >= 0) & happens("everyday_forename"), everyday, people.forename)
    other_letters = pick(rng, FORENAME_LETTER_WEIGHTS, size)
    forename = np.where(happens("middle_forename"), other_letters, forename)
    forename = np.where(happens("forename_slip"), pick(rng, FORENAME_LETTER_WEIGHTS, size), forename)
    surname_letters = pick(rng, list(SURNAME_LETTERS.values()), size)
    changed = happens("surname_alias") | (~people.male & happens("surname_changed_female"))
    surname = np.where(changed, surname_letters, people.surname)
    surname = np.where(happens("surname_slip"), pick(rng, list(SURNAME_LETTERS.values()), size), surname)
    swapped = happens("swapped_initials")
    forename, surname = np.where(swapped, surname, forename), np.where(swapped, forename, surname)
    empty = happens("initials_missing")
    return np.where(empty, MISSING, forename), np.where(empty, MISSING, surname)


def _date_of_birth(rng: np.random.Generator, true: np.ndarray, happens: Happens) -> tuple[np.ndarray, np.ndarray]:
    dob = true.copy()
    for name, change in (
        ("dob_one_digit", one_digit_slip),
        ("dob_swapped", day_month_swapped),
        ("dob_wrong_year", wrong_year),
        ("dob_other", another_date),
    ):
        rows = np.flatnonzero(happens(name))
        dob[rows] = change(rng, dob[rows])
    placeholder = happens("dob_placeholder")
    dob = np.where(placeholder, PLACEHOLDERS[pick(rng, [0.75, 0.15, 0.10], len(dob))], dob)
    return dob, ~happens("dob_missing")


def _neighbouring_ethnicity(rng: np.random.Generator, ethnicity: np.ndarray) -> np.ndarray:
    codes, weights, _, groups = ethnicity_codes()
    any_other = pick(rng, weights**0.4, len(ethnicity))
    same_group = np.array([[a == b for b in groups] for a in groups], dtype=float) * weights**0.3 + 1e-6
    steps = np.cumsum(same_group, axis=1)
    near = (steps[ethnicity] <= (rng.random(len(ethnicity)) * steps[ethnicity, -1])[:, None]).sum(axis=1)
    return np.where(rng.random(len(ethnicity)) < 0.6, np.minimum(near, len(codes) - 1), any_other)


@cache
def _probation_labels() -> list[str]:
    return [*ethnicity_codes()[0], *UNKNOWN_ETHNICITY_PROBATION]


def probation_ethnicity(rng: np.random.Generator, ethnicity: np.ndarray) -> pl.Series:
    """18+1 code; not known is empty or one of the codes that say so."""
    labels = [*_probation_labels(), ""]
    unknown = len(ethnicity_codes()[0]) + rng.integers(0, len(UNKNOWN_ETHNICITY_PROBATION) + 1, len(ethnicity))
    return labelled(labels, np.where(ethnicity == MISSING, unknown, ethnicity))


def treatment_ethnicity(rng: np.random.Generator, ethnicity: np.ndarray) -> pl.Series:
    """NHS letter; not known is Z or empty."""
    labels = [*ethnicity_codes()[2], "Z", ""]
    unknown = len(ethnicity_codes()[2]) + (rng.random(len(ethnicity)) < 0.3)
    return labelled(labels, np.where(ethnicity == MISSING, unknown, ethnicity))


def untidy(rng: np.random.Generator, postcode: pl.Series, share: float, cut_to_sector: float = 0.0) -> pl.Series:
    """Postcodes as people type them: cut to the sector, lower case, without space unless cut, with spaces around."""
    size = len(postcode)
    typed = (
        pl.DataFrame(
            {
                "code": postcode,
                "cut": rng.random(size) < cut_to_sector,
                "how": np.where(rng.random(size) < share, rng.integers(1, 5, size), 0),
            }
        )
        .select(
            pl.when("cut")
            .then(pl.col("code").str.slice(0, pl.col("code").str.len_chars() - 2))
            .otherwise("code")
            .alias("code"),
            # A sector without its space would be read as a district: LS1 4 and LS14.
            how=pl.when(pl.col("cut") & pl.col("how").is_in([2, 4])).then(1).otherwise("how"),
        )
        .select(
            pl.when(pl.col("how") == 1)
            .then(pl.col("code").str.to_lowercase())
            .when(pl.col("how") == 2)
            .then(pl.col("code").str.replace(" ", ""))
            .when(pl.col("how") == 3)
            .then(pl.format(" {} ", pl.col("code")))
            .when(pl.col("how") == 4)
            .then(pl.col("code").str.to_lowercase().str.replace(" ", ""))
            .otherwise("code")
            .alias("code")
        )
    )
    return typed["code"]
