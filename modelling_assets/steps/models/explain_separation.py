"""Names the terms behind separation.

Belongs here: which terms alone, or else which few together, predict records perfectly. Does not belong here: finding
the records (find_not_estimable.py).
"""

import numpy as np

from mixed_models.find_not_estimable import predicted_records

MOST_COLUMNS = 60  # each column costs a linear programme


def separating_columns(design: np.ndarray, outcome: np.ndarray) -> list[list[int]]:
    """The columns that part the outcomes alone, each as a list of one; without any, one list of columns that do so
    together, none of which can be left out. The design is separated.
    """
    y = outcome.astype(bool)
    if alone := [[column] for column in range(design.shape[1]) if _parts_outcomes(design[:, column], y)]:
        return alone
    together = list(range(design.shape[1]))
    if len(together) <= MOST_COLUMNS:
        for column in reversed(together.copy()):
            fewer = [other for other in together if other != column]
            if fewer and predicted_records(design[:, fewer], y).any():
                together = fewer
    return [together]


def _parts_outcomes(column: np.ndarray, outcome: np.ndarray) -> bool:
    """Whether all values with the outcome are on one side of those without; one value may be shared."""
    if np.ptp(column) == 0:
        return False
    with_outcome, without = column[outcome], column[~outcome]
    return bool(with_outcome.min() >= without.max() or without.min() >= with_outcome.max())
