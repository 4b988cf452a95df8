"""Small vectorised draws shared by all parts of the generator.

Belongs here: named random streams, picks from weighted lists, whole-day dates. Does not belong here: anything about
probation, treatment, custody or courts. Dates are whole days since 1970-01-01 (numpy int64) until a table is made.
"""

import zlib
from datetime import date, timedelta

import numpy as np
import polars as pl

EPOCH = date(1970, 1, 1)


def stream(seed: int, name: str) -> np.random.Generator:
    """Random stream of one part, so that a change in one part leaves the draws of the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def uniform_by_key(seed: int, name: str, keys: np.ndarray, columns: int) -> np.ndarray:
    """A row of `columns` numbers from 0 to 1 for each whole number of `keys`: the same for a key in every quarter,
    whatever other keys there are."""
    start = np.uint64((seed << 32) ^ zlib.crc32(name.encode()) & 0xFFFF_FFFF)
    with np.errstate(over="ignore"):
        state = _scrambled(keys.astype(np.uint64) + start)[:, None] + np.arange(1, columns + 1, dtype=np.uint64)
        return (_scrambled(state) >> np.uint64(11)).astype(float) / 2.0**53


def _scrambled(number: np.ndarray) -> np.ndarray:
    """Every bit of a 64-bit number spread over all of its bits (the finaliser of splitmix64)."""
    number = number * np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_numbers(days: pl.Series) -> np.ndarray:
    """Days since 1970-01-01 of dates, none of them null."""
    return (days - EPOCH).dt.total_days().to_numpy().astype(np.int64)


def day_of(number: int) -> date:
    """Date of a day number."""
    return EPOCH + timedelta(days=int(number))


def pick(rng: np.random.Generator, weights, size: int) -> np.ndarray:
    """`size` indices into `weights`, drawn with those weights."""
    steps = np.cumsum(np.asarray(weights, dtype=float))
    return np.minimum(np.searchsorted(steps / steps[-1], rng.random(size), side="right"), len(steps) - 1)


def pick_rows(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """One index per row of an n x k matrix of weights."""
    steps = np.cumsum(weights, axis=1)
    aim = rng.random(len(weights)) * steps[:, -1]
    return np.minimum((steps <= aim[:, None]).sum(axis=1), weights.shape[1] - 1)


def chosen(rng: np.random.Generator, labels: dict[str, float], size: int) -> pl.Series:
    """`size` labels drawn with the given weights; the label "" stands for an empty value."""
    return labelled(list(labels), pick(rng, list(labels.values()), size))


def labelled(labels: list[str], index: np.ndarray) -> pl.Series:
    """Labels at `index`; the label "" and the index -1 are null."""
    with_null = pl.Series([*(label or None for label in labels), None], dtype=pl.String)
    return with_null.gather(np.where(index < 0, len(labels), index).astype(np.uint32))


def letters(codes: np.ndarray) -> pl.Series:
    """Letters A-Z of codes 0-25; a negative code is null."""
    return labelled([chr(65 + number) for number in range(26)], codes)


def dates(days: np.ndarray, present: np.ndarray | None = None) -> pl.Series:
    """Dates of day numbers; null where `present` is false."""
    column = pl.Series(days.astype(np.int32)).cast(pl.Date)
    return column if present is None else where(present, column)


def where(present: np.ndarray, column: pl.Series) -> pl.Series:
    """`column` with null where `present` is false."""
    return column.zip_with(
        pl.Series(present.astype(bool)), pl.Series([None], dtype=column.dtype).new_from_index(0, len(column))
    )


def numbered(prefix: str, numbers: np.ndarray, digits: int) -> pl.Series:
    """Keys such as "R000123" from numbers."""
    return prefix + pl.Series(numbers.astype(np.int64)).cast(pl.String).str.zfill(digits)


def logistic(values: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-values))


def years_between(birth: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Age in completed years, to the day within leap-day rounding."""
    return np.floor((day - birth) / 365.2425).astype(np.int64)
