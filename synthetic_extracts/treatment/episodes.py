"""NDTMS clients and episodes, as the tables of all who are in treatment hold them.

Belongs here: what an episode and a client are, and how places are counted. Does not belong here: which there are
(cohort_episodes.py, strangers.py), and the columns of the five NDTMS tables (treatment_tables.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.recording_errors import Recorded
from synthetic_extracts.rows import Rows

ADULT, YOUNG, SECURE, YOUNG_SECURE, CJIT = range(5)
DATA_SETS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]
TRANSFERRED = 5  # an episode that ended in a transfer; 0-4 are the statuses of calibration.py
KNOWN_PLACE, NO_PLACE, HOMELESS = range(3)


@dataclass
class Episodes(Rows):
    """One row per row of the NDTMS tables. `outcome` is a status or TRANSFERRED; `end` is OPEN while it runs.

    place: KNOWN_PLACE (postcode recorded), NO_PLACE (none) or HOMELESS (dummy postcode). `authority_known` says whether
    the UTLA is filled. `after_sentence`: the person was sentenced before. `episode` is the episode key.
    """

    person: np.ndarray
    data_set: np.ndarray
    start: np.ndarray
    end: np.ndarray
    outcome: np.ndarray
    substance: np.ndarray
    sector: np.ndarray
    place: np.ndarray
    authority_known: np.ndarray
    after_sentence: np.ndarray
    episode: np.ndarray


@dataclass
class Clients:
    """NDTMS people: what is recorded of each (the same in every episode), and true person (-1: not in the cohort)."""

    held: Recorded
    person: np.ndarray
    consents: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def places_of(client: np.ndarray, episodes: Episodes) -> tuple[int, np.ndarray]:
    """Distinct places over all clients, counted as the linkage view counts them, and rows whose place is held twice.

    A place is a sector, or an authority where no sector is known. A row that says less than another row of the same
    client (same authority without a sector, or no place at all) is not a place of its own.
    """
    sectors = street_sectors()
    has_sector = (episodes.place == KNOWN_PLACE) & np.isin(episodes.data_set, [ADULT, YOUNG, CJIT])
    authority = sectors.authority[episodes.sector]
    has_authority = has_sector | episodes.authority_known
    code = np.where(has_sector, 1_000 + episodes.sector, np.where(has_authority, 1 + authority, 0))
    key = client * 100_000 + code
    _unique, first, counts = np.unique(key, return_index=True, return_counts=True)
    held = np.bincount(client, minlength=client.max() + 1)
    with_sector = np.unique(client[has_sector] * 1_000 + authority[has_sector])
    with_any = np.zeros(len(held), dtype=bool)
    with_any[client[has_authority]] = True
    says_less = np.where(
        has_sector[first],
        False,
        np.where(
            has_authority[first],
            np.isin(client[first] * 1_000 + authority[first], with_sector),
            with_any[client[first]],
        ),
    )
    repeated = np.ones(len(client), dtype=bool)
    repeated[first[~says_less | (counts == 1)]] = False
    repeated[first[says_less]] = True
    return int((~says_less).sum()), repeated
