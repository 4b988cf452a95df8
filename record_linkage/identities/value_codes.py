"""Values as numbers of four bytes, which are compared, sorted and put together faster than text.

Belongs here: numbers of values and of keys, by what they are or in the order in which they first come; and whether
groups of rows have several. Does not belong here: what groups
are (certain_groups.py).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

SEED = 5
NOTHING, EVERYTHING = np.uint32(0), np.uint32(2**32 - 1)
Rows = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
# The first fraction digits of pi in base 2^64, made odd: nothing is hidden in them.
_ODD = [
    np.uint64(each | 1)
    for each in (
        0x243F6A8885A308D3,
        0x13198A2E03707344,
        0xA4093822299F31D0,
        0x082EFA98EC4E6C89,
        0x452821E638D01377,
        0xBE5466CF34E90C6C,
        0xC0AC29B7C97C50DD,
        0x3F84D5B5B5470917,
    )
]


def codes_of(values: pl.Series) -> Rows:
    """A number for each value, 0 for none. Two values have one number once in four thousand million."""
    hashed = (values.hash(SEED).to_numpy() >> np.uint64(32)).astype(np.uint32)
    codes = np.clip(hashed, 1, EVERYTHING - np.uint32(1))
    codes[values.is_null().to_numpy()] = NOTHING
    return codes


def keys_of(columns: Sequence[Rows]) -> npt.NDArray[np.uint64]:
    """A number for each combination of codes: their sum, each times an odd number of its own.

    Two combinations have one number about once in 2^64: of two columns nearly never, as so few differences add to zero.
    """
    key = columns[0] * _ODD[0]
    product = np.empty_like(key)
    for column, odd in zip(columns[1:], _ODD[1:], strict=False):
        key += np.multiply(column, odd, out=product)
    return key


def distinct_rows(columns: Sequence[Rows]) -> tuple[Rows, Rows]:
    """The first row of each combination of codes, in the order of their keys; and the combination of each row."""
    order, new = _ordered(columns)
    combination = np.empty(order.size, dtype=np.uint32)
    combination[order] = np.cumsum(new, dtype=np.uint32) - np.uint32(1)
    return _first(order, new), combination


def first_rows(columns: Sequence[Rows]) -> Rows:
    """The first row of each combination of codes, in the order of their keys."""
    return _first(*_ordered(columns))


def starts_of(values: npt.NDArray[Any]) -> Places:
    """Where each run of one value starts."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if values.size else np.empty(0, int)


def firsts_of_numbers(values: npt.NDArray[np.int64]) -> Rows:
    """The first row with each row's value. For numbers from 0 that are not much larger than there are rows."""
    rows = np.arange(values.size, dtype=np.uint32)
    first = np.empty(int(values.max(initial=-1)) + 1, dtype=np.uint32)
    first[values[::-1]] = rows[::-1]  # the last that is written stays
    return first[values]


def firsts_of_hashes(values: npt.NDArray[np.uint64]) -> Rows:
    """The same for numbers that are evenly spread, as hashes are."""
    order, ordered = in_order(values)
    starts = starts_of(ordered)
    first = np.empty(values.size, dtype=np.uint32)
    first[order] = np.repeat(order[starts], np.diff(np.append(starts, order.size)))
    return first


def numbered(firsts: Rows) -> tuple[Rows, Rows]:
    """Rows that are the first with their value, ascending, and the number of each row's value among these."""
    is_first = firsts == np.arange(firsts.size, dtype=np.uint32)
    number = np.cumsum(is_first, dtype=np.uint32) - np.uint32(1)
    return np.flatnonzero(is_first).astype(np.uint32), number[firsts]


def in_order(keys: npt.NDArray[np.uint64]) -> tuple[Rows, npt.NDArray[np.uint64]]:
    """Rows in the order of their keys, those of one key as they come; and the keys in that order. For keys that are
    evenly spread, as hashes are.

    Row numbers are written over the last bits and sorted with the rest, in a third of the time of sorting rows by keys.
    """
    last = np.uint64((1 << int(keys.size).bit_length()) - 1)
    packed = (keys & ~last) | np.arange(keys.size, dtype=np.uint64)
    packed.sort()
    rows = (packed & last).astype(np.uint32)
    ordered = keys[rows]
    # The few keys that differ in their last bits alone are not in order yet.
    packed &= ~last
    for start in np.unique(packed[1:][ordered[1:] < ordered[:-1]]):
        here = np.flatnonzero(packed == start)
        some = slice(int(here[0]), int(here[-1]) + 1)
        rows[some] = rows[some][np.argsort(keys[rows[some]], kind="stable")]
        ordered[some] = keys[rows[some]]
    return rows, ordered


def in_order_of(numbers: Rows) -> npt.NDArray[np.int64]:
    """Places in the order of their numbers, those of one number as they come: faster than an argsort."""
    packed = (numbers.astype(np.uint64) << np.uint64(32)) | np.arange(numbers.size, dtype=np.uint64)
    return (np.sort(packed) & np.uint64(2**32 - 1)).astype(np.int64)


def _ordered(columns: Sequence[Rows]) -> tuple[Rows, npt.NDArray[np.bool_]]:
    """Rows in the order of their keys, and whether each has another key than the one before."""
    order, key = in_order(keys_of(columns))
    return order, np.concatenate([[True], key[1:] != key[:-1]]) if key.size else np.empty(0, dtype=np.bool_)


def _first(order: Rows, new: npt.NDArray[np.bool_]) -> Rows:
    return (np.minimum.reduceat(order, np.flatnonzero(new)) if order.size else order).astype(np.uint32)


def differ(codes: Rows, starts: Places) -> npt.NDArray[np.bool_]:
    """Whether a group has two values, those that have none left aside."""
    if not starts.size:
        return np.empty(0, dtype=np.bool_)
    highest = np.maximum.reduceat(codes, starts)
    lowest = np.minimum.reduceat(codes - np.uint32(1), starts)  # nothing, less one, is the largest number
    return (highest != lowest + np.uint32(1)) & (highest != NOTHING)
