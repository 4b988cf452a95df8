"""Which sentences truly led to structured treatment, and the journeys that answer for them.

Belongs here: the true journeys of the cohort (start, end, how they ended). Does not belong here: the NDTMS episodes
that record them (treatment_records.py) and strangers (strangers.py).

A journey may answer for several sentences of one person: for a sentence on whose day it is open, and for an earlier
sentence that had no treatment of its own (it is the first journey after it). Truth follows the same rule as the study
(methodology 2.5.4), so it is derived from the finished dates.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from synthetic_extracts.calibration import (
    COMPLETED,
    DIED,
    DROPPED,
    PRISON,
    REMAINED,
    THEFT,
    TYPES,
    by_type,
    calibration,
    ethnicity_codes,
    in_order,
)
from synthetic_extracts.draws import logistic, pick_rows, stream
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.raking import ClassMargin, Margin, rake_classes, rake_yes_no
from synthetic_extracts.sentences.cohort import Cohort

ALREADY = 0
BAND_DAYS = [(0, 0), (1, 21), (22, 42), (43, 84), (85, 85)]
STATUS_CLASS = np.array([0, 1, 2, 2, 2])  # completed, remained, neither
BREAK_DAYS = 23  # days between two journeys of one person, at least
OPEN = 10_000_000  # end of a journey that is still open


@dataclass
class Journeys:
    """One value per journey, in order of person and start; `end` is OPEN while the person is in treatment."""

    person: np.ndarray
    start: np.ndarray
    end: np.ndarray
    status: np.ndarray
    kind: np.ndarray


@dataclass
class Treatment:
    """Truth of structured treatment. `journey` is the number of the answering journey per sentence, -1 for none."""

    journeys: Journeys
    journey: np.ndarray
    status: np.ndarray
    time_band: np.ndarray

    @property
    def structured(self) -> np.ndarray:
        """Sentences with a structured journey open on or starting after the day of sentence."""
        return self.journey >= 0


def draw_treatment(seed: int, cohort: Cohort) -> Treatment:
    """True journeys of the cohort after sentence, and which answers for each sentence."""
    sentences = cohort.sentences
    rng = stream(seed, "treatment")
    own = _own_treatment(rng, cohort)
    band = _time_bands(rng, cohort, own)
    unit, first, last = _units(cohort, own, band)
    answering = _answering_unit(cohort, unit)
    status = _statuses(rng, cohort, own, band, unit, answering, last)
    start, end = _dates(rng, cohort, band, first, last, status)
    journeys = Journeys(sentences.person[first], start, end, status, sentences.kind[first])
    row_band = _band_of(np.where(answering >= 0, start[answering] - sentences.day, 0))
    return Treatment(
        journeys, answering, np.where(answering >= 0, status[answering], -1), np.where(answering >= 0, row_band, -1)
    )


def _band_of(days: np.ndarray) -> np.ndarray:
    return np.digitize(days, [1, 22, 43, 85])


def expected_recall(cohort: Cohort) -> np.ndarray:
    """Chance that a person in structured treatment is linked, per sentence (calibration.toml [linkage.log_odds])."""
    return logistic(recall_factors(cohort) @ np.array(list(calibration()["linkage"]["log_odds"].values()), dtype=float))


def recall_factors(cohort: Cohort) -> np.ndarray:
    """What the chance of being linked depends on, one column per key of calibration.toml [linkage.log_odds]."""
    sentences = cohort.sentences
    housing = (sentences.accommodation == number for number in range(1, 6))
    columns = [sentences.kind == 0, sentences.kind == 1, *housing, ~cohort.people.male[sentences.person]]
    return np.column_stack([*columns, cohort.people.disorder[sentences.person]]).astype(float)


def _own_treatment(rng: np.random.Generator, cohort: Cohort) -> np.ndarray:
    """Sentences that lead to treatment of their own; raked so that what the study finds has the wanted shares."""
    sentences = cohort.sentences
    settings, odds = calibration()["structured"], calibration()["structured"]["log_odds"]
    groups = np.array(ethnicity_codes()[3])[cohort.people.ethnicity[sentences.person]]
    inclination = (
        odds["theft"] * (sentences.offence == THEFT)
        + odds["crown"] * sentences.crown
        + odds["low_risk"] * (sentences.rsr < 3)
        + odds["asian_or_mixed"] * np.isin(groups, ["Asian", "Mixed"])
        + odds["disorder"] * cohort.people.disorder[sentences.person]
    )
    share = by_type(settings["share"])[sentences.kind]
    start = logistic(np.log(share / (1 - share)) + 0.4 + inclination)
    correlation = settings["person_correlation"]
    wish = np.sqrt(correlation) * rng.normal(size=len(cohort.people))[sentences.person] + np.sqrt(
        1 - correlation
    ) * rng.normal(size=len(sentences))
    draw = ndtr(wish)
    counted = cohort.analysed & ~sentences.wales
    same_person = sentences.person[1:] == sentences.person[:-1]
    soon_again = np.append((np.diff(sentences.day) < 45) & same_person, False)
    found = expected_recall(cohort)
    trim = np.ones(2)
    for _ in range(5):
        p = rake_yes_no(start, _margins(cohort, trim), exposure=found, counted=counted)
        p = np.where(sentences.wales, settings["wales"], p)
        own = draw < p
        own[1:] |= own[:-1] & soon_again[:-1]
        derived = own | _later_same_person(cohort, own)
        for number in range(2):
            rows = counted & (sentences.kind == number)
            if not rows.any():
                continue
            trim[number] *= by_type(settings["share"])[number] / max((derived * found)[rows].mean(), 1e-6)
    return own


def _margins(cohort: Cohort, trim: np.ndarray) -> list[Margin]:
    sentences = cohort.sentences
    settings = calibration()["structured"]
    regions = street_sectors().regions
    factor = np.repeat(trim, 1)

    def crossed(group: np.ndarray, targets: list[np.ndarray]) -> Margin:
        width = len(targets[0])
        return Margin(sentences.kind * width + group, np.concatenate([targets[k] * factor[k] for k in range(2)]))

    sex = (~cohort.people.male[sentences.person]).astype(np.int64)
    return [
        crossed(sentences.age_band, [np.array(settings["age"][name]) for name in TYPES]),
        crossed(sex, [np.array(settings["sex"][name]) for name in TYPES]),
        crossed(sentences.length_band, [np.array(settings["length"][name]) for name in TYPES]),
        crossed(sentences.accommodation, [np.array(settings["accommodation"][name]) for name in TYPES]),
        crossed(sentences.region, [in_order(settings["region"][name], regions) for name in TYPES]),
        Margin(sentences.kind, by_type(settings["share"]) * factor),
    ]


def _later_same_person(cohort: Cohort, flag: np.ndarray) -> np.ndarray:
    """Whether a later sentence of the same person has the flag."""
    return _next_flagged(cohort, flag) >= 0


def _next_flagged(cohort: Cohort, flag: np.ndarray) -> np.ndarray:
    """Row of the same person's next flagged sentence, -1 if there is none."""
    sentences = cohort.sentences
    size = len(sentences)
    rows = np.where(flag, np.arange(size), size)
    following = np.append(np.minimum.accumulate(rows[::-1])[::-1][1:], size)
    same = np.append(sentences.person, -1)[np.minimum(following, size)] == sentences.person
    return np.where((following < size) & same, following, -1)


def _time_bands(rng: np.random.Generator, cohort: Cohort, own: np.ndarray) -> np.ndarray:
    shares = by_type(calibration()["journey"]["time_share"])[cohort.sentences.kind].copy()
    room = cohort.end - cohort.sentences.day
    for number, (low, _) in enumerate(BAND_DAYS[1:], start=1):
        shares[:, number] *= room > low + 10
    return np.where(own, pick_rows(rng, shares), -1)


def _units(cohort: Cohort, own: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Journey number per sentence with treatment of its own (-1 else), and first and last sentence of each journey.

    A sentence joins the journey of the sentence before when the person is already in treatment on its day.
    """
    sentences = cohort.sentences
    same = np.append(False, sentences.person[1:] == sentences.person[:-1])
    gap = np.append(0, np.diff(sentences.day))
    joins = own & same & np.append(False, own[:-1]) & ((band == ALREADY) | (gap < 60))
    opens = own & ~joins
    unit = np.where(own, np.cumsum(opens) - 1, -1)
    first = np.flatnonzero(opens)
    closes = own & ~np.append(joins[1:], False)
    return unit, first, np.flatnonzero(closes)


def _answering_unit(cohort: Cohort, unit: np.ndarray) -> np.ndarray:
    following = _next_flagged(cohort, unit >= 0)
    return np.where(unit >= 0, unit, np.where(following >= 0, unit[following], -1))


def _statuses(
    rng: np.random.Generator,
    cohort: Cohort,
    own: np.ndarray,
    band: np.ndarray,
    unit: np.ndarray,
    answering: np.ndarray,
    last: np.ndarray,
) -> np.ndarray:
    """How each journey stands at the end of observation: raked over the sentences that it answers for."""
    sentences = cohort.sentences
    settings = calibration()["journey"]
    rows = np.flatnonzero(answering >= 0)
    tie = answering[rows]
    kind, age = sentences.kind[rows], sentences.age_band[rows]
    sex = (~cohort.people.male[sentences.person[rows]]).astype(np.int64)
    row_band = np.where(own[rows], band[rows], 4)
    row_band = np.where(own[rows] & (np.append(0, unit[:-1])[rows] == unit[rows]), ALREADY, row_band)
    counted = cohort.analysed[rows] * expected_recall(cohort)[rows]
    limit = cohort.seen_until[last][tie]
    years = np.maximum(limit - sentences.day[last][tie], 1) / 365.25
    start = by_type(settings["status_share"])[kind].copy()
    start[:, COMPLETED] *= 1 - np.exp(-years / 0.45)
    start[:, REMAINED] *= np.exp(-years / np.array([0.9, 1.9])[kind]) * 4
    start[:, DROPPED] *= 1 - np.exp(-years / 0.30)
    start[:, PRISON] *= (1 - np.exp(-years / 0.35)) * np.exp(0.25 * cohort.people.disorder[sentences.person[rows]])
    start[:, DIED] *= 1 - np.exp(-years / 0.8)
    goes_on = sentences.next_day[last][tie] <= cohort.end
    start[goes_on, REMAINED] = 0.0
    start[goes_on, DIED] = 0.0
    start = np.maximum(start, 1e-9 * ~goes_on[:, None])
    five = np.arange(5)

    def by_group(group: np.ndarray, name: str) -> ClassMargin:
        target = np.array([settings[name][kind_name] for kind_name in TYPES])
        return ClassMargin(kind * target.shape[1] + group, STATUS_CLASS, target.reshape(-1, 3))

    p = rake_classes(
        start,
        [
            by_group(age, "status_by_age"),
            by_group(sex, "status_by_sex"),
            by_group(row_band, "status_by_time"),
            ClassMargin(kind, five, by_type(settings["status_share"])),
        ],
        counted=counted,
        tie=tie,
    )
    _, representative = np.unique(tie, return_index=True)
    return pick_rows(rng, p[representative])


def _dates(
    rng: np.random.Generator, cohort: Cohort, band: np.ndarray, first: np.ndarray, last: np.ndarray, status: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of each journey: clear of the person's other journeys and, when over, of the next sentence."""
    sentences = cohort.sentences
    settings = calibration()["journey"]
    count = len(first)
    kind, begun = sentences.kind[first], band[first]
    sentence = sentences.day[first]
    low = np.array([pair[0] for pair in BAND_DAYS])[begun]
    high = np.array([pair[1] for pair in BAND_DAYS])[begun]
    wait = low + np.floor(rng.random(count) * (high - low + 1)).astype(np.int64)
    wait = wait + np.where(begun == 4, rng.exponential(by_type(settings["late_start_mean_days"])[kind]), 0).astype(
        np.int64
    )
    before = np.minimum(rng.exponential(by_type(settings["already_mean_days"])[kind]), 2500).astype(np.int64)
    start = np.where(begun == ALREADY, sentence - before, sentence + wait)
    eighteenth = cohort.people.dob[sentences.person[first]] + 6600
    start = np.maximum(start, np.minimum(eighteenth, sentence))

    limit = np.where(sentences.next_day[last] <= cohort.end, sentences.next_day[last] - 1, cohort.end)
    earliest = np.maximum(start, sentences.day[last])
    # A journey that does not fit before the next sentence or the end of observation starts earlier in the room.
    squeezed = earliest + 12 > limit
    room = np.maximum(limit - 12 - sentence, 0)
    start = np.where(
        squeezed & (begun != ALREADY), sentence + np.floor(rng.random(count) * room).astype(np.int64), start
    )
    start = np.maximum(start, _clear_of_sentence_before(cohort, first))
    start = np.minimum(start, limit - 1)
    earliest = np.maximum(np.maximum(start, sentences.day[last]), 0)
    mean = np.array([[165.0, 1.0, 95.0, 120.0, 200.0], [260.0, 1.0, 130.0, 150.0, 320.0]])[kind, status]
    least = np.array([45, 0, 14, 7, 10])[status]
    length = least + rng.gamma(1.6, mean / 1.6)
    room = np.maximum(limit - earliest - np.where(sentences.next_day[last] <= cohort.end, 25, 0), 1)
    # Lengths beyond the room fold back into it rather than piling up on the last day.
    length = np.where(length > room, rng.uniform(0.35, 1.0, count) * room, length)
    end = np.maximum(earliest + np.floor(length).astype(np.int64), earliest)
    end = np.where(status == REMAINED, OPEN, np.minimum(end, limit))
    return _separate(sentences.person[first], sentences.day[first], start, end)


def _clear_of_sentence_before(cohort: Cohort, first: np.ndarray) -> np.ndarray:
    """Earliest start that is not open on the day of the person's sentence before."""
    has_earlier = cohort.sentences.order[first] > 0
    return np.where(has_earlier, cohort.sentences.day[np.maximum(first - 1, 0)] + 1, -100_000)


def _separate(
    person: np.ndarray, sentence: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Keep journeys of one person at least BREAK_DAYS apart: the earlier ends sooner, or the later starts later."""
    start, end = start.copy(), end.copy()
    for row in np.flatnonzero(person[1:] == person[:-1]):
        if start[row + 1] < end[row] + BREAK_DAYS:
            start[row + 1] = max(start[row + 1], min(sentence[row + 1], end[row] + BREAK_DAYS))
            if start[row + 1] < end[row] + BREAK_DAYS:
                end[row] = max(start[row], start[row + 1] - BREAK_DAYS)
            if start[row + 1] < end[row] + BREAK_DAYS:
                start[row + 1] = end[row] + BREAK_DAYS
            end[row + 1] = max(end[row + 1], start[row + 1] + 1)
    return start, end
