"""What follows a sentence: who is on probation and in prison, under which numbers, time in custody, recalls.

Belongs here: what truly follows. Does not belong here: the tables (prison_tables.py, probation_tables.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.draws import pick, stream
from synthetic_extracts.justice.careers import COMMUNITY, CUSTODY, SUSPENDED, Cases
from synthetic_extracts.justice.people import People
from synthetic_extracts.justice.rates import rates

REMAND, SENTENCED, RECALL = range(3)


@dataclass
class Sentences:
    """A row per sentence to custody, suspended or in the community. `record` is 0 or 1: which number of its person."""

    case: np.ndarray
    person: np.ndarray
    day: np.ndarray
    outcome: np.ndarray
    days: np.ndarray
    in_crown: np.ndarray
    record: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


@dataclass
class Stays:
    """A row per stay in custody, remands first, then sentences served, then recalls.

    `sentence` is a place in Sentences, -1 of a remand. A recall says in `recalled_from` which stay it followed, others
    -1. What lies after the last day of the extracts has not happened.
    """

    person: np.ndarray
    received: np.ndarray
    released: np.ndarray
    kind: np.ndarray
    sentence: np.ndarray
    recalled_from: np.ndarray


def draw_sentences(seed: int, people: People, cases: Cases) -> Sentences:
    """Sentences that probation or prisons carry out, sorted by person and day."""
    rng, rate = stream(seed, f"justice sentences {people.block}"), rates()["systems"]
    served = (CUSTODY, SUSPENDED, COMMUNITY)
    here = np.flatnonzero(np.isin(cases.outcome, served) & (cases.sentenced >= 0))
    above = np.flatnonzero(np.isin(cases.crown_outcome, served) & (cases.crown_sentenced >= 0))
    case, crown = np.concatenate([here, above]), np.repeat([False, True], [len(here), len(above)])
    outcome = np.where(crown, cases.crown_outcome[case], cases.outcome[case])
    day = np.where(crown, cases.crown_sentenced[case], cases.sentenced[case])
    custody = np.where(crown, cases.crown_custody_days[case], cases.custody_days[case])
    order_days = pick(rng, (0.30, 0.45, 0.25), len(case)) * 183 + 182
    days = np.where(outcome == CUSTODY, custody, order_days)
    order = np.lexsort((day, cases.person[case]))
    person = cases.person[case][order]
    two = rng.random(len(people)) < rate["second_crn"]
    record = (two[person] & (rng.random(len(person)) < 0.5)).astype(np.int64)
    return Sentences(case[order], person, day[order], outcome[order], days[order], crown[order], record)


def draw_stays(seed: int, people: People, cases: Cases, sentences: Sentences) -> Stays:
    """Remands, sentences served and recalls."""
    rng, rate = stream(seed, f"justice stays {people.block}"), rates()["systems"]
    into = np.flatnonzero(sentences.outcome == CUSTODY)
    served = np.maximum(sentences.days[into] // 2, 3)
    received = sentences.day[into]
    short = sentences.days[into] < 365
    log_odds = np.where(short, -1.0, -0.7) + np.where(people.male[sentences.person[into]], 0.1, -0.3)
    recalled = rng.random(len(into)) < 1 / (1 + np.exp(-log_odds))
    released = received + served
    licence = np.maximum(sentences.days[into] - served, 365)
    back = released + 5 + (rng.exponential(0.35, len(into)).clip(0, 0.95) * licence).astype(np.int64)
    back_for = np.where(short, pick(rng, (0.7, 0.3), len(into)) * 14 + 14, rng.integers(28, 200, len(into)))
    up = np.where(cases.sent, rate["remanded_when_sent_to_crown"], rate["remanded_by_magistrates"])
    remanded = np.flatnonzero(rng.random(len(cases)) < up)
    until = cases.first_hearing[remanded] + rng.integers(5, 180, len(remanded))
    again, nobody = np.flatnonzero(recalled), np.full
    parts = (
        (cases.person[remanded], cases.first_hearing[remanded], until, REMAND, nobody(len(remanded), -1)),
        (sentences.person[into], received, released, SENTENCED, into),
        (sentences.person[into][again], back[again], (back + back_for)[again], RECALL, into[again]),
    )
    person, start, end, sentence = (np.concatenate([part[place] for part in parts]) for place in (0, 1, 2, 4))
    kind = np.concatenate([np.full(len(part[0]), part[3], dtype=np.int8) for part in parts])
    before = np.concatenate([nobody(len(remanded) + len(into), -1), len(remanded) + again])
    return _one_at_a_time(Stays(person, start, end, kind, sentence, before))


def _one_at_a_time(stays: Stays) -> Stays:
    """Nobody is in custody twice in one night: a remand ends where the next stay begins, other stays within one go."""
    order = np.lexsort((stays.released, stays.received, stays.person))
    person, received, released = stays.person[order], stays.received[order], stays.released[order].copy()
    follows = np.append(person[1:] == person[:-1], False)
    following = np.append(received[1:], 0)
    cut = follows & (stays.kind[order] == REMAND) & (following > received)
    released[cut] = np.minimum(released[cut], following[cut])
    # The latest end so far of each person, by one running maximum: people are further apart than any two days.
    apart = person.astype(np.int64) * 10**6
    ends = np.maximum.accumulate(released + apart) - apart
    within = np.append(False, follows[:-1] & (received[1:] < ends[:-1]))
    kept = np.zeros(len(order), dtype=bool)
    kept[order] = ~within
    cut_to = stays.released.copy()
    cut_to[order] = released
    first = stays.recalled_from
    kept &= (first < 0) | kept[first]
    place = np.cumsum(kept) - 1
    return Stays(
        stays.person[kept],
        stays.received[kept],
        cut_to[kept],
        stays.kind[kept],
        stays.sentence[kept],
        np.where(first < 0, -1, place[first])[kept],
    )
