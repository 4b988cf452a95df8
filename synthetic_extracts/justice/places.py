"""Where people live, on any day, and postcodes of prisons, hostels and solicitors that stand in place of a home.

Belongs here: postcodes. Does not belong here: how badly one is typed (mistakes.py).

Nothing is kept of addresses: household, day and seed give the postcode, the same whoever asks.
"""

from functools import cache

import numpy as np
import polars as pl

from synthetic_extracts.draws import pick, stream, uniform_by_key
from synthetic_extracts.people.geography import UNIT_LETTERS, street_sectors

DAYS_AT_AN_ADDRESS = 1000
PRISONS, HOSTELS, SOLICITORS = 118, 104, 4000  # about as many as there are; solicitors: A
UNITS = 170  # of a sector that are lived in


def address_number(seed: int, household: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Which of a household's addresses it lives at on a day; the first is 0 around 1970."""
    offset = uniform_by_key(seed, "justice moves", household, 1)[:, 0] * DAYS_AT_AN_ADDRESS
    return ((day + offset + 10 * DAYS_AT_AN_ADDRESS) // DAYS_AT_AN_ADDRESS).astype(np.int64)


def home_sector(seed: int, household: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Place of the sector of an address among the street sectors: four in five moves stay in the authority."""
    sectors = street_sectors()
    base = uniform_by_key(seed, "justice homes", household, 1)[:, 0]
    steps = np.cumsum(sectors.weight) / sectors.weight.sum()
    first = np.minimum(np.searchsorted(steps, base, side="right"), len(steps) - 1)
    moved = uniform_by_key(seed, "justice addresses", household * 512 + number % 512, 2)
    authority = sectors.authority[first]
    near = sectors.authority_start[authority] + (moved[:, 1] * sectors.authority_size[authority]).astype(np.int64)
    far = np.minimum(np.searchsorted(steps, moved[:, 1], side="right"), len(steps) - 1)
    return np.where(moved[:, 0] < 0.8, near, far)


def court_areas(letter: str, seed: int, household: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Number of the court of the area where somebody lives on a day: of a magistrates' court ("M"), one for an
    authority; of the Crown Court ("C"), a few for a region.
    """
    sectors = street_sectors()
    sector = home_sector(seed, household, address_number(seed, household, day))
    authority = sectors.authority[sector]
    return authority if letter == "M" else sectors.region[sector] * 10 + authority % 7


def home_postcodes(seed: int, household: np.ndarray, number: np.ndarray) -> pl.Series:
    """Whole postcodes of addresses."""
    unit = (uniform_by_key(seed, "justice units", household * 512 + number % 512, 1)[:, 0] * UNITS).astype(np.int64)
    return _postcodes(home_sector(seed, household, number), unit)


def institution_postcodes(rng: np.random.Generator, size: int, hostel_share: float = 0.3) -> pl.Series:
    """Postcodes of prisons and of hostels (approved premises), of which each is many people's."""
    known = _of_institutions()
    hostel = rng.random(size) < hostel_share
    place = np.where(hostel, PRISONS + rng.integers(0, HOSTELS, size), rng.integers(0, PRISONS, size))
    return known.gather(place.astype(np.uint32))


def solicitor_postcodes(rng: np.random.Generator, size: int) -> pl.Series:
    """Postcodes of solicitors, of whom some act for many."""
    place = (SOLICITORS * rng.random(size) ** 2).astype(np.int64) + PRISONS + HOSTELS
    return _of_institutions().gather(place.astype(np.uint32))


@cache
def _of_institutions() -> pl.Series:
    rng, count = stream(0, "justice institutions"), PRISONS + HOSTELS + SOLICITORS
    return _postcodes(pick(rng, street_sectors().weight, count), rng.integers(UNITS, 2 * UNITS, count))


def _postcodes(sector: np.ndarray, unit: np.ndarray) -> pl.Series:
    letters = [f"{first}{second}" for first in UNIT_LETTERS for second in UNIT_LETTERS]
    # Units of a sector are not in the order of letters.
    return street_sectors().column("sector", sector) + pl.Series(letters).gather((unit * 7 % 400).astype(np.uint32))
