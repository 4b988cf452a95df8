"""Dates of birth as they are mistyped or misgiven; what comes of it is always a date.

Belongs here: one slip each. Does not belong here: how often they happen (recording_errors.py).
"""

import numpy as np

from synthetic_extracts.draws import pick

PLACEHOLDERS = np.array([-25567, -25202, 0])  # 1900-01-01, 1901-01-01, 1970-01-01


def _parts(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    moment = days.astype("datetime64[D]")
    year = moment.astype("datetime64[Y]").astype(np.int64) + 1970
    month = moment.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return year, month, (moment - moment.astype("datetime64[M]")).astype(np.int64) + 1


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Day numbers; where the date does not exist or no client could be born then, `otherwise`."""
    month_ok = np.clip(month, 1, 12)
    start = ((year - 1970) * 12 + month_ok - 1).astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    good = (month == month_ok) & (day >= 1) & (day <= length) & (year >= 1930) & (year <= 2004)
    days = start.astype("datetime64[D]").astype(np.int64) + np.clip(day, 1, 28) - 1
    days = np.where(good, start.astype("datetime64[D]").astype(np.int64) + day - 1, days)
    good &= ~np.isin(days, PLACEHOLDERS)
    return np.where(good, days, otherwise)


def one_digit_slip(rng: np.random.Generator, dob: np.ndarray) -> np.ndarray:
    """Dates with one digit of day, month or year typed wrongly; unchanged where no valid date comes of it."""
    year, month, day = _parts(dob)
    result = dob.copy()
    for _ in range(12):
        rows = np.flatnonzero(result == dob)
        if not len(rows):
            break
        place = pick(rng, [0.15, 0.25, 0.10, 0.20, 0.10, 0.20], len(rows))
        unit = np.array([10, 1, 10, 1, 10, 1])[place]
        field = np.array([0, 0, 1, 1, 2, 2])[place]
        value = np.choose(field, [year[rows], month[rows], day[rows]])
        digit = value // unit % 10
        value = value + (rng.integers(0, 10, len(rows)) - digit) * unit
        result[rows] = _days(
            np.where(field == 0, value, year[rows]),
            np.where(field == 1, value, month[rows]),
            np.where(field == 2, value, day[rows]),
            dob[rows],
        )
    return result


def day_month_swapped(rng: np.random.Generator, dob: np.ndarray) -> np.ndarray:
    """Dates with day and month exchanged where that is a date."""
    year, month, day = _parts(dob)
    return _days(year, day, month, dob)


def wrong_year(rng: np.random.Generator, dob: np.ndarray) -> np.ndarray:
    """Same day and month, up to ten years off."""
    year, month, day = _parts(dob)
    shift = rng.integers(1, 11, len(dob)) * rng.choice([-1, 1], len(dob))
    return _days(year + shift, month, day, dob)


def another_date(rng: np.random.Generator, dob: np.ndarray) -> np.ndarray:
    """A date given falsely: within eight years of the true one."""
    year, month, day = _parts(dob + rng.integers(-2900, 2900, len(dob)))
    return _days(year, month, day, dob)
