"""NDTMS episodes of the cohort: true journeys cut into episodes, earlier journeys, CJIT contacts, treatment in custody.

Belongs here: which episodes exist, and where the service thinks the person lives. Does not belong here: people outside
the cohort (strangers.py), and the columns of the tables (treatment_tables.py).
"""

from dataclasses import dataclass

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
from synthetic_extracts.people.recording_errors import error_factor
from synthetic_extracts.people.true_people import People
from synthetic_extracts.prison.custody import Spells
from synthetic_extracts.rows import Rows, together
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.episodes import (
    ADULT,
    CJIT,
    HOMELESS,
    KNOWN_PLACE,
    NO_PLACE,
    SECURE,
    TRANSFERRED,
    YOUNG,
    YOUNG_SECURE,
    Episodes,
)
from synthetic_extracts.treatment.journeys import OPEN, Treatment


@dataclass
class _Stays(Rows):
    """One row per stay with a service: as Episodes."""

    person: np.ndarray
    data_set: np.ndarray
    start: np.ndarray
    end: np.ndarray
    outcome: np.ndarray
    after_sentence: np.ndarray


def cohort_episodes(
    seed: int, cohort: Cohort, treatment: Treatment, supervision: Supervision, spells: Spells
) -> Episodes:
    """All NDTMS rows of people of the cohort, refusers included, in order of person and start."""
    rng = stream(seed, "episodes")
    usual_kind = np.zeros(len(cohort.people), dtype=np.int64)
    usual_kind[cohort.sentences.person[::-1]] = cohort.sentences.kind[::-1]
    substance = pick_rows(rng, by_type(calibration()["journey"]["substance"])[usual_kind])
    journeys = together([_after_sentence(rng, treatment), _earlier(rng, cohort, treatment)])
    journeys = _cut_into_episodes(rng, cohort.end, journeys)
    journeys.data_set = _community_services(rng, cohort.people, journeys)
    stays = together([journeys, *_contacts_and_custody(rng, cohort, supervision, spells)])
    stays.end = np.where((stays.end != OPEN) & (stays.end < stays.start), stays.start, stays.end)
    stays = stays.take(stays.start <= np.minimum(cohort.end, supervision.death_day[stays.person]))
    stays = stays.take(np.lexsort((stays.start, stays.person)))
    sector, place = _place(rng, cohort, stays.person, stays.start)
    known = (place == KNOWN_PLACE) | (rng.random(len(stays)) < 0.9)
    return Episodes(
        stays.person,
        stays.data_set,
        stays.start,
        stays.end,
        np.where(stays.end == OPEN, REMAINED, stays.outcome),
        substance[stays.person],
        sector,
        place,
        known,
        stays.after_sentence,
        np.arange(len(stays)),
    )


def _after_sentence(rng: np.random.Generator, treatment: Treatment) -> _Stays:
    journeys, size = treatment.journeys, len(treatment.journeys)
    share = calibration()["journey"]["transfer_share"]
    transferred = (journeys.status == DROPPED) & (rng.random(size) < share)
    outcome = np.where(transferred, TRANSFERRED, journeys.status)
    after, data_set = np.ones(size, dtype=bool), np.full(size, ADULT)
    return _Stays(journeys.person, data_set, journeys.start, journeys.end, outcome, after)


def _earlier(rng: np.random.Generator, cohort: Cohort, treatment: Treatment) -> _Stays:
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
    before, data_set = np.zeros(len(person), dtype=bool), np.full(len(person), ADULT)
    return _Stays(person, data_set, start, end, outcome, before).take(adult)


def _cut_into_episodes(rng: np.random.Generator, last_day: int, journeys: _Stays) -> _Stays:
    """Cut some journeys into episodes no more than 21 days apart; the last one carries the outcome of the journey."""
    share = calibration()["journey"]["two_episode_share"]
    for again in (1.0, 0.4):
        until = np.minimum(journeys.end, last_day)
        cut = (until - journeys.start > 90) & (rng.random(len(journeys)) < share * again)
        rows = np.flatnonzero(cut)
        second = journeys.take(rows)
        length = until[rows] - second.start
        stop = second.start + np.floor(length * rng.uniform(0.25, 0.70, len(rows))).astype(np.int64)
        second.start = np.maximum(stop + rng.integers(-8, 22, len(rows)), second.start + 1)
        journeys.end[rows] = stop
        journeys.outcome[rows] = np.array([TRANSFERRED, DROPPED, COMPLETED])[pick(rng, [0.6, 0.3, 0.1], len(rows))]
        journeys = together([journeys, second])
    return journeys


def _community_services(rng: np.random.Generator, people: People, stays: _Stays) -> np.ndarray:
    """Data set of each stay: of the young, some are with a service for young people."""
    age = (stays.start - people.dob[stays.person]) / 365.2425
    share = np.where(age < 18, 1.0, calibration()["journey"]["young_service_share"])
    return np.where((age < 21) & (rng.random(len(stays)) < share), YOUNG, ADULT)


def _contacts_and_custody(
    rng: np.random.Generator, cohort: Cohort, supervision: Supervision, spells: Spells
) -> list[_Stays]:
    """Contacts with a CJIT, and treatment in some of the spells in custody."""
    contact = np.flatnonzero(supervision.in_cjit)
    held = spells.take(rng.random(len(spells)) < calibration()["other_treatment"]["secure_share"])
    begun = held.reception + rng.integers(0, 8, len(held))
    seen = supervision.cjit_day[contact]
    until = np.where(rng.random(len(contact)) < 0.12, OPEN, seen + rng.integers(0, 90, len(contact)))
    until = np.where(until > cohort.end, OPEN, until)
    after, before = np.ones(len(contact), dtype=bool), np.zeros(len(held), dtype=bool)
    person, data_set = cohort.sentences.person[contact], np.full(len(contact), CJIT)
    contacts = _Stays(person, data_set, seen, until, pick(rng, [0.3, 0, 0.7], len(contact)), after)
    young = (held.reception - cohort.people.dob[held.person]) / 365.2425 < 18
    secure = np.where(young, YOUNG_SECURE, SECURE)
    outcome = pick(rng, [0.3, 0, 0.4], len(held))
    return [contacts, _Stays(held.person, secure, begun, held.release, outcome, before)]


def _place(
    rng: np.random.Generator, cohort: Cohort, person: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sector on file and whether a postcode is held: former homes, relatives' homes, no fixed abode, nothing."""
    sentences = cohort.sentences
    rates, people = calibration()["errors"]["ndtms"], cohort.people
    factor = error_factor(people, person)
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
