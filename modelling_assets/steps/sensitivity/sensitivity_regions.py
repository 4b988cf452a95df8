"""Regions as fixed effects: how far each lies from the unweighted average of all regions.

Belongs here: the contrasts. Does not belong here: the fits, and regions as a random intercept
(steps/models/group_modes.py), which draws them towards the average. This does not: it stands beside.
"""

import numpy as np


def deviations_from_average(
    estimate: np.ndarray, covariance: np.ndarray, places: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of every region less their mean, and standard errors, as deviation coding gives them.

    `estimate` and `covariance` are those of a fit with a column per region but the first, at `places`. The first region
    comes first. NaN where the fit could not estimate a region: the average is then unknown.
    """
    regions = len(places) + 1
    contrasts = (np.eye(regions) - 1 / regions)[:, 1:]
    effects, between = estimate[places], covariance[np.ix_(places, places)]
    return contrasts @ effects, np.sqrt(np.einsum("ij,jk,ik->i", contrasts, between, contrasts))
