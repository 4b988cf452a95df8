"""Values as numbers of four bytes, which are compared, sorted and put together faster than text.

Belongs here: numbers of values and of keys, and whether groups of rows have several. Does not belong here: what groups
are (certain_groups.py).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

SEED = 5
NOTHING, EVERYTHING = np.uint32(0), np.uint32(2**32 - 1)
Rows = npt.NDArray[np.uint32]


def codes_of(values: pl.Series) -> Rows:
    """A number for each value, 0 for none. Two values have one number once in four thousand million."""
    hashed = (values.hash(SEED).to_numpy() >> np.uint64(32)).astype(np.uint32)
    codes = np.clip(hashed, 1, EVERYTHING - np.uint32(1))
    codes[values.is_null().to_numpy()] = NOTHING
    return codes


def keys_of(columns: Sequence[Rows]) -> npt.NDArray[np.uint64]:
    """A number for each combination of codes."""
    key = np.zeros(columns[0].size, dtype=np.uint64)
    for column in columns:
        key = _mixed(key ^ column)
    return key


def distinct_rows(columns: Sequence[Rows]) -> tuple[Rows, Rows]:
    """The first row of each combination of codes, in the order of their keys; and the combination of each row."""
    key = keys_of(columns)
    order = np.argsort(key)
    ordered = key[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if key.size else np.empty(0, dtype=np.bool_)
    combination = np.empty(key.size, dtype=np.uint32)
    combination[order] = np.cumsum(new) - 1
    first = np.minimum.reduceat(order, np.flatnonzero(new)) if key.size else order
    return first.astype(np.uint32), combination


def differ(codes: Rows, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether a group has two values, those that have none left aside."""
    if not starts.size:
        return np.empty(0, dtype=np.bool_)
    highest = np.maximum.reduceat(codes, starts)
    lowest = np.minimum.reduceat(np.where(codes == NOTHING, EVERYTHING, codes), starts)
    return (highest != lowest) & (highest != NOTHING)


def _mixed(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Every bit of a number changed by every other (splitmix64)."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))
