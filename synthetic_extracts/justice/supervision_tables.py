"""The extracts of probation on release and after: releases and recalls, licence conditions, services, contacts.

Belongs here: what probation recorded of the time after a sentence. Does not belong here: the sentence itself
(probation_tables.py), stays in custody (sentences.py).
"""

from datetime import date

import numpy as np
import polars as pl

from contracts.sources.justice import codes
from synthetic_extracts.draws import dates, day_number, labelled, numbered, pick, stream, where
from synthetic_extracts.justice.careers import CUSTODY
from synthetic_extracts.justice.people import People
from synthetic_extracts.justice.probation_tables import Caseload, crns
from synthetic_extracts.justice.sentences import RECALL, SENTENCED, Sentences, Stays

THROUGH_THE_GATE = day_number(date(2015, 5, 1))  # since when every release is prepared
NOT_YET = 10**6
PANDEMIC = day_number(date(2020, 3, 23))
REASONS, RECALL_TYPES = list(codes.RECALL_REASONS), list(codes.RECALL_TYPES)
CONDITIONS, SERVICES = list(codes.LICENCE_CONDITIONS), list(codes.INTERVENTIONS)
OUTCOMES, METHODS = list(codes.INTERVENTION_OUTCOMES), list(codes.CONTACT_METHODS)


def supervision_tables(
    seed: int, people: People, sentences: Sentences, stays: Stays, load: Caseload, last: int
) -> dict[str, pl.DataFrame]:
    """release_and_recall, licence_condition, intervention and supervision_contact as they are on day `last`.

    What begins later is in them, too.
    """
    rng = stream(seed, f"justice supervision {people.block}")
    known = np.full(len(sentences), -1)
    known[load.rows] = np.arange(len(load.rows))
    stay = np.flatnonzero((stays.sentence >= 0) & (known[stays.sentence] >= 0))
    at = known[stays.sentence[stay]]  # place in the caseload
    return {
        "release_and_recall": _releases(rng, people, sentences, stays, load, stay, at, last),
        "licence_condition": _conditions(rng, people, stays, load, stay, at),
        "intervention": _interventions(rng, people, sentences, stays, load, stay, at, last),
        "supervision_contact": _contacts(rng, people, sentences, load),
    }


def _keys(people: People, load: Caseload, at: np.ndarray) -> dict[str, pl.Series]:
    return {"disposal_id": numbered("D", load.disposal[at], 10), "crn": crns(people, load.record[at])}


def _licence_days(sentences: Sentences, rows: np.ndarray) -> np.ndarray:
    """Half of the sentence, a year at least (Offender Rehabilitation Act 2014)."""
    return np.maximum(sentences.days[rows] - sentences.days[rows] // 2, 365)


def _releases(
    rng: np.random.Generator,
    people: People,
    sentences: Sentences,
    stays: Stays,
    load: Caseload,
    stay: np.ndarray,
    at: np.ndarray,
    last: int,
) -> pl.DataFrame:
    """One row per release, with the recall that followed it; a release after a recall is a row of its own."""
    recalled_on = np.full(len(stays.person), NOT_YET)
    again = np.flatnonzero(stays.kind == RECALL)
    recalled_on[stays.recalled_from[again]] = stays.received[again]
    recall = recalled_on[stay]
    back = recall <= last
    size, first = len(stay), stays.kind[stay] == SENTENCED
    kind = np.where(first, pick(rng, (0.80, 0.12, 0.08), size), 4)
    short = sentences.days[load.rows[at]] < 365
    fixed = np.where(short, 0, np.where(rng.random(size) < 0.45, 1, 2))
    return pl.DataFrame(
        {
            "release_id": numbered("S", people.block * 10**7 + stay, 10),
            **_keys(people, load, at),
            "release_date": dates(stays.released[stay]),
            "release_type": labelled(list(codes.RELEASE_TYPES), kind),
            "licence_days": pl.Series(_licence_days(sentences, load.rows[at])),
            "recall_date": dates(recall, back),
            "recall_reason": labelled(REASONS, np.where(back, pick(rng, (3, 2.5, 1.5, 1.5, 0.5, 1, 0.7), size), -1)),
            "recall_type": labelled(RECALL_TYPES, np.where(back & (rng.random(size) < 0.6), fixed, -1)),
        }
    )


def _conditions(
    rng: np.random.Generator,
    people: People,
    stays: Stays,
    load: Caseload,
    stay: np.ndarray,
    at: np.ndarray,
) -> pl.DataFrame:
    """Standard conditions of each first release, and up to three others; more of those who were recalled."""
    first = stays.kind[stay] == SENTENCED
    stay, at = stay[first], at[first]
    was_recalled = np.isin(stay, stays.recalled_from)
    more = np.where(
        was_recalled, pick(rng, (0.2, 0.3, 0.3, 0.2), len(stay)), pick(rng, (0.4, 0.3, 0.2, 0.1), len(stay))
    )
    row = np.repeat(np.arange(len(stay)), 1 + more)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(1 + more) - (1 + more), 1 + more)
    begin = np.repeat(rng.integers(1, len(CONDITIONS), len(stay)), 1 + more)
    which = np.where(nth == 0, 0, 1 + (begin + 2 * nth) % (len(CONDITIONS) - 1))
    return pl.DataFrame(
        {
            "condition_id": numbered("K", (people.block * 10**7 + stay[row]) * 4 + nth, 11),
            "disposal_id": _keys(people, load, at[row])["disposal_id"],
            "condition_type": labelled(CONDITIONS, which),
            "start_date": dates(stays.released[stay[row]]),
        }
    )


def _interventions(
    rng: np.random.Generator,
    people: People,
    sentences: Sentences,
    stays: Stays,
    load: Caseload,
    stay: np.ndarray,
    at: np.ndarray,
    last: int,
) -> pl.DataFrame:
    """Through the Gate before releases since 2015, and other services during orders and licences."""
    gate = np.flatnonzero((stays.released[stay] >= THROUGH_THE_GATE) & (rng.random(len(stay)) < 0.45))
    others = np.flatnonzero(rng.random(len(load.rows)) < 0.35)
    before_release = np.maximum(stays.released[stay[gate]] - 60, stays.received[stay[gate]])  # some stay for less
    referred = np.concatenate([before_release, sentences.day[load.rows[others]] + rng.integers(5, 250, len(others))])
    kind = np.concatenate([np.zeros(len(gate), dtype=np.int64), 1 + pick(rng, (4, 5, 2, 3, 3, 3), len(others))])
    record = np.concatenate([load.record[at[gate]], load.record[others]])
    number = np.concatenate([2 * stay[gate], 2 * others + 1])
    outcome = pick(rng, (0.50, 0.22, 0.20, 0.08), len(referred))
    starts = referred + rng.integers(3, 40, len(referred))
    started = (outcome < 2) & (starts <= last)
    ends = starts + rng.integers(20, 200, len(referred))
    over = np.where(outcome < 2, ends, referred + 45) <= last
    return pl.DataFrame(
        {
            "intervention_id": numbered("V", people.block * 10**7 * 2 + number, 11),
            "crn": crns(people, record),
            "intervention_type": labelled(SERVICES, kind),
            "referral_date": dates(referred),
            "start_date": dates(starts, started),
            "outcome": labelled(OUTCOMES, np.where(over, outcome, -1)),
        }
    )


def _contacts(rng: np.random.Generator, people: People, sentences: Sentences, load: Caseload) -> pl.DataFrame:
    """About one contact in three weeks of an order or licence, most at first, by one officer or a few in turn."""
    days = np.minimum(sentences.days[load.rows], 730)
    custody = sentences.outcome[load.rows] == CUSTODY
    count = rng.poisson(np.minimum(3 + days / 45, 14))
    row = np.repeat(np.arange(len(load.rows)), count)
    from_start = (rng.random(len(row)) ** 1.4 * days[row]).astype(np.int64)
    day = sentences.day[load.rows[row]] + from_start
    inside = custody[row] & (from_start < sentences.days[load.rows[row]] // 2)
    usual = pick(rng, (0.62, 0.05, 0.0, 0.23, 0.01, 0.09), len(row))
    remote = pick(rng, (0.15, 0.03, 0.0, 0.62, 0.08, 0.12), len(row))
    method = np.where((day >= PANDEMIC) & (day < PANDEMIC + 500), remote, usual)
    method = np.where(inside, pick(rng, (0.0, 0.0, 0.35, 0.15, 0.35, 0.15), len(row)), method)
    changes = rng.integers(0, 4, len(load.rows))[row]
    officer = (load.record[row] // 60 + (from_start * (1 + changes) // np.maximum(days[row], 1))) % 4000
    return pl.DataFrame(
        {
            "contact_id": numbered("N", people.block * 10**8 + np.arange(len(row)), 11),
            "crn": crns(people, load.record[row]),
            "contact_date": dates(day),
            "method": labelled(METHODS, method),
            "staff_key": where(rng.random(len(row)) < 0.97, numbered("F", people.block * 4000 + officer, 7)),
            "attended": labelled(["Y", "N"], rng.random(len(row)) < 0.19),
        }
    )
