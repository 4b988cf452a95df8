"""When each true journey starts and ends.

Belongs here: days. Does not belong here: who is treated (who_is_treated.py), how a journey ends (draw_treatment.py).
"""

import numpy as np

from synthetic_extracts.calibration import REMAINED, by_type, calibration
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import ALREADY, BAND_DAYS, OPEN

BREAK_DAYS = 23  # days between two journeys of one person, at least


def journey_dates(
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
