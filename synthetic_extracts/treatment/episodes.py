"""NDTMS episodes of the cohort: true journeys cut into episodes, earlier journeys, CJIT contacts, treatment in custody.

Belongs here: which episodes exist and where the service thinks the person lives. Does not belong here: the columns of
the five NDTMS tables (treatment_records.py) and people outside the cohort (strangers.py).
"""

from dataclasses import dataclass, fields

import numpy as np

from synthetic_extracts.calibration import (
    COMPLETED,
    DROPPED,
    NO_FIXED_ADDRESS,
    PRISON,
    REMAINED,
    ROUGH,
    by_type,
    calibration,
)
from synthetic_extracts.draws import pick, pick_rows, stream
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.recording_errors import Recorded, record
from synthetic_extracts.people.true_people import People
from synthetic_extracts.prison.custody import Spells
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.journeys import OPEN, Treatment

ADULT, YOUNG, SECURE, YOUNG_SECURE, CJIT = range(5)
DATA_SETS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]
TRANSFERRED = 5  # an episode that ended in a transfer; 0-4 are the statuses of calibration.py
KNOWN_PLACE, NO_PLACE, HOMELESS = range(3)


@dataclass
class Episodes:
    """One value per row of the NDTMS tables. `outcome` is a status or TRANSFERRED; `end` is OPEN while it runs.

    place: KNOWN_PLACE (postcode recorded), NO_PLACE (none) or HOMELESS (dummy postcode). `authority_known` says whether
    the UTLA is filled. `of_cohort`: the person is on probation. `episode` is the episode key.
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

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: np.ndarray) -> "Episodes":
        """The given rows, in that order."""
        return Episodes(*(getattr(self, item.name)[rows] for item in fields(self)))


def joined(parts: list[Episodes]) -> Episodes:
    """Episodes one after another."""
    return Episodes(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Episodes)))


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
    unique, first, counts = np.unique(key, return_index=True, return_counts=True)
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


def cohort_episodes(
    seed: int, cohort: Cohort, treatment: Treatment, supervision: Supervision, spells: Spells
) -> Episodes:
    """All NDTMS rows of people of the cohort, refusers included, in order of person and start."""
    sentences = cohort.sentences
    rng = stream(seed, "episodes")
    settings = calibration()["journey"]
    people = cohort.people
    usual_kind = np.zeros(len(people), dtype=np.int64)
    usual_kind[sentences.person[::-1]] = sentences.kind[::-1]
    substance = pick_rows(rng, by_type(settings["substance"])[usual_kind])
    person, start, end, outcome = _after_sentence(rng, cohort, treatment)
    after = np.ones(len(person), dtype=bool)
    earlier = _earlier(rng, cohort, treatment)
    person, start, end, outcome = (
        np.concatenate(pair) for pair in zip((person, start, end, outcome), earlier, strict=True)
    )
    after = np.append(after, np.zeros(len(earlier[0]), dtype=bool))
    person, start, end, outcome, after = _cut_into_episodes(rng, cohort.end, person, start, end, outcome, after)
    age = (start - people.dob[person]) / 365.2425
    young = (age < 21) & (rng.random(len(person)) < np.where(age < 18, 1.0, settings["young_service_share"]))
    data_set = np.where(young, YOUNG, ADULT)

    contact = np.flatnonzero(supervision.in_cjit)
    held = np.flatnonzero(rng.random(len(spells.person)) < calibration()["other_treatment"]["secure_share"])
    person = np.concatenate([person, sentences.person[contact], spells.person[held]])
    start = np.concatenate(
        [start, supervision.cjit_day[contact], spells.reception[held] + rng.integers(0, 8, len(held))]
    )
    until = np.where(
        rng.random(len(contact)) < 0.12, OPEN, supervision.cjit_day[contact] + rng.integers(0, 90, len(contact))
    )
    end = np.concatenate([end, np.where(until > cohort.end, OPEN, until), spells.release[held]])
    data_set = np.concatenate(
        [
            data_set,
            np.full(len(contact), CJIT),
            np.where((spells.reception[held] - people.dob[spells.person[held]]) / 365.2425 < 18, YOUNG_SECURE, SECURE),
        ]
    )
    outcome = np.concatenate([outcome, pick(rng, [0.3, 0, 0.7], len(contact)), pick(rng, [0.3, 0, 0.4], len(held))])
    after = np.concatenate([after, np.ones(len(contact), dtype=bool), np.zeros(len(held), dtype=bool)])
    keep = start <= np.minimum(cohort.end, supervision.death_day[person])
    end = np.where((end != OPEN) & (end < start), start, end)
    order = np.flatnonzero(keep)[np.lexsort((start[keep], person[keep]))]
    person, start = person[order], start[order]
    sector, place = _place(rng, cohort, person, start)
    size = len(order)
    known = (place == KNOWN_PLACE) | (rng.random(size) < 0.9)
    return Episodes(
        person,
        data_set[order],
        start,
        end[order],
        np.where(end[order] == OPEN, REMAINED, outcome[order]),
        substance[person],
        sector,
        place,
        known,
        after[order],
        np.arange(size),
    )


def _after_sentence(
    rng: np.random.Generator, cohort: Cohort, treatment: Treatment
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    journeys = treatment.journeys
    transferred = (journeys.status == DROPPED) & (
        rng.random(len(journeys.person)) < calibration()["journey"]["transfer_share"]
    )
    return journeys.person, journeys.start, journeys.end, np.where(transferred, TRANSFERRED, journeys.status)


def _earlier(
    rng: np.random.Generator, cohort: Cohort, treatment: Treatment
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Journeys that were over before the first sentence: they must not count."""
    sentences = cohort.sentences
    shares = calibration()["journey"]["earlier_journey_share"]
    treated = np.zeros(len(cohort.people), dtype=bool)
    treated[treatment.journeys.person] = True
    first_day = np.full(len(cohort.people), OPEN)
    np.minimum.at(first_day, sentences.person, sentences.day)
    np.minimum.at(first_day, treatment.journeys.person, treatment.journeys.start)
    wales = np.zeros(len(cohort.people), dtype=bool)
    wales[sentences.person[sentences.wales]] = True
    share = np.where(treated, shares["structured"], np.where(wales, 0.01, shares["other"]))
    person = np.flatnonzero(rng.random(len(share)) < share)
    end = first_day[person] - 40 - np.floor(rng.exponential(500, len(person))).astype(np.int64)
    start = end - 20 - np.floor(rng.gamma(1.3, 160, len(person))).astype(np.int64)
    adult = (start - cohort.people.dob[person]) / 365.2425 >= 15
    outcome = np.array([COMPLETED, DROPPED, PRISON, TRANSFERRED])[pick(rng, [0.38, 0.42, 0.15, 0.05], len(person))]
    return person[adult], start[adult], end[adult], outcome[adult]


def _cut_into_episodes(
    rng: np.random.Generator,
    last_day: int,
    person: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    outcome: np.ndarray,
    after: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut some journeys into episodes no more than 21 days apart; the last one carries the outcome of the journey."""
    share = calibration()["journey"]["two_episode_share"]
    for again in (1.0, 0.4):
        until = np.minimum(end, last_day)
        cut = (until - start > 90) & (rng.random(len(person)) < share * again)
        rows = np.flatnonzero(cut)
        length = (until - start)[rows]
        stop = start[rows] + np.floor(length * rng.uniform(0.25, 0.70, len(rows))).astype(np.int64)
        resume = np.maximum(stop + rng.integers(-8, 22, len(rows)), start[rows] + 1)
        first_outcome = np.array([TRANSFERRED, DROPPED, COMPLETED])[pick(rng, [0.6, 0.3, 0.1], len(rows))]
        person, after = np.append(person, person[rows]), np.append(after, after[rows])
        end, outcome = np.append(end, end[rows]), np.append(outcome, outcome[rows])
        start = np.append(start, resume)
        end[rows], outcome[rows] = stop, first_outcome
    return person, start, end, outcome, after


def _place(
    rng: np.random.Generator, cohort: Cohort, person: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sector on file and whether a postcode is held: former homes, relatives' homes, no fixed abode, nothing."""
    sentences = cohort.sentences
    rates, people = calibration()["errors"]["ndtms"], cohort.people
    growth = calibration()["errors"]["disorder_growth"]
    factor = np.exp(growth * people.disorder[person] - growth**2 / 2)
    size = len(person)
    home = people.home_at(person, day)
    former = rng.random(size) < rates["former_home"] * factor
    sector = people.home_sector[person, np.where(former, np.maximum(home - 1, 0), home)]
    relative = rng.random(size) < rates["relatives_home"] * factor
    sector = np.where(relative, street_sectors().move(rng, sector, 1.0, 0.0), sector)
    key = sentences.person * 1_000_000 + sentences.day
    nearest = np.clip(np.searchsorted(key, person * 1_000_000 + day), 0, len(key) - 1)
    nearest = np.where(sentences.person[nearest] == person, nearest, np.maximum(nearest - 1, 0))
    homeless = np.isin(sentences.accommodation[nearest], [NO_FIXED_ADDRESS, ROUGH]) & (
        np.abs(sentences.day[nearest] - day) < 400
    )
    homeless &= rng.random(size) < rates["no_fixed_abode_when_homeless"]
    missing = rng.random(size) < rates["postcode_missing"] * factor
    return sector, np.where(homeless, HOMELESS, np.where(missing, NO_PLACE, KNOWN_PLACE))


@dataclass
class Clients:
    """NDTMS people: what is recorded of each (the same in every episode), and true person (-1: not in the cohort)."""

    held: Recorded
    person: np.ndarray
    consents: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def cohort_clients(seed: int, people: People, episodes: Episodes) -> tuple[Clients, np.ndarray]:
    """Clients of the cohort and the client of each episode. A few people have two CLIENTIDs; a few do not consent."""
    rng = stream(seed, "clients")
    rates = calibration()["errors"]["ndtms"]
    known, position = np.unique(episodes.person, return_inverse=True)
    held = np.bincount(position)
    middle = np.cumsum(held) - held
    rank = np.arange(len(episodes)) - middle[position]
    split = (held >= 2) & (rng.random(len(known)) < rates["split_identity"] * 2)
    second = split[position] & (rank >= (held // 2)[position])
    client = np.where(second, len(known) + np.cumsum(split)[position] - 1, position)
    person = np.append(known, known[split])
    first_record = record(rng, people, known, "ndtms")
    # Two ids come about because what was typed the second time differs.
    second_record = record(rng, people, known[split], "ndtms", more=6.0)
    merged = Recorded(
        *(np.append(getattr(first_record, f.name), getattr(second_record, f.name)) for f in fields(Recorded))
    )
    refuses = rng.random(len(known)) < rates["refuses"]
    return Clients(merged, person, ~np.append(refuses, refuses[split])), client
