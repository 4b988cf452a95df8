"""Distinct values of a column numbered in the order in which they first come, without a table of them.

Belongs here: the first row of each value. Does not belong here: codes of values (value_codes.py), which say nothing of
order.
"""

import numpy as np
import numpy.typing as npt

from record_linkage.identities.value_codes import Rows, in_order, starts_of


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
