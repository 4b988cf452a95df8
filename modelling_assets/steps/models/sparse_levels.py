"""Which levels have too few records for an estimate, and which records leave a fit for that.

Belongs here: the rule on counts, for the published models and for those of the sensitivity analyses. Does not belong
here: what data cannot tell apart, and what a fit does not settle (find_not_estimable.py, estimate_terms.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

Level = tuple[str, str]


def too_few(minimum: int) -> str:
    """The reason why a level is too rare."""
    return f"fewer than {minimum} records with the outcome or without it"


def rarer_outcome(member: np.ndarray, outcome: np.ndarray) -> int:
    """Records of a mask with the outcome or without it, whichever are fewer."""
    with_outcome = int((member & outcome).sum())
    return min(with_outcome, int(member.sum()) - with_outcome)


@dataclass(frozen=True)
class SparseLevels:
    """kept: mask of the records that stay. columns: levels that get a column, in order. reasons: of levels without an
    estimate, with or without a column."""

    kept: np.ndarray
    columns: list[Level]
    reasons: dict[Level, str]


def find_sparse_levels(
    member: Mapping[Level, np.ndarray], references: Collection[Level], outcome: np.ndarray, minimum: int
) -> SparseLevels:
    """The levels (factor, level) with fewer than `minimum` records with the outcome or without it, themselves or their
    reference level. When a level has none, its records leave, which could inform nothing; otherwise they stay.

    member: per level the mask of its records. references: the reference levels, which have no column.
    """
    kept = np.ones(len(outcome), bool)
    columns = [level for level in member if level not in references]
    reasons: dict[Level, str] = {}

    def rarer(level: Level) -> int:
        return rarer_outcome(member[level] & kept, outcome)

    # Taking records out can empty another level: again until nothing changes.
    while separated := [level for level in columns if rarer(level) == 0]:
        for level in separated:
            columns.remove(level)
            reasons[level] = too_few(minimum)
            kept &= ~member[level]
    of_reference = {level[0]: rarer(level) for level in references}
    for level in (level for level in member if level not in references):
        if of_reference.get(level[0], minimum) < minimum:
            reasons.setdefault(level, f"reference level: {too_few(minimum)}")
        elif rarer(level) < minimum:
            reasons.setdefault(level, too_few(minimum))
    return SparseLevels(kept, [level for level in columns if of_reference.get(level[0], 1) > 0], reasons)
