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
from scipy.sparse import csr_matrix

from modelling_assets.steps.tables.declared_table import Sum

NEGLIGIBLE = 1e-6


class PossibleCounts:
    """Counts tied by sums. least: the smallest number that a reader must think possible for each count."""

    def __init__(self, counts: Mapping[str, int], sums: Iterable[Sum], least: Mapping[str, int]):
        self.sums = list(sums)
        self.names = sorted({name for total in self.sums for name in (total.total, *total.parts)})
        self.room = {name: counts[name] - least[name] for name in self.names}
        self._sums_of: dict[str, list[int]] = {name: [] for name in self.names}
        for row, total in enumerate(self.sums):
            for name in {total.total, *total.parts}:
                self._sums_of[name].append(row)

    def __contains__(self, name: str) -> bool:
        return name in self._sums_of

    def cheapest_change(self, target: str, by: int, price: Mapping[str, float]) -> dict[str, int] | None:
        """By how much the cheapest change moves each count, when it moves `target` by `by`; None if there is none.

        price: of moving a count by one. A count without a price cannot be moved.
        """
        names, rows = self._within_reach(target, price)
        place, size = {name: column for column, name in enumerate(names)}, len(names)
        entries = [
            (row, place[name], sign)
            for row, number in enumerate(rows)
            for name, sign in ((self.sums[number].total, 1), *((part, -1) for part in self.sums[number].parts))
            if name in place
        ]
        at, columns, signs = (np.array(side) for side in zip(*entries, strict=True))
        # Every count has a rise and a fall, each at its price, so that the price is of the distance.
        balance = csr_matrix(
            (np.r_[signs, -signs].astype(float), (np.r_[at, at], np.r_[columns, columns + size])),
            shape=(len(rows), 2 * size),
        )
        cost = np.tile([price[name] for name in names], 2)
        lower, upper = np.zeros(2 * size), np.r_[np.full(size, np.inf), [self.room[name] for name in names]]
        rise, fall = place[target], size + place[target]
        if -by > upper[fall]:
            return None
        lower[rise] = upper[rise] = max(by, 0)
        lower[fall] = upper[fall] = max(-by, 0)
        for whole in (0, 1):  # a solution of the linear programme is nearly always in whole numbers already
            found = milp(
                cost, constraints=LinearConstraint(balance, 0, 0), bounds=(lower, upper),
                integrality=np.full(2 * size, whole),
            )  # fmt: skip
            if found.x is None:
                return None
            change = found.x[:size] - found.x[size:]
            if np.abs(change - change.round()).max() < NEGLIGIBLE:
                break
        return {name: int(moved) for name, moved in zip(names, change.round(), strict=True) if moved}

    def _within_reach(self, target: str, price: Mapping[str, float]) -> tuple[list[str], list[int]]:
        """Counts that can move together with `target`, sorted, and the sums that hold them."""
        names, rows, waiting = {target}, set(), [target]
        while waiting:
            for row in self._sums_of[waiting.pop()]:
                if row not in rows:
                    rows.add(row)
                    total = self.sums[row]
                    found = {name for name in (total.total, *total.parts) if name in price} - names
                    names |= found
                    waiting += found
        return sorted(names), sorted(rows)
