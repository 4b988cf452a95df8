"""Logistic regression of an outcome that is recorded with known errors, which no library at hand fits.

Belongs here: the likelihood, its maximum and the errors. Does not belong here: what is fitted to what, and outcomes
taken as they are recorded (ordinary_logistic.py).

An outcome with known sensitivity and specificity has the probability (1 - specificity) + (sensitivity + specificity -
1) * p, where p is the logistic probability of the true outcome (Magder and Hughes 1997; Hausman and others 1998). Both
at 1 give ordinary logistic regression.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit
from threadpoolctl import threadpool_limits

from modelling_assets.steps.models.weighted_products import weighted_products

MOST_STEPS = 60
MOST_HALVINGS = 12
CLOSE_ENOUGH = 1e-14  # squared length of a step, in standard errors; collinear columns do not count
# The information is worked out anew after a step that is longer than this share of the one before (both squared). While
# steps shrink faster, an old one does: it costs as much as twenty steps, and only decides how soon they end.
SLOWLY = 0.04
# Only matters for columns that cannot be estimated, such as collinear ones or a region where all have the outcome:
# their errors are huge, the others settle.
RIDGE = 1e-8


@dataclass(frozen=True)
class MisrecordedFit:
    """Estimates (log odds of the true outcome, one per column of the design), and their covariance: the inverse of the
    expected information."""

    estimate: np.ndarray
    covariance: np.ndarray
    converged: bool

    @property
    def std_error(self) -> np.ndarray:
        """Standard errors that hold when records are independent and the model is right."""
        return np.sqrt(np.diag(self.covariance))


def fit_misrecorded(
    design: sparse.csr_array,
    outcome: np.ndarray,
    sensitivity: np.ndarray | float = 1.0,
    specificity: np.ndarray | float = 1.0,
    start: np.ndarray | None = None,
    near: MisrecordedFit | None = None,
) -> MisrecordedFit:
    """Maximum likelihood by Fisher scoring, halving a step that makes the likelihood smaller.

    `outcome` is 0 or 1 per record as recorded; sensitivity and specificity are those of recording it, one number or one
    per record. `start` are estimates to begin with; `near`, a fit of the same design to begin at, with its covariance.
    """
    # One thread: sums in a fixed order repeat exactly, and no thread waits for another where cores are shared.
    with threadpool_limits(1):
        return _fitted(design, outcome, sensitivity, specificity, start, near)


def _fitted(
    design: sparse.csr_array, outcome: np.ndarray, sensitivity: np.ndarray | float, specificity: np.ndarray | float,
    start: np.ndarray | None, near: MisrecordedFit | None,
) -> MisrecordedFit:
    beta = near.estimate if near else np.zeros(design.sum(axis=0).size) if start is None else start
    floor, slope = 1 - np.asarray(specificity, float), np.asarray(sensitivity, float) + specificity - 1
    state = _at(design, outcome, beta, floor, slope)
    inverse = near.covariance if near else _inverse_information(design, state)
    converged, tried, before = False, state, np.inf
    for _ in range(MOST_STEPS):
        gradient = design.T @ state.residual
        step = inverse @ gradient
        length = float(gradient @ step)
        if not 0 <= length <= SLOWLY * before:
            inverse = _inverse_information(design, state)
            step = inverse @ gradient
            length = float(gradient @ step)
        before = length
        for _ in range(MOST_HALVINGS):
            tried = _at(design, outcome, beta + step, floor, slope)
            if tried.log_likelihood >= state.log_likelihood - 1e-9:
                break
            step = step / 2
        beta, state = beta + step, tried
        if converged := length < CLOSE_ENOUGH:
            break
    return MisrecordedFit(beta, _inverse_information(design, state), converged)


@dataclass(frozen=True)
class _State:
    """Log likelihood at some estimates; per record its derivative by the linear predictor, and its expected weight."""

    log_likelihood: float
    residual: np.ndarray
    weight: np.ndarray


def _at(design: sparse.csr_array, outcome: np.ndarray, beta: np.ndarray, floor, slope) -> _State:
    true = expit(design @ beta)
    recorded = np.clip(floor + slope * true, 1e-12, 1 - 1e-12)
    change = slope * true * (1 - true)
    variance = recorded * (1 - recorded)
    log_likelihood = float(np.log(np.where(outcome, recorded, 1 - recorded)).sum())
    return _State(log_likelihood, (outcome - recorded) * change / variance, change**2 / variance)


def _inverse_information(design: sparse.csr_array, state: _State) -> np.ndarray:
    """Inverse of the expected information."""
    information = weighted_products(design, state.weight)
    return np.linalg.inv(information + RIDGE * np.eye(len(information)))
