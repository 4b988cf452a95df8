"""What a reader must think possible for counts that are not shown, given those that are and what adds up.

Belongs here: the linear programme behind secondary suppression. Does not belong here: which counts need protection
and what is shown (disclosure_control.py).

A reader knows every sum and every count shown. Another set of whole numbers that fits them is a *change* of the true
counts under which every sum still holds, no count that is shown moves, and no count falls below what the reader knows
of it. A count is safe when there are changes that move it far enough. Looking for the cheapest change over all counts,
where moving a count that is shown costs what is lost by hiding it, says which counts to hide for that.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array, csr_matrix

from publishing.tables.counted_table import Sum

NEGLIGIBLE = 1e-6


class PossibleCounts:
    """Counts tied by sums. least: the smallest number that a reader must think possible for each count."""

    def __init__(self, counts: Mapping[str, int], sums: Iterable[Sum], least: Mapping[str, int]):
        sums = list(sums)
        self.names = sorted({name for total in sums for name in (total.total, *total.parts)})
        self._place = {name: place for place, name in enumerate(self.names)}
        self._room = np.array([counts[name] - least[name] for name in self.names], dtype=float)
        # Every count of every sum, the total with a plus and its parts with a minus: the sum, the count and the sign.
        entries = [
            (row, self._place[name], sign)
            for row, total in enumerate(sums)
            for name, sign in ((total.total, 1), *((part, -1) for part in total.parts))
        ]
        self._rows, self._columns, self._signs = np.array(entries, dtype=int).reshape(-1, 3).T
        held = (np.ones(len(entries)), (self._rows, self._columns))
        self._held = csr_array(held, shape=(len(sums), len(self.names)))
        self._held_by = csr_array(self._held.T)

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def cheapest_change(self, target: str, by: int, price: Mapping[str, float]) -> dict[str, int] | None:
        """By how much the cheapest change moves each count, when it moves `target` by `by`; None if there is none.

        price: of moving a count by one. A count without a price cannot be moved.
        """
        prices = np.array(list(map(price.get, self.names)), dtype=float)  # NaN where there is none
        counts, rows = self._within_reach(self._place[target], ~np.isnan(prices))
        room, size = self._room[counts], int(counts.sum())
        mine = int(counts[: self._place[target]].sum())
        entries = counts[self._columns] & rows[self._rows]
        at, columns = _renumbered(self._rows[entries], rows), _renumbered(self._columns[entries], counts)
        if -by > room[mine] or not _may_move(at, columns, size)[mine]:
            return None
        # Every count has a rise and a fall, each at its price, so that the price is of the distance.
        signs = self._signs[entries].astype(float)
        balance = csr_matrix(
            (np.r_[signs, -signs], (np.r_[at, at], np.r_[columns, columns + size])), shape=(int(rows.sum()), 2 * size)
        )
        lower, upper = np.zeros(2 * size), np.r_[np.full(size, np.inf), room]
        lower[mine] = upper[mine] = max(by, 0)
        lower[size + mine] = upper[size + mine] = max(-by, 0)
        change = _cheapest(np.tile(prices[counts], 2), balance, lower, upper)
        if change is None:
            return None
        moved = (change[:size] - change[size:]).round().astype(int)
        names = np.flatnonzero(counts)
        return {self.names[names[place]]: int(moved[place]) for place in np.flatnonzero(moved)}

    def _within_reach(self, target: int, movable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Masks of the counts that can move together with `target`, and of the sums that hold them."""
        counts = np.arange(len(movable)) == target
        while True:
            rows = self._held @ counts > 0
            more = counts | movable & (self._held_by @ rows > 0)
            if more.sum() == counts.sum():
                return counts, rows
            counts = more


def _renumbered(places: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Places among all as places among those of a mask."""
    return (np.cumsum(mask) - 1)[places]


def _may_move(rows: np.ndarray, columns: np.ndarray, size: int) -> np.ndarray:
    """Mask of the counts that are not held by a sum in which everything else is: those stay as they are.

    It decides without a linear programme what most counts are refused for.
    """
    free = np.ones(size, bool)
    while True:
        left = free[columns]
        alone = np.bincount(rows[left], minlength=rows.max(initial=0) + 1) == 1
        stuck = columns[left & alone[rows]]
        if not len(stuck):
            return free
        free[stuck] = False


def _cheapest(cost: np.ndarray, balance: csr_matrix, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    """Rises and falls, in whole numbers, under which all sums hold; None if there are none."""
    for whole in (0, 1):  # a solution of the linear programme is nearly always in whole numbers already
        found = milp(
            cost,
            constraints=LinearConstraint(balance, 0, 0),
            bounds=(lower, upper),
            integrality=np.full(len(cost), whole),
        )
        if found.x is None:
            return None
        size = len(cost) // 2
        change = found.x[:size] - found.x[size:]
        if np.abs(change - change.round()).max() < NEGLIGIBLE:
            break
    return found.x
