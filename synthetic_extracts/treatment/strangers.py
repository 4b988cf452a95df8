"""People in NDTMS who were never sentenced to an ATR or DRR: nearly all of NDTMS.

Belongs here: their clients and episodes, with exactly the wanted number of people and of places.
Does not belong here: people of the cohort (episodes.py).
"""

from dataclasses import replace

import numpy as np

from synthetic_extracts.calibration import COMPLETED, DIED, DROPPED, PRISON, REMAINED, calibration
from synthetic_extracts.draws import pick, stream
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.recording_errors import record
from synthetic_extracts.people.true_people import draw_people
from synthetic_extracts.treatment.episodes import (
    ADULT,
    CJIT,
    KNOWN_PLACE,
    SECURE,
    TRANSFERRED,
    YOUNG,
    YOUNG_SECURE,
    Clients,
    Episodes,
    joined,
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


def stranger_clients_and_episodes(
    seed: int, count: int, extra_places: int, end: int, first_triage: int = FIRST_TRIAGE
) -> tuple[Clients, Episodes]:
    """`count` consenting clients with `count` + `extra_places` distinct places; episode rows in order of client.

    Their first episodes start between `first_triage` and `end`. `person` of the episodes is the number of the client.
    Raises ValueError when there are not enough clients with a known address to give the extra places to.
    """
    rng = stream(seed, "strangers")
    settings = calibration()["strangers"]
    home = pick(
        rng,
        [settings[name] for name in ("adult_community", "yp_community", "adult_secure", "yp_secure", "cjit")],
        count,
    )
    substance = np.where(
        home == YOUNG, pick(rng, [0.02, 0.68, 0.22, 0.08], count), pick(rng, settings["substance"], count)
    )
    length = 15 + np.floor(rng.gamma(1.1, np.array([300, 130, 150, 160])[substance])).astype(np.int64)
    length = np.minimum(length, LONGEST)
    start = first_triage + np.floor(rng.random(count) ** 0.85 * (end - first_triage + 1)).astype(np.int64)
    age = rng.normal(AGE[substance, 0], AGE[substance, 1])
    age = np.where((age < 18) | (age > 84), rng.uniform(18.0, 62.0, count), age)
    age = np.where(np.isin(home, [YOUNG, YOUNG_SECURE]), rng.triangular(13.0, 16.6, 18.9, count), age)
    dob = start - np.ceil(age * 365.2425).astype(np.int64)
    male = rng.random(count) < settings["male_share"] + np.where(home == SECURE, 0.25, 0.0)
    shares = {**calibration()["cohort"]["region"], "Wales": 0.003}
    people = draw_people(
        stream(seed, "stranger people"), male, dob, rng.normal(0, 1, count), shares, 16_801, end, most_homes=1
    )
    held = record(rng, people, np.arange(count), "ndtms")
    clients = Clients(held, np.full(count, -1), np.ones(count, dtype=bool))
    place = pick(rng, [0.91, 0.05, 0.04], count)
    sector = people.home_sector[:, 0]

    first = _rows(rng, np.arange(count), home, start, length, substance, sector, place, end)
    parts = [first, *_moves(rng, first, extra_places, end)]
    for name, data_set in (("also_secure", SECURE), ("also_cjit", CJIT)):
        rows = np.flatnonzero((home == ADULT) & (rng.random(count) < settings[name]))
        begun = np.minimum(start[rows] + rng.integers(-300, 900, len(rows)), end - 1)
        begun = np.maximum(begun, dob[rows] + 6_600)
        parts.append(
            _rows(
                rng,
                rows,
                np.full(len(rows), data_set),
                begun,
                length[rows] // 2,
                substance[rows],
                sector[rows],
                place[rows],
                end,
            )
        )
    again = np.flatnonzero(
        (home <= YOUNG)
        & (first.end != OPEN)
        & (first.outcome != DIED)
        & (rng.random(count) < settings["further_episodes"])
    )
    begun = first.end[again] + 1 + np.floor(rng.exponential(260, len(again))).astype(np.int64)
    again, begun = again[begun < end], begun[begun < end]
    age_then = (begun - dob[again]) / 365.2425
    data_set = np.where((home[again] == YOUNG) & (age_then < 19), YOUNG, ADULT)
    grown = (data_set == YOUNG) | (age_then >= 18)
    again, begun, data_set = again[grown], begun[grown], data_set[grown]
    parts.append(_rows(rng, again, data_set, begun, length[again], substance[again], sector[again], place[again], end))
    rows = joined(parts)
    rows = rows.take(np.lexsort((rows.start, rows.person)))
    return clients, replace(rows, episode=_episode_keys(rows))


def _rows(
    rng: np.random.Generator,
    client: np.ndarray,
    data_set: np.ndarray,
    start: np.ndarray,
    length: np.ndarray,
    substance: np.ndarray,
    sector: np.ndarray,
    place: np.ndarray,
    end: int,
) -> Episodes:
    size = len(client)
    over = start + length
    over = np.where(over > end, OPEN, over)
    outcome = np.array(OUTCOMES)[_by_substance(rng, substance)]
    outcome = np.where(over == OPEN, REMAINED, outcome)
    return Episodes(
        client,
        data_set,
        start,
        over,
        outcome,
        substance,
        sector,
        place,
        np.ones(size, dtype=bool),
        np.zeros(size, dtype=bool),
        np.full(size, -1),
    )


def _by_substance(rng: np.random.Generator, substance: np.ndarray) -> np.ndarray:
    steps = np.cumsum(OUTCOME_WEIGHTS, axis=1)
    steps /= steps[:, -1:]
    return np.minimum((steps[substance] <= rng.random(len(substance))[:, None]).sum(axis=1), len(OUTCOMES) - 1)


def _moves(rng: np.random.Generator, first: Episodes, extra_places: int, end: int) -> list[Episodes]:
    """Rows with another place: half are the same episode at a new address, half a later episode."""
    able = np.flatnonzero((first.place == KNOWN_PLACE) & np.isin(first.data_set, [ADULT, YOUNG]))
    twice = min(extra_places // 8, len(able))
    once = extra_places - 2 * twice
    if twice + once > len(able):
        raise ValueError(f"{extra_places} further addresses do not fit {len(able)} people with a known address")
    movers = rng.choice(able, twice + once, replace=False)
    second = _elsewhere(rng, first.sector[movers], first.sector[movers])
    third = _elsewhere(rng, second[:twice], first.sector[movers[:twice]])
    moved = []
    for rows, sector in ((movers, second), (movers[:twice], third)):
        part = first.take(rows)
        same_episode = (part.end == OPEN) | (rng.random(len(rows)) < 0.5)
        gap = 25 + np.floor(rng.exponential(300, len(rows))).astype(np.int64)
        begun = np.where(same_episode, part.start, part.end + gap)
        same_episode |= begun >= end
        begun = np.where(same_episode, part.start, begun)
        later = _rows(
            rng,
            rows,
            part.data_set,
            begun,
            np.minimum(part.end - part.start, LONGEST),
            part.substance,
            sector,
            part.place,
            end,
        )
        data_set = np.where(same_episode, part.data_set, ADULT)
        moved.append(
            replace(
                later,
                data_set=data_set,
                end=np.where(same_episode, part.end, later.end),
                outcome=np.where(same_episode, part.outcome, later.outcome),
            )
        )
    return moved


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
