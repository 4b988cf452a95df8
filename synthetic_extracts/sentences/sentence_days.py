"""How often each person of the cohort is sentenced, and on which days.

Belongs here: counts and days. Does not belong here: what the sentences are (draw_cohort.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import pick
from synthetic_extracts.rows import Rows

MOST_SENTENCES = 9


@dataclass
class SentenceDays(Rows):
    """One row per sentence, in order of person and day: its number in the person's own, and whether it is the order
    with both types."""

    person: np.ndarray
    order: np.ndarray
    day: np.ndarray
    both: np.ndarray

    def next_day(self, otherwise: int) -> np.ndarray:
        """Day of the person's next sentence; `otherwise` where there is none."""
        again = np.append(self.person[1:] == self.person[:-1], False)
        return np.where(again, np.append(self.day[1:], 0), otherwise)


def draw_sentence_days(
    rng: np.random.Generator, disorder: np.ndarray, total: int, first: int, last: int
) -> SentenceDays:
    """Sentences of people with the given disorder, with `total` requirements in all, from the day `first` to `last`."""
    size = len(disorder)
    held = _requirements_each(rng, size, total, disorder)
    pairs = min(round(calibration()["cohort"]["both_types_share"] * total), int((held >= 2).sum()))
    has_pair = np.zeros(size, dtype=bool)
    has_pair[rng.choice(np.flatnonzero(held >= 2), pairs, replace=False)] = True
    sentences = held - has_pair
    person = np.repeat(np.arange(size), sentences)
    order = np.arange(len(person)) - np.repeat(np.cumsum(sentences) - sentences, sentences)
    day = _days(rng, person, order, sentences, first, last)
    both = has_pair[person] & (order == (rng.random(size) * sentences).astype(np.int64)[person])
    return SentenceDays(person, order, day, both)


def _requirements_each(rng: np.random.Generator, size: int, total: int, disorder: np.ndarray) -> np.ndarray:
    spread = calibration()["cohort"]["repeat_weight_spread"]
    weight = rng.gamma(1 / spread**2, 1.0, size) * np.exp(0.25 * disorder)
    held = 1 + np.bincount(pick(rng, weight, total - size), minlength=size)
    while (over := held > MOST_SENTENCES).any():
        surplus = int((held[over] - MOST_SENTENCES).sum())
        held[over] = MOST_SENTENCES
        held += np.bincount(rng.choice(np.flatnonzero(held < 3), surplus), minlength=size)
    return held


def _days(
    rng: np.random.Generator, person: np.ndarray, order: np.ndarray, sentences: np.ndarray, first: int, last: int
) -> np.ndarray:
    """First sentence by the yearly profile, further ones at exponential gaps, all inside the period, never less apart
    than the minimum gap."""
    settings = calibration()["cohort"]
    days = np.arange(first, last + 1)
    years = (days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970).astype(int)
    weight = np.array([settings["monthly_weight"].get(str(year), 1.0) for year in years])
    gap = np.where(
        order == 0,
        0.0,
        settings["repeat_gap_minimum"] + rng.exponential(settings["repeat_gap_days"], len(order)),
    )
    first_row = np.cumsum(sentences) - sentences
    running = np.cumsum(gap)
    offset = running - running[first_row][person]
    longest = offset[np.cumsum(sentences) - 1]
    room = float(last - first)
    shrink = np.where(longest > 0.9 * room, 0.9 * room / np.maximum(longest, 1.0), 1.0)
    offset = np.floor(offset * shrink[person]).astype(np.int64)
    longest = offset[np.cumsum(sentences) - 1]
    start = days[pick(rng, weight, len(sentences))]
    too_late = start + longest > last
    slack = last - first - longest
    start = np.where(too_late, first + (rng.random(len(sentences)) ** 0.7 * slack).astype(np.int64), start)
    return start[person] + offset
