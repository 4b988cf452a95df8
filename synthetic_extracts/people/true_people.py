"""True people: names' first letters, sex, date of birth, ethnicity, disorder of life, and homes over time.

Belongs here: what is true of a person. Does not belong here: what any system recorded of it.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from synthetic_extracts.calibration import calibration, ethnicity_codes
from synthetic_extracts.draws import day_number, pick
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.names import draw_initials
from synthetic_extracts.rows import Rows

FIRST_DAY = day_number(date(2016, 1, 1))
MOST_HOMES = 7
_PLACEHOLDER_DAYS = (0, -25567, -25202)  # 1970-01-01, 1900-01-01, 1901-01-01: nobody is truly born then


@dataclass
class People(Rows):
    """Arrays of one value per person; homes are n x homes (sector, first day), padded with a far future day."""

    forename: np.ndarray
    everyday: np.ndarray
    surname: np.ndarray
    male: np.ndarray
    dob: np.ndarray
    ethnicity: np.ndarray
    disorder: np.ndarray
    home_sector: np.ndarray
    home_start: np.ndarray

    def home_at(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Number of the home (0, 1, ...) of `person` on `day`."""
        return np.maximum((self.home_start[person] <= day[:, None]).sum(axis=1) - 1, 0)

    def sector_at(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Sector in which `person` lives on `day`."""
        return self.home_sector[person, self.home_at(person, day)]


def draw_people(
    rng: np.random.Generator,
    male: np.ndarray,
    dob: np.ndarray,
    disorder: np.ndarray,
    region_shares: dict[str, float],
    last_day: int,
    most_homes: int = MOST_HOMES,
) -> People:
    """People with the given sex, birth and disorder; homes from FIRST_DAY to `last_day`."""
    size = len(male)
    codes, weights, _, groups = ethnicity_codes()
    ethnicity = pick(rng, weights, size)
    group = np.array(groups)[ethnicity]
    code = np.array(codes)[ethnicity]
    tradition = (
        (group == "Asian")
        | (group == "Other")
        | ((code == "W9") & (rng.random(size) < 0.7))
        | ((group == "Black") & (rng.random(size) < 0.4))
    )
    forename, everyday, surname = draw_initials(rng, male, tradition)
    homes = calibration()["homes"]
    sectors = street_sectors()
    moves = np.minimum(
        rng.poisson(
            homes["moves_mean"] * np.exp(homes["disorder_growth"] * disorder - homes["disorder_growth"] ** 2 / 2)
        ),
        most_homes - 1,
    )
    sector = np.empty((size, most_homes), dtype=np.int64)
    sector[:, 0] = sectors.draw_in_regions(rng, region_shares, size)
    start = np.full((size, most_homes), last_day + 100_000, dtype=np.int64)
    start[:, 0] = FIRST_DAY - 3000
    for number in range(1, most_homes):
        moved = moves >= number
        sector[:, number] = np.where(
            moved,
            sectors.move(rng, sector[:, number - 1], homes["within_authority"], homes["within_region"]),
            sector[:, number - 1],
        )
        start[moved, number] = rng.integers(FIRST_DAY, last_day, int(moved.sum()))
    start.sort(axis=1)
    dob = np.where(np.isin(dob, _PLACEHOLDER_DAYS), dob + 1, dob)
    return People(forename, everyday, surname, male, dob, ethnicity, disorder, sector, start)
