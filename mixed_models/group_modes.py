"""How far each group lies from the average group: the conditional modes of a random intercept.

Belongs here: modes and their conditional variances, given the estimates of a fit. Does not belong here: the fit
(fit_mixed_logistic.py), pooling, what is said of them.

A mode is the most probable value of a group's intercept, given its records: drawn towards 0, the average group, the
more the fewer records it has. Its variance takes the fixed effects and the sd of the random intercept as known, as
lme4's ranef(condVar = TRUE) does: their own uncertainty is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

from mixed_models.fit_mixed_logistic import CALLED_SINGULAR, MixedLogisticFit
from mixed_models.laplace_likelihood import LaplaceLikelihood


@dataclass(frozen=True)
class GroupModes:
    """Per group its mode and conditional standard deviation (log odds); all 0 where the random intercept has no spread.

    groups: their names, in the order of the other two.
    """

    groups: list[str]
    mode: np.ndarray
    std_error: np.ndarray


def group_modes(fit: MixedLogisticFit, design: np.ndarray, outcome: np.ndarray, groups: Sequence[str]) -> GroupModes:
    """The modes of a fit that converged; `design`, `outcome` and `groups` are those that it was fitted to."""
    names, number = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    sd = fit.random_intercept_sd
    if sd < CALLED_SINGULAR:
        return GroupModes(names.tolist(), np.zeros(len(names)), np.zeros(len(names)))
    # One thread: sums in a fixed order repeat exactly.
    with threadpool_limits(1):
        likelihood = LaplaceLikelihood(design, outcome, number)
        likelihood.value(np.r_[fit.estimate, sd])  # moves the modes
        mode = sd * likelihood.mode
        p = expit(design @ fit.estimate + mode[number])
        information = np.bincount(number, weights=p * (1 - p))
    return GroupModes(names.tolist(), mode, sd / np.sqrt(1 + sd**2 * information))
