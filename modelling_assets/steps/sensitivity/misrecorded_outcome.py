"""Logistic regression of an outcome that is recorded with known errors, which no library at hand fits.

Belongs here: the likelihood, its maximum and the errors. Does not belong here: what is fitted to what, and outcomes
taken as they are recorded (ordinary_logistic.py).

An outcome with known sensitivity and specificity has the probability (1 - specificity) + (sensitivity + specificity -
1) * p, where p is the logistic probability of the true outcome (Magder and Hughes 1997; Hausman and others 1998). Both
at 1 give ordinary logistic regression.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from mixed_models.weighted_products import weighted_products

MOST_STEPS = 60
MOST_HALVINGS = 12
CLOSE_ENOUGH = 1e-12  # squared length of a step, in standard errors; collinear columns do not count
# With the information of a fit nearby steps shrink by a share, not ever faster: the last one is to leave as little.
CLOSE_BESIDE = 1e-14
SLOWLY = 0.25  # a squared step is longer than this share of the one before: the fit nearby is no guide
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
    floor, slope = 1 - np.asarray(specificity, float), np.asarray(sensitivity, float) + specificity - 1

    def at(beta: np.ndarray) -> _State:
        return _at(design, outcome, beta, floor, slope)

    if near is None:
        return _by_scoring(design, at, np.zeros(design.sum(axis=0).size) if start is None else start)
    return _beside(design, at, near) or _by_scoring(design, at, near.estimate)


def _beside(
    design: sparse.csr_array, at: Callable[[np.ndarray], "_State"], near: MisrecordedFit
) -> MisrecordedFit | None:
    """The fit by steps with the information of one nearby, which are many times as cheap; None where they do not lead
    there at once."""
    beta, before = near.estimate, np.inf
    state = at(beta)
    while near.converged:
        gradient = design.T @ state.residual
        step = near.covariance @ gradient
        length = float(gradient @ step)
        if not 0 <= length <= SLOWLY * before:
            break
        beta, before, state = beta + step, length, at(beta + step)
        if length < CLOSE_BESIDE:
            return MisrecordedFit(beta, np.linalg.inv(_information(design, state)), True)
    return None


def _by_scoring(design: sparse.csr_array, at: Callable[[np.ndarray], "_State"], beta: np.ndarray) -> MisrecordedFit:
    state = at(beta)
    converged, tried = False, state
    for _ in range(MOST_STEPS):
        gradient = design.T @ state.residual
        step = np.linalg.solve(_information(design, state), gradient)
        length = float(gradient @ step)
        for _ in range(MOST_HALVINGS):
            tried = at(beta + step)
            if tried.log_likelihood >= state.log_likelihood - 1e-9:
                break
            step /= 2
        beta, state = beta + step, tried
        if converged := length < CLOSE_ENOUGH:
            break
    return MisrecordedFit(beta, np.linalg.inv(_information(design, state)), converged)


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


def _information(design: sparse.csr_array, state: _State) -> np.ndarray:
    """The expected information."""
    return weighted_products(design, state.weight) + RIDGE * np.eye(design.sum(axis=0).size)
