"""Draws structured treatment: the true journeys of the cohort, and which of them answers for each sentence.

Belongs here: bands of waiting, sentences that share a journey, how journeys end. Does not belong here: who is treated
(who_is_treated.py), and days (journey_dates.py).

A journey may answer for several sentences of one person: for a sentence on whose day it is open, and for an earlier
sentence that had no treatment of its own (it is the first journey after it). Truth follows the same rule as the study
(methodology 2.5.4), so it is derived from the finished dates.
"""

import numpy as np

from synthetic_extracts.calibration import COMPLETED, DIED, DROPPED, PRISON, REMAINED, TYPES, by_type, calibration
from synthetic_extracts.draws import pick_rows, stream
from synthetic_extracts.raking import ClassMargin, rake_classes
from synthetic_extracts.sentences.cohort import Cohort, Sentences
from synthetic_extracts.treatment.journey_dates import journey_dates
from synthetic_extracts.treatment.journeys import ALREADY, BAND_DAYS, Journeys, Treatment, expected_recall
from synthetic_extracts.treatment.who_is_treated import next_flagged, own_treatment

STATUS_CLASS = np.array([0, 1, 2, 2, 2])  # completed, remained, neither


def draw_treatment(seed: int, cohort: Cohort) -> Treatment:
    """True journeys of the cohort after sentence, and which answers for each sentence."""
    sentences = cohort.sentences
    rng = stream(seed, "treatment")
    own = own_treatment(rng, cohort)
    band = _time_bands(rng, cohort, own)
    unit, first, last = _units(cohort, own, band)
    answering = _answering_unit(cohort, unit)
    status = _statuses(rng, cohort, own, band, unit, answering, last)
    start, end = journey_dates(rng, cohort, band, first, last, status)
    journeys = Journeys(sentences.person[first], start, end, status, sentences.kind[first])
    row_band = _band_of(np.where(answering >= 0, start[answering] - sentences.day, 0))
    return Treatment(
        journeys, answering, np.where(answering >= 0, status[answering], -1), np.where(answering >= 0, row_band, -1)
    )


def _band_of(days: np.ndarray) -> np.ndarray:
    return np.digitize(days, [1, 22, 43, 85])


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
    following = next_flagged(cohort, unit >= 0)
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
    settings = calibration()["journey"]
    rows = np.flatnonzero(answering >= 0)
    tie, of = answering[rows], cohort.sentences.take(rows)
    sex = (~cohort.people.male[of.person]).astype(np.int64)
    row_band = np.where(own[rows], band[rows], 4)
    row_band = np.where(own[rows] & (np.append(0, unit[:-1])[rows] == unit[rows]), ALREADY, row_band)

    def by_group(group: np.ndarray, name: str) -> ClassMargin:
        target = np.array([settings[name][kind_name] for kind_name in TYPES])
        return ClassMargin(of.kind * target.shape[1] + group, STATUS_CLASS, target.reshape(-1, 3))

    p = rake_classes(
        _first_guess(cohort, of, last[tie]),
        [
            by_group(of.age_band, "status_by_age"),
            by_group(sex, "status_by_sex"),
            by_group(row_band, "status_by_time"),
            ClassMargin(of.kind, np.arange(5), by_type(settings["status_share"])),
        ],
        counted=cohort.analysed[rows] * expected_recall(cohort)[rows],
        tie=tie,
    )
    _, representative = np.unique(tie, return_index=True)
    return pick_rows(rng, p[representative])


def _first_guess(cohort: Cohort, of: Sentences, last: np.ndarray) -> np.ndarray:
    """Weight of each status (columns) by how long the journey of each of the sentences `of` can have run; `last`: the
    last sentence that it answers for."""
    years = np.maximum(cohort.seen_until[last] - cohort.sentences.day[last], 1) / 365.25
    start = by_type(calibration()["journey"]["status_share"])[of.kind].copy()
    start[:, COMPLETED] *= 1 - np.exp(-years / 0.45)
    start[:, REMAINED] *= np.exp(-years / np.array([0.9, 1.9])[of.kind]) * 4
    start[:, DROPPED] *= 1 - np.exp(-years / 0.30)
    start[:, PRISON] *= (1 - np.exp(-years / 0.35)) * np.exp(0.25 * cohort.people.disorder[of.person])
    start[:, DIED] *= 1 - np.exp(-years / 0.8)
    goes_on = cohort.sentences.next_day[last] <= cohort.end
    start[goes_on, REMAINED] = 0.0
    start[goes_on, DIED] = 0.0
    return np.maximum(start, 1e-9 * ~goes_on[:, None])
