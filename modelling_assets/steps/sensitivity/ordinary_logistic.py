"""Ordinary logistic regression by statsmodels, with plain standard errors and with errors clustered by person.

Belongs here: the fit, and the columns that data cannot estimate. Does not belong here: an outcome recorded with known
errors (misrecorded_outcome.py), what is fitted to what, the published models (steps/models).
"""

import warnings
from dataclasses import dataclass

import numpy as np
from statsmodels.discrete.discrete_model import Logit
from statsmodels.stats.sandwich_covariance import cov_cluster
from statsmodels.tools.sm_exceptions import ModelWarning
from threadpoolctl import threadpool_limits

from mixed_models.find_not_estimable import (
    SAME_AS_GLM,
    SeparationNotDecided,
    independent_columns,
    predicted_records,
)

MOST_STEPS = 60
# Log odds: a fit with every record nearer to even odds than this is not separated.
FAR_FROM_SEPARATION = 15.0


@dataclass(frozen=True)
class OrdinaryFit:
    """Estimates (log odds), one per column of the design, and their covariance; NaN where data cannot estimate it.

    clustered_covariance allows records of one cluster to depend on each other (the sandwich of Liang and Zeger, times
    G/(G-1) * (n-1)/(n-k) for G clusters, n records and k columns); NaN without clusters.
    """

    estimate: np.ndarray
    covariance: np.ndarray
    clustered_covariance: np.ndarray
    converged: bool

    @property
    def std_error(self) -> np.ndarray:
        """Standard errors that take records as independent."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def clustered_std_error(self) -> np.ndarray:
        """Standard errors that allow for clusters."""
        return np.sqrt(np.diag(self.clustered_covariance))


def fit_ordinary(
    design: np.ndarray, outcome: np.ndarray, clusters: np.ndarray | None = None, start: np.ndarray | None = None
) -> OrdinaryFit:
    """Maximum likelihood of a boolean `outcome` (as R's glm); `clusters` is the cluster of each record, if given.

    `start` are estimates to begin the search at, such as those of a fit that differs little. Columns that others
    determine, or that separation lets run away, are NaN; the others are estimated without them and without the records
    that separation predicts.
    """
    # One thread: sums in a fixed order repeat exactly, and no thread waits for another where cores are shared.
    with threadpool_limits(1):
        near = None if start is None else _fitted(design, outcome, clusters, start)
        return near or _fitted(design, outcome, clusters) or _fitted_in_part(design, outcome, clusters)


def _fitted(
    design: np.ndarray, outcome: np.ndarray, clusters: np.ndarray | None, start: np.ndarray | None = None
) -> OrdinaryFit | None:
    """The fit of all columns; None where some of them may not be estimable."""
    records, columns = design.shape
    if records <= columns or outcome.all() or not outcome.any():
        return None
    model = Logit(outcome.astype(float), design, check_rank=False)
    with warnings.catch_warnings():  # of what is judged here: separation, and a Hessian that has no inverse
        warnings.simplefilter("ignore", ModelWarning)
        try:
            found = model.fit(method="newton", start_params=start, maxiter=MOST_STEPS, disp=False)
        except np.linalg.LinAlgError:
            return None
        far = np.abs(design @ found.params).max() > FAR_FROM_SEPARATION
        if not found.mle_retvals["converged"] or found.normalized_cov_params is None or far:
            return None
        clustered = np.full((columns, columns), np.nan)
        if clusters is not None and len(np.unique(clusters)) > 1:
            clustered = np.asarray(cov_cluster(found, clusters))
    return OrdinaryFit(found.params, found.cov_params(), clustered, True)


def _fitted_in_part(design: np.ndarray, outcome: np.ndarray, clusters: np.ndarray | None) -> OrdinaryFit:
    """The fit of the columns that the records can tell apart, on those that no separation predicts."""
    width = design.shape[1]
    estimate, covariance, clustered = (np.full(shape, np.nan) for shape in (width, (width, width), (width, width)))
    nothing = OrdinaryFit(estimate, covariance, clustered, converged=False)
    if outcome.all() or not outcome.any():
        return nothing
    places, doubtful = _told_apart(design, np.arange(design.shape[1]))
    try:
        kept = ~predicted_records(design[:, places], outcome)
    except SeparationNotDecided:
        return nothing
    places, more = _told_apart(design[kept], places)
    part = _fitted(design[kept][:, places], outcome[kept], None if clusters is None else clusters[kept])
    if part is None:
        return nothing
    unsure = sorted(doubtful | more)
    estimate[places] = part.estimate
    estimate[unsure] = np.nan
    for whole, found in ((covariance, part.covariance), (clustered, part.clustered_covariance)):
        whole[np.ix_(places, places)] = found
        whole[unsure] = whole[:, unsure] = np.nan
    return OrdinaryFit(estimate, covariance, clustered, converged=True)


def _told_apart(design: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, set[int]]:
    """Which of the columns `places` are no combination of those before them; and all that take part in one."""
    independent, combined = independent_columns(design[:, places], SAME_AS_GLM)
    part_of_one = {int(places[each]) for column, others in combined.items() for each in (column, *others)}
    return places[independent], part_of_one
