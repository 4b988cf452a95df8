"""True spells in prison of the cohort: ends of journeys, the year after sentence, and spells before and later.

Belongs here: true spells. Does not belong here: the p-NOMIS table (prison_records.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.calibration import PRISON, by_type, calibration
from synthetic_extracts.courts.reconviction import (
    FOLLOW_UP,
    Reconvictions,
    event_days,
    observed_share,
    unlinked_target,
)
from synthetic_extracts.draws import logistic, pick, stream
from synthetic_extracts.raking import Margin, rake_yes_no
from synthetic_extracts.rows import Rows
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import OPEN, Treatment


@dataclass
class Spells(Rows):
    """One value per spell, in order of person and reception; `release` is OPEN while in custody."""

    person: np.ndarray
    reception: np.ndarray
    release: np.ndarray


def draw_custody(seed: int, cohort: Cohort, treatment: Treatment, reconvictions: Reconvictions) -> Spells:
    """True spells in custody."""
    settings, sentences = calibration()["prison"], cohort.sentences
    rng = stream(seed, "custody")
    journeys = treatment.journeys
    at_end = journeys.status == PRISON
    received, soon = _within_the_year(rng, cohort, treatment, reconvictions)
    first = np.flatnonzero(sentences.order == 0)
    before = first[rng.random(len(first)) < by_type(settings["earlier_spell_share"])[sentences.kind[first]]]
    later = np.flatnonzero(
        (rng.random(len(sentences)) < by_type(settings["later_spell_share"])[sentences.kind])
        & (sentences.next_day > cohort.end)
        & (~treatment.structured | (journeys.end[treatment.journey] < sentences.day + FOLLOW_UP))
    )
    of = sentences.person
    person = np.concatenate([journeys.person[at_end], of[received], of[before], of[later]])
    reception = np.concatenate(
        [
            journeys.end[at_end],
            soon[received],
            sentences.day[before] - 60 - rng.integers(0, 1400, len(before)),
            sentences.day[later] + FOLLOW_UP + 1 + rng.integers(0, 500, len(later)),
        ]
    )
    stay = 3 + np.floor(rng.lognormal(4.2, 1.0, len(person))).astype(np.int64)
    return _tidy(rng, cohort, person, reception, np.minimum(stay, 900))


def _within_the_year(
    rng: np.random.Generator, cohort: Cohort, treatment: Treatment, reconvictions: Reconvictions
) -> tuple[np.ndarray, np.ndarray]:
    """Sentences after which the person is received in 12 months, not from treatment, and the day of it."""
    sentences, journeys = cohort.sentences, treatment.journeys
    p = _chances(cohort, treatment, reconvictions)
    received = (rng.random(len(p)) < p) & (treatment.status != PRISON)
    soon = sentences.day + event_days(rng, len(p))
    convicted = reconvictions.own & received & (rng.random(len(p)) < 0.6)
    soon = np.where(convicted, reconvictions.own_day, soon)
    # Nobody in treatment is in custody at once: the spell waits for the end of the journey, or does not happen.
    open_then = (
        treatment.structured & (journeys.end[treatment.journey] > soon) & (journeys.start[treatment.journey] <= soon)
    )
    after = journeys.end[treatment.journey] + 5
    received &= ~open_then | (after - sentences.day <= FOLLOW_UP)
    return received, np.where(open_then, np.minimum(after, cohort.end + 1000), soon)


def _chances(cohort: Cohort, treatment: Treatment, reconvictions: Reconvictions) -> np.ndarray:
    """Chance per sentence to be received in the year after it; of those received from treatment, whatever."""
    settings, odds = calibration()["prison"], calibration()["prison"]["log_odds"]
    sentences, kind = cohort.sentences, cohort.sentences.kind
    by_journey = treatment.status == PRISON
    start = logistic(
        -1.2
        + odds["reconvicted"] * reconvictions.yes
        + odds["disorder"] * cohort.people.disorder[sentences.person]
        + odds["high_risk"] * (sentences.rsr >= 6.9)
        + odds["crown"] * sentences.crown
        + odds["suspended"] * sentences.suspended
    )
    in_treatment = by_type(settings["within_12_months_structured"])
    wait = treatment.journeys.end[treatment.journey] - sentences.day
    ended = np.where(by_journey, wait <= FOLLOW_UP, in_treatment[kind])
    without = unlinked_target(by_type(settings["within_12_months_unlinked"]), cohort, treatment, ended)
    # A later sentence of the same person is a second chance to be received in the year: aim a little lower.
    target = np.column_stack([without, in_treatment]).ravel() * 0.97
    return rake_yes_no(
        start,
        [Margin(kind * 2 + treatment.structured, target)],
        exposure=observed_share(cohort.end - sentences.day) * settings["known_number_share"],
        counted=cohort.analysed & ~by_journey,
        fixed=by_journey,
    )


def _tidy(
    rng: np.random.Generator, cohort: Cohort, person: np.ndarray, reception: np.ndarray, stay: np.ndarray
) -> Spells:
    """In order, not overlapping, over before a sentence served in the community, none received after observation."""
    sentences = cohort.sentences
    keep = reception <= cohort.end
    order = np.flatnonzero(keep)[np.lexsort((reception[keep], person[keep]))]
    person, reception, stay = person[order], reception[order], stay[order]
    following = np.append(np.where(person[1:] == person[:-1], reception[1:], OPEN), OPEN)
    key = sentences.person * 1_000_000 + sentences.day
    place = np.searchsorted(key, person * 1_000_000 + reception, side="right")
    same = (place < len(key)) & (sentences.person[np.minimum(place, len(key) - 1)] == person)
    sentenced = np.where(same, sentences.day[np.minimum(place, len(key) - 1)], OPEN)
    release = np.minimum(np.minimum(reception + stay, following - 1), sentenced - 1)
    distinct = release > reception
    release = np.where(release > cohort.end, OPEN, release)
    return Spells(person[distinct], reception[distinct], release[distinct])


def spell_types(rng: np.random.Generator, size: int) -> tuple[list[str], np.ndarray]:
    """Legal status of spells: labels and index."""
    labels = ["remand", "convicted_unsentenced", "sentenced", "recall", "civil", "immigration"]
    return labels, pick(rng, [0.36, 0.06, 0.48, 0.09, 0.005, 0.005], size)
