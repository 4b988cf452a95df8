"""People in NDTMS who were never sentenced to an ATR or DRR: nearly all of NDTMS.

Belongs here: their clients and episodes, with exactly the wanted number of people and of places.
Does not belong here: people of the cohort (cohort_episodes.py).
"""

from dataclasses import dataclass, replace

import numpy as np

from synthetic_extracts.calibration import COMPLETED, DIED, DROPPED, PRISON, REMAINED, calibration
from synthetic_extracts.draws import pick, stream
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.recording_errors import record
from synthetic_extracts.people.true_people import draw_people
from synthetic_extracts.rows import Rows, together
from synthetic_extracts.treatment.episodes import (
    ADULT,
    CJIT,
    DATA_SETS,
    KNOWN_PLACE,
    SECURE,
    TRANSFERRED,
    YOUNG,
    YOUNG_SECURE,
    Clients,
    Episodes,
)
from synthetic_extracts.treatment.journeys import OPEN

AGE = np.array([[41.5, 8.5], [32.0, 9.5], [37.0, 10.5], [46.0, 11.5]])  # mean and spread by substance
OUTCOMES = [COMPLETED, DROPPED, PRISON, DIED, TRANSFERRED]
OUTCOME_WEIGHTS = np.array(
    [
        [0.26, 0.45, 0.13, 0.03, 0.13],
        [0.55, 0.37, 0.03, 0.003, 0.05],
        [0.52, 0.38, 0.04, 0.005, 0.055],
        [0.58, 0.34, 0.01, 0.015, 0.055],
    ]
)
FIRST_TRIAGE = 16_400  # November 2014
LONGEST = 2_500
ALSO = {"also_secure": SECURE, "also_cjit": CJIT}


@dataclass
class _Strangers(Rows):
    """One row per stranger: number of the client, data set, substance, first day, length of an episode in days, day of
    birth, sector and place (as Episodes)."""

    client: np.ndarray
    home: np.ndarray
    substance: np.ndarray
    start: np.ndarray
    length: np.ndarray
    dob: np.ndarray
    sector: np.ndarray
    place: np.ndarray


def stranger_clients_and_episodes(
    seed: int, count: int, extra_places: int, end: int, first_triage: int = FIRST_TRIAGE
) -> tuple[Clients, Episodes]:
    """`count` consenting clients with `count` + `extra_places` distinct places; episode rows in order of client.

    Their first episodes start between `first_triage` and `end`. `person` of the episodes is the number of the client.
    Raises ValueError when there are not enough clients with a known address to give the extra places to.
    """
    rng = stream(seed, "strangers")
    who, clients = _strangers(seed, rng, count, end, first_triage)
    first = _rows(rng, who, who.home, who.start, who.length, end)
    moved = _moves(rng, who, first, extra_places, end)
    besides = [_besides(rng, who, name, data_set, end) for name, data_set in ALSO.items()]
    rows = together([first, *moved, *besides, _again(rng, who, first, end)])
    rows = rows.take(np.lexsort((rows.start, rows.person)))
    return clients, replace(rows, episode=_episode_keys(rows))


def _strangers(
    seed: int, rng: np.random.Generator, count: int, end: int, first_triage: int
) -> tuple[_Strangers, Clients]:
    """Who comes to which service when, for what, and how NDTMS holds them."""
    settings = calibration()["strangers"]
    home = pick(rng, [settings[name] for name in DATA_SETS], count)
    of_the_young = pick(rng, [0.02, 0.68, 0.22, 0.08], count)
    substance = np.where(home == YOUNG, of_the_young, pick(rng, settings["substance"], count))
    length = 15 + np.floor(rng.gamma(1.1, np.array([300, 130, 150, 160])[substance])).astype(np.int64)
    start = first_triage + np.floor(rng.random(count) ** 0.85 * (end - first_triage + 1)).astype(np.int64)
    age = rng.normal(AGE[substance, 0], AGE[substance, 1])
    age = np.where((age < 18) | (age > 84), rng.uniform(18.0, 62.0, count), age)
    age = np.where(np.isin(home, [YOUNG, YOUNG_SECURE]), rng.triangular(13.0, 16.6, 18.9, count), age)
    dob = start - np.ceil(age * 365.2425).astype(np.int64)
    male = rng.random(count) < settings["male_share"] + np.where(home == SECURE, 0.25, 0.0)
    shares = {**calibration()["cohort"]["region"], "Wales": 0.003}
    people = draw_people(stream(seed, "stranger people"), male, dob, rng.normal(0, 1, count), shares, end, most_homes=1)
    everybody = np.arange(count)
    clients = Clients(record(rng, people, everybody, "ndtms"), np.full(count, -1), np.ones(count, dtype=bool))
    place = pick(rng, [0.91, 0.05, 0.04], count)
    length, sector = np.minimum(length, LONGEST), people.home_sector[:, 0]
    return _Strangers(everybody, home, substance, start, length, dob, sector, place), clients


def _besides(rng: np.random.Generator, who: _Strangers, name: str, data_set: int, end: int) -> Episodes:
    """An episode in another data set of some adults: in custody, or with a CJIT."""
    some = who.take((who.home == ADULT) & (rng.random(len(who)) < calibration()["strangers"][name]))
    begun = np.minimum(some.start + rng.integers(-300, 900, len(some)), end - 1)
    begun = np.maximum(begun, some.dob + 6_600)
    return _rows(rng, some, np.full(len(some), data_set), begun, some.length // 2, end)


def _again(rng: np.random.Generator, who: _Strangers, first: Episodes, end: int) -> Episodes:
    """A further episode of some whose first is over; those who have grown up are with adults' services then."""
    over = (who.home <= YOUNG) & (first.end != OPEN) & (first.outcome != DIED)
    rows = np.flatnonzero(over & (rng.random(len(who)) < calibration()["strangers"]["further_episodes"]))
    begun = first.end[rows] + 1 + np.floor(rng.exponential(260, len(rows))).astype(np.int64)
    back, begun = who.take(rows[begun < end]), begun[begun < end]
    age = (begun - back.dob) / 365.2425
    data_set = np.where((back.home == YOUNG) & (age < 19), YOUNG, ADULT)
    fits = (data_set == YOUNG) | (age >= 18)
    back = back.take(fits)
    return _rows(rng, back, data_set[fits], begun[fits], back.length, end)


def _rows(
    rng: np.random.Generator, who: _Strangers, data_set: np.ndarray, start: np.ndarray, length: np.ndarray, end: int
) -> Episodes:
    size = len(who)
    over = start + length
    over = np.where(over > end, OPEN, over)
    outcome = np.array(OUTCOMES)[_by_substance(rng, who.substance)]
    return Episodes(
        person=who.client,
        data_set=data_set,
        start=start,
        end=over,
        outcome=np.where(over == OPEN, REMAINED, outcome),
        substance=who.substance,
        sector=who.sector,
        place=who.place,
        authority_known=np.ones(size, dtype=bool),
        after_sentence=np.zeros(size, dtype=bool),
        episode=np.full(size, -1),
    )


def _by_substance(rng: np.random.Generator, substance: np.ndarray) -> np.ndarray:
    steps = np.cumsum(OUTCOME_WEIGHTS, axis=1)
    steps /= steps[:, -1:]
    return np.minimum((steps[substance] <= rng.random(len(substance))[:, None]).sum(axis=1), len(OUTCOMES) - 1)


def _moves(rng: np.random.Generator, who: _Strangers, first: Episodes, extra_places: int, end: int) -> list[Episodes]:
    """Rows with another place: half are the same episode at a new address, half a later episode."""
    able = np.flatnonzero((first.place == KNOWN_PLACE) & np.isin(first.data_set, [ADULT, YOUNG]))
    twice = min(extra_places // 8, len(able))
    once = extra_places - 2 * twice
    if twice + once > len(able):
        raise ValueError(f"{extra_places} further addresses do not fit {len(able)} people with a known address")
    movers = rng.choice(able, twice + once, replace=False)
    second = _elsewhere(rng, first.sector[movers], first.sector[movers])
    third = _elsewhere(rng, second[:twice], first.sector[movers[:twice]])
    return [
        _moved(rng, replace(who.take(rows), sector=sector), first.take(rows), end)
        for rows, sector in ((movers, second), (movers[:twice], third))
    ]


def _moved(rng: np.random.Generator, who: _Strangers, before: Episodes, end: int) -> Episodes:
    """A row at the new place of each of `who`, whose first episode is that of `before`."""
    same_episode = (before.end == OPEN) | (rng.random(len(who)) < 0.5)
    gap = 25 + np.floor(rng.exponential(300, len(who))).astype(np.int64)
    begun = np.where(same_episode, before.start, before.end + gap)
    same_episode |= begun >= end
    begun = np.where(same_episode, before.start, begun)
    later = _rows(rng, who, before.data_set, begun, np.minimum(before.end - before.start, LONGEST), end)
    return replace(
        later,
        data_set=np.where(same_episode, before.data_set, ADULT),
        end=np.where(same_episode, before.end, later.end),
        outcome=np.where(same_episode, before.outcome, later.outcome),
    )


def _elsewhere(rng: np.random.Generator, sector: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A sector that is neither `sector` nor `other`."""
    sectors = street_sectors()
    settings = calibration()["homes"]
    new = sectors.move(rng, sector, settings["within_authority"], settings["within_region"])
    while (same := (new == sector) | (new == other)).any():
        new[same] = sectors.move(rng, sector[same], 0.3, 0.7)
    return new


def _episode_keys(rows: Episodes) -> np.ndarray:
    """One key per episode; rows of the same client, data set and dates are one episode at several addresses."""
    same = (
        (rows.person[1:] == rows.person[:-1])
        & (rows.start[1:] == rows.start[:-1])
        & (rows.end[1:] == rows.end[:-1])
        & (rows.data_set[1:] == rows.data_set[:-1])
    )
    return np.cumsum(~np.append(False, same)) - 1
