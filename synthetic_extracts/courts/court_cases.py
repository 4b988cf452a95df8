"""Which cases of the cohort, and of strangers, are heard in court, and when.

Belongs here: index sentences, further crimes, cases pending at sentence, late ones, acquittals, strangers. Does not
belong here: who is truly reconvicted (reconviction.py), and what is recorded of a case (court_records.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.reconviction import FOLLOW_UP, Reconvictions, committed_after
from synthetic_extracts.draws import stream
from synthetic_extracts.rows import Rows, together
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.journeys import OPEN

INDEX, RECONVICTION, PENDING, LATE, ACQUITTED, STRANGER = range(6)


@dataclass
class Appearances(Rows):
    """One row per case: person (-1 stranger), sentence row it came from, purpose, days of offence and appearance."""

    person: np.ndarray
    row: np.ndarray
    purpose: np.ndarray
    offence_day: np.ndarray
    day: np.ndarray


def cases_heard(
    rng: np.random.Generator, seed: int, cohort: Cohort, reconvictions: Reconvictions, supervision: Supervision
) -> Appearances:
    """The cases heard up to the end of observation."""
    sentences = cohort.sentences
    rates, end = calibration()["courts"], cohort.end
    everything = np.arange(len(sentences))
    alive_until = supervision.death_day[sentences.person]
    further = reconvictions.own & (reconvictions.own_day <= np.minimum(end, alive_until))
    quiet = ~reconvictions.yes & (sentences.next_day > end) & (alive_until == OPEN)
    late = np.flatnonzero(quiet & (rng.random(len(sentences)) < rates["late_result_share"]))
    late_day = sentences.day[late] + FOLLOW_UP + 5 + rng.integers(0, 400, len(late))
    freed = np.flatnonzero(~reconvictions.yes & (rng.random(len(sentences)) < rates["acquitted_share"]))
    freed_day = sentences.day[freed] + rng.integers(20, FOLLOW_UP, len(freed))
    in_time = freed_day <= np.minimum(end, sentences.next_day[freed] - 1)
    freed, freed_day = freed[in_time], freed_day[in_time]
    others = int(rates["strangers_per_defendant"] * len(sentences))
    strange_day = end - rng.integers(0, 1500, others)
    pending = pending_cases(seed, cohort, supervision)
    parts = [
        _of(cohort, INDEX, everything, sentences.offence_day, sentences.day),
        further_cases(cohort, reconvictions, np.flatnonzero(further)),
        pending.take(pending.day <= end),
        _of(cohort, LATE, late, sentences.day[late] + rng.integers(1, FOLLOW_UP, len(late)), late_day).take(
            late_day <= end
        ),
        _of(cohort, ACQUITTED, freed, committed_after(rng, sentences.day[freed], freed_day), freed_day),
        Appearances(
            np.full(others, -1),
            np.full(others, -1),
            np.full(others, STRANGER),
            committed_after(rng, np.full(others, -OPEN), strange_day),
            strange_day,
        ),
    ]
    return together(parts)


def further_cases(cohort: Cohort, reconvictions: Reconvictions, rows: np.ndarray) -> Appearances:
    """The further crimes of the sentences `rows` that are no later sentence of the cohort."""
    return _of(cohort, RECONVICTION, rows, reconvictions.own_offence_day[rows], reconvictions.own_day[rows])


def pending_cases(seed: int, cohort: Cohort, supervision: Supervision) -> Appearances:
    """Cases of offences before the sentence that are heard after it, and before the next one: no further crime.

    None so soon after an earlier sentence that it would be a further crime after that one.
    """
    sentences = cohort.sentences
    rng = stream(seed, "pending cases")
    size = len(sentences)
    since_last = np.where(sentences.order > 0, sentences.day - np.roll(sentences.day, 1), OPEN)
    day = sentences.day + 7 + np.floor(rng.exponential(90, size)).astype(np.int64)
    offence_day = sentences.day - 1 - np.floor(rng.exponential(80, size)).astype(np.int64)
    waits = (rng.random(size) < calibration()["courts"]["pending_share"]) & (since_last > FOLLOW_UP)
    heard = day <= np.minimum(sentences.next_day - 1, supervision.death_day[sentences.person])
    rows = np.flatnonzero(waits & heard)
    return _of(cohort, PENDING, rows, offence_day[rows], day[rows])


def _of(cohort: Cohort, purpose: int, rows: np.ndarray, offence_day: np.ndarray, day: np.ndarray) -> Appearances:
    person, purposes = cohort.sentences.person[rows], np.full(len(rows), purpose)
    return Appearances(person, rows, purposes, np.minimum(offence_day, day), day)
