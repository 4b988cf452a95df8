"""Draws the cohort: its people, their sentences and requirements, and which of them the study will leave out.

Belongs here: disposals, requirements, offence, risk, accommodation at sentence, identifiers (CRN) and exclusions.
Does not belong here: the tables (cohort.py), how often people are sentenced (sentence_days.py), what follows sentence.
Its draws come from one stream, in this order: another order gives other extracts.
"""

from datetime import date

import numpy as np

from synthetic_extracts.calibration import NO_FIXED_ADDRESS, TYPES, by_type, calibration
from synthetic_extracts.draws import day_number, pick_rows, stream, years_between
from synthetic_extracts.people.true_people import People, draw_people
from synthetic_extracts.sentences.cohort import Cohort, Identifiers, Requirements, Sentences
from synthetic_extracts.sentences.sentence_days import SentenceDays, draw_sentence_days

FIRST_SENTENCE = day_number(date(2018, 8, 1))
NO_NEXT = 100_000  # days after the end of observation
LENGTHS = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12], [15, 18, 24]]
LENGTH_WEIGHTS = [[0.05, 0.15, 0.80], [0.06, 0.04, 0.90], [0.05, 0.20, 0.75], [0.05, 0.03, 0.92], [0.3, 0.5, 0.2]]


def size_of(name: str, scale: float) -> int:
    """A count of calibration.toml [size] at `scale`."""
    return round(calibration()["size"][name] * scale)


def draw_cohort(
    seed: int,
    scale: float,
    end: int,
    first: int = FIRST_SENTENCE,
    last: int | None = None,
    people_scale: float | None = None,
) -> Cohort:
    """All people, sentences and requirements of the cohort; `end` is the day number of the end of observation.

    Sentences are of the days from `first` to `last` (default: `end`). `people_scale`: scale of the number of people,
    where they have fewer sentences each than over the whole period.
    """
    rng = stream(seed, "sentences")
    people_scale = scale if people_scale is None else people_scale
    size, total = size_of("people", people_scale), size_of("requirements", scale)
    usual = (rng.random(size) >= calibration()["cohort"]["atr_share"]).astype(np.int64)
    disorder = rng.normal(0.0, 1.0, size)
    days = draw_sentence_days(rng, disorder, total, first, end if last is None else last)
    kind = _kinds(rng, usual, days, total)
    people = _people(seed, rng, usual, disorder, days.day[days.order == 0], end)
    sentences, identifiers = _sentences(seed, rng, people, days, kind, end, people_scale)
    cohort = Cohort(people, sentences, identifiers, _requirements(rng, sentences), end)
    _leave_out(rng, cohort, scale)
    return cohort


def _kinds(rng: np.random.Generator, usual: np.ndarray, days: SentenceDays, total: int) -> np.ndarray:
    """Type of each sentence, mostly the usual one of the person; the share of ATRs among all requirements is exact."""
    settings, person = calibration()["cohort"], days.person
    kind = np.where(rng.random(len(person)) < settings["same_type_again"], usual[person], 1 - usual[person])
    kind = np.where(days.order == 0, usual[person], kind)
    both = days.both
    surplus = int((kind[~both] == 0).sum() + both.sum()) - round(settings["atr_share"] * total)
    rows = np.flatnonzero(~both & (kind == (0 if surplus > 0 else 1)))
    changed = rng.choice(rows, min(abs(surplus), len(rows)), replace=False)
    kind[changed] = 1 - kind[changed]
    kind[both] = 1
    return kind


def _people(
    seed: int, rng: np.random.Generator, usual: np.ndarray, disorder: np.ndarray, first_day: np.ndarray, end: int
) -> People:
    """People whose age at the first sentence and whose sex are those of their usual type."""
    settings, size = calibration()["cohort"], len(usual)
    age = rng.normal(by_type(settings["age_mean"])[usual], by_type(settings["age_spread"])[usual])
    age = np.where((age < 18.3) | (age > 79), rng.uniform(18.3, 55, size), age)
    dob = (first_day - age * 365.2425).astype(np.int64)
    male = rng.random(size) < by_type(settings["male_share"])[usual]
    shares = {name: share * (1 - settings["wales_share"]) for name, share in settings["region"].items()}
    shares["Wales"] = settings["wales_share"]
    return draw_people(stream(seed, "people"), male, dob, disorder, shares, end)


def _sentences(
    seed: int,
    rng: np.random.Generator,
    people: People,
    days: SentenceDays,
    kind: np.ndarray,
    end: int,
    people_scale: float,
) -> tuple[Sentences, Identifiers]:
    """Where and as what each sentence is passed, and the identifiers that it is recorded under."""
    settings, person, day = calibration()["cohort"], days.person, days.day
    sector = people.sector_at(person, day)
    chaos = people.disorder[person]
    accommodation = _accommodation(rng, kind, chaos)
    crn, identifiers = _identifiers(rng, people_scale, people, days, sector, accommodation)
    offence = _by_kind(rng, kind, [list(settings["offence_share"][name].values()) for name in TYPES])
    suspended = rng.random(len(kind)) < by_type(settings["suspended_share"])[kind]
    crown = rng.random(len(kind)) < by_type(settings["crown_share"])[kind] * np.where(suspended, 1.7, 0.6)
    age = years_between(people.dob[person], day)
    risk = rng.normal(0.50 + 0.42 * chaos + 0.30 * people.male[person] - 0.012 * (age - 38), 0.70)
    ogrs = 100 / (1 + np.exp(-(rng.normal(0.15 + 0.55 * chaos + 0.55 * kind - 0.035 * (age - 38), 0.8))))
    sentences = Sentences(
        person=person,
        order=days.order,
        crn=crn,
        day=day,
        offence_day=day - 14 - np.floor(stream(seed, "offence days").exponential(110, len(day))).astype(np.int64),
        next_day=days.next_day(end + NO_NEXT),
        kind=kind,
        both=days.both,
        # A need for mental health treatment lasts: all orders of a person have an MHTR, or none.
        mental_health=stream(seed, "mental health").random(len(people))[person] < settings["mental_health_share"],
        length_band=_by_kind(rng, kind, [settings["length_share"][name] for name in TYPES]),
        sector=sector,
        accommodation=accommodation,
        offence=offence,
        suspended=suspended,
        crown=crown,
        rsr=np.clip(np.round(np.exp(risk), 2), 0.01, 99.0),
        ogrs_two_years=np.clip(np.round(ogrs), 2, 99).astype(np.int64),
        age=age,
    )
    return sentences, identifiers


def _identifiers(
    rng: np.random.Generator,
    scale: float,
    people: People,
    days: SentenceDays,
    sector: np.ndarray,
    accommodation: np.ndarray,
) -> tuple[np.ndarray, Identifiers]:
    """Identifier of each sentence, and all identifiers. The counts are those of figure M1, exactly.

    Some people who had not moved have a second CRN for their last sentence.
    """
    size, person = len(people), days.person
    held = np.bincount(person, minlength=size)
    doubles = size_of("offender_identifiers", scale) - size
    last = np.cumsum(held) - 1
    settled = (accommodation[last] < NO_FIXED_ADDRESS) & (accommodation[last - 1] < NO_FIXED_ADDRESS)
    candidates = np.flatnonzero((held >= 2) & (sector[last] == sector[last - 1]) & settled)
    twice = rng.choice(candidates, min(doubles, len(candidates)), replace=False)
    second = np.full(size, -1)
    second[twice] = size + np.arange(len(twice))
    crn = np.where((second[person] >= 0) & (days.order == held[person] - 1), second[person], person)
    identifiers = Identifiers(np.concatenate([np.arange(size), twice]), np.ones(size + len(twice), dtype=bool))
    both_linkable = size_of("linkable_identifiers", scale) - size_of("linkable_people", scale)
    lost_seconds = max(len(twice) - both_linkable, 0)
    identifiers.linkable[size : size + lost_seconds] = False
    lost = max(len(identifiers) - size_of("linkable_identifiers", scale) - lost_seconds, 0)
    single = np.setdiff1d(np.arange(size), twice)
    weight = np.exp(0.3 * people.disorder[single])
    identifiers.linkable[rng.choice(single, lost, replace=False, p=weight / weight.sum())] = False
    return crn, identifiers


def _by_kind(rng: np.random.Generator, kind: np.ndarray, weights: list[list[float]]) -> np.ndarray:
    return pick_rows(rng, np.array(weights, dtype=float)[kind])


def _accommodation(rng: np.random.Generator, kind: np.ndarray, disorder: np.ndarray) -> np.ndarray:
    shares = np.array([calibration()["cohort"]["accommodation_share"][name] for name in TYPES])[kind]
    tilt = np.array([-0.30, 0.15, 0.25, 0.75, 0.85, 0.10])
    return pick_rows(rng, shares * np.exp(tilt * disorder[:, None] - tilt**2 / 2))


def _requirements(rng: np.random.Generator, sentences: Sentences) -> Requirements:
    """One requirement per sentence, or an ATR and a DRR of the same length band; none left out yet."""
    every = np.arange(len(sentences))
    sentence = np.sort(np.concatenate([every, np.flatnonzero(sentences.both)]))
    second = np.append(False, sentence[1:] == sentence[:-1])
    kind = np.where(second, 1 - sentences.kind[sentence], sentences.kind[sentence])
    band = sentences.length_band[sentence]
    months = np.array(LENGTHS)[band, pick_rows(rng, np.array(LENGTH_WEIGHTS)[band])]
    return Requirements(sentence, kind, months, np.zeros(len(kind), dtype=bool), np.ones(len(kind), dtype=bool))


def _leave_out(rng: np.random.Generator, cohort: Cohort, scale: float) -> None:
    """Mark requirements the study leaves out; missing lengths make up what the other reasons leave over."""
    requirements, eligible = cohort.requirements, cohort.eligible
    no_length = requirements.no_length
    share = []
    # An office that leaves the length out does so every time: all requirements of a person together.
    turn = rng.random(len(cohort.people))[cohort.sentences.person[requirements.sentence]]
    for number, name in enumerate(TYPES):
        rows = np.flatnonzero(eligible & (requirements.kind == number))
        surplus = max(len(rows) - size_of(f"analysed_{name}", scale), 0)
        no_length[rows[np.argsort(turn[rows], kind="stable")[:surplus]]] = True
        share.append(surplus / max(len(rows), 1))
    others = np.flatnonzero(~eligible)
    no_length[others] = rng.random(len(others)) < np.array(share)[requirements.kind[others]]
    requirements.analysed[:] = eligible & ~no_length
