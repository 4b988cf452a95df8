"""Which of many rows share something with a few, found without sorting the many.

Belongs here: rows that have a combination of codes that others have as well. Does not belong here: what combinations
are looked at (a specification), and what is made of the rows (next_release.py).
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from record_linkage.identities.value_codes import NOTHING, Rows, keys_of
from record_linkage.specification import Rule, column_pairs

Mask = npt.NDArray[np.bool_]
Table = Mapping[str, Rows]
# Columns that are asked for together, once for each side of a rule: rows may meet across the sides.
Way = Sequence[Sequence[str]]
AT_ONCE = 1 << 18  # rows whose keys stay at the processor's hand
FEWEST_BITS, MOST_BITS, PLACES_A_KEY = 10, 27, 8


def ways_of(rules: Iterable[Rule]) -> list[Way]:
    """What rows are looked up by in each rule."""
    return [_sides(rule) for rule in rules]


def widest(ways: Iterable[Sequence[str]]) -> list[Way]:
    """Ways of one side, without those that ask for all that another asks for, and more."""
    asked = {frozenset(columns) for columns in ways}
    return [[sorted(columns)] for columns in sorted(asked, key=sorted) if not any(other < columns for other in asked)]


def rows_sharing(every: Table, some: Sequence[Table], ways: Iterable[Way], known: Mask) -> Mask:
    """Whether a row of `every` has what a row of `some` has, in one of the ways; a few others may be said to.

    What is missing is shared with nobody. known: rows that are found without being looked at.
    """
    found = known.copy()
    # The same arrays for all ways, as a new one costs more than what it is for.
    most = sum(next(iter(table.values())).size for table in some)
    bits = min(max((most * PLACES_A_KEY).bit_length(), FEWEST_BITS), MOST_BITS)
    sieves = [_Sieve(bits, shift) for shift in (64 - bits, (64 - bits) // 2, 0)]
    for way in ways:
        marked = np.concatenate([keyed(table, columns)[0] for table in some for columns in way])
        for sieve in sieves:
            sieve.mark(marked, True)
        for start in range(0, found.size, AT_ONCE):
            here = slice(start, start + AT_ONCE)
            for columns in way:
                _sift({name: every[name][here] for name in columns}, columns, sieves, found[here])
        for sieve in sieves:
            sieve.mark(marked, False)
    return found


def _sift(some: Table, columns: Sequence[str], sieves: Sequence["_Sieve"], found: Mask) -> None:
    """Mark in `found` the rows whose key passes all sieves."""
    keys, rows = keyed(some, columns, but=found)
    for sieve in sieves:
        held = sieve.holds(keys)
        keys, rows = keys[held], rows[held]
    found[rows] = True


class _Sieve:
    """Marks of some bits of keys, few enough to be at the processor's hand. Three let hardly another row through."""

    def __init__(self, bits: int, shift: int):
        self.marks, self.shift, self.mask = (
            np.zeros(1 << bits, dtype=np.bool_),
            np.uint64(shift),
            np.uint64((1 << bits) - 1),
        )

    def mark(self, keys: npt.NDArray[np.uint64], mark: bool) -> None:
        """Set or clear the marks of keys."""
        self.marks[keys >> self.shift & self.mask] = mark

    def holds(self, keys: npt.NDArray[np.uint64]) -> Mask:
        """Whether keys are marked, or others with these bits."""
        return self.marks[keys >> self.shift & self.mask]


def keyed(table: Table, columns: Sequence[str], but: Mask | None = None) -> tuple[npt.NDArray[np.uint64], Rows]:
    """Numbers of what rows have in `columns`, and the rows: those that miss none of it. but: rows that are left out."""
    complete = np.ones(table[columns[0]].size, dtype=np.bool_) if but is None else ~but
    for column in columns:
        complete &= table[column] != NOTHING
    rows = np.flatnonzero(complete).astype(np.uint32)
    return keys_of([table[column][rows] for column in columns]), rows


def some_rows(table: Table, rows: Mask | Rows) -> Table:
    """The same columns of some of the rows."""
    places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows  # once, not for each column
    return {column: codes[places] for column, codes in table.items()}


def columns_of(table: Table, ways: Iterable[Way]) -> Table:
    """The columns that some ways ask for."""
    asked = {column for way in ways for side in way for column in side}
    return {column: table[column] for column in asked}


def _sides(rule: Rule) -> Way:
    sides = [[pair[side] for pair in column_pairs(rule)] for side in (0, 1)]
    return sides[:1] if sides[0] == sides[1] else sides
