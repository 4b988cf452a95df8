"""Why a model, or a term of it, cannot be estimated: in words, with what to do.

Belongs here: causes that are known before a fit, and what is behind one that failed. Does not belong here: fits, and
finding which terms others determine (find_not_estimable.py).

No cause quotes a count: what the study cannot estimate is published with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mixed_models.find_not_estimable import SeparationNotDecided, predicted_records

# Beyond this the linear programme over terms and groups takes too long for what it tells.
MOST_GROUPS_IN_PROGRAMME = 400


@dataclass(frozen=True)
class Cause:
    """Why nothing is estimated, and what to do. of_groups: whether the random intercept stands in the way."""

    reason: str
    what_to_do: str
    of_groups: bool = False


_WITHOUT = "Leave the random intercept out, or group by something that more records share."
NO_RECORDS = Cause("no records", "Give records with an outcome and with every term.")
ONE_OUTCOME = Cause("all records have the same outcome", "Take an outcome that some records have and others have not.")
TOO_MANY_TERMS = Cause(
    "there are as many terms as records, or more", "Leave terms out, put levels together, or take more records."
)
SEPARATED = Cause(
    "terms predict the outcome of every record perfectly (complete separation)",
    "Leave out the terms that predict it, or put their levels together. The likelihood has no maximum with them.",
)
OWN_GROUP = Cause(
    "every record is a group of its own: a random intercept cannot be told from chance (lme4 refuses it too)",
    _WITHOUT,
    of_groups=True,
)
ONE_GROUP = Cause(
    "the random intercept has one group only", "Leave it out for ordinary logistic regression.", of_groups=True
)
ALL_OR_NOTHING = Cause(
    "in every group all records have the same outcome: the sd of the random intercept grows without limit",
    "Leave the random intercept out and give one record per group: those of a group say the same thing.",
    of_groups=True,
)
FEW_MIXED_GROUPS = Cause(
    "in nearly every group all records have the same outcome: the sd of the random intercept grows without limit",
    ALL_OR_NOTHING.what_to_do,
    of_groups=True,
)
GROUPS_PREDICT = Cause(
    "terms and groups together predict the outcome of every record perfectly (separation within groups)",
    _WITHOUT,
    of_groups=True,
)
SINGLE_RECORDS = Cause(
    "nearly every group has one record: a random intercept can hardly be told from chance", _WITHOUT, of_groups=True
)
NOT_CONVERGED = Cause(
    "the fit did not converge, and no usual cause was found",
    "Leave terms out one by one, or put rare levels together, to find what stops it.",
)
NEARLY_EVERY = 0.9


def cause_in_outcome(outcome: np.ndarray) -> Cause | None:
    """What is wrong with an outcome, if anything."""
    if not len(outcome):
        return NO_RECORDS
    return ONE_OUTCOME if outcome.all() or not outcome.any() else None


def cause_in_groups(outcome: np.ndarray, groups: Sequence[str]) -> Cause | None:
    """What is known before the fit to make a random intercept per group impossible, if anything.

    One group only is not among it: its fit is the ordinary one.
    """
    sizes, mixed = _groups(outcome, groups)
    if len(sizes) == len(outcome) > 1:
        return OWN_GROUP
    return ALL_OR_NOTHING if len(sizes) > 1 and not mixed.any() else None


def cause_of_failure(design: np.ndarray, outcome: np.ndarray, groups: Sequence[str] | None) -> Cause:
    """What is behind a fit that did not converge, as far as it is known."""
    if groups is None:
        return NOT_CONVERGED
    sizes, mixed = _groups(outcome, groups)
    if mixed.mean() < 1 - NEARLY_EVERY:
        return SINGLE_RECORDS if (sizes == 1).mean() > NEARLY_EVERY else FEW_MIXED_GROUPS
    if len(sizes) <= MOST_GROUPS_IN_PROGRAMME:
        number = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
        # Coefficients of terms beside a free intercept for each group.
        both = np.column_stack([design[:, np.ptp(design, axis=0) > 0], np.eye(len(sizes))[number]])
        try:
            if predicted_records(both, outcome).all():
                return GROUPS_PREDICT
        except SeparationNotDecided:
            pass
    return NOT_CONVERGED


def _groups(outcome: np.ndarray, groups: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Per group its records, and whether it has both outcomes."""
    number = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
    sizes = np.bincount(number)
    hits = np.bincount(number, weights=outcome.astype(float))
    return sizes, (hits > 0) & (hits < sizes)
