"""Fits a logistic regression with a random intercept, or an ordinary one.

Belongs here: minimising the Laplace likelihood and standard errors from it. Does not belong here: whether a term can be
estimated at all (find_not_estimable.py), models of the study (fit_models.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from mixed_models.centred_columns import orthogonal_columns
from mixed_models.laplace_likelihood import LaplaceLikelihood, OrdinaryLikelihood

MOST_STEPS = 200
SETTLED = 1e-10  # what a last Newton step would still gain, log likelihood
FIRST_SD = 1.0  # as in lme4
SMALL_SD = 0.1
LARGEST_SD = 50.0  # log odds: beyond, groups are all or nothing and the likelihood is flat
SINGULAR_SD = 1e-5  # below, the ordinary fit stands
CALLED_SINGULAR = 1e-4  # below, people are told that the sd is 0, as by lme4's isSingular


@dataclass(frozen=True)
class MixedLogisticFit:
    """Estimates and standard errors (log odds, one per column of the design), and the sd of the random intercept.

    The sd is 0 in a singular fit and in an ordinary regression; `sd_error` is its standard error, by which fits are
    compared. Numbers of a fit that did not converge are NaN.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    random_intercept_sd: float
    sd_error: float
    log_likelihood: float
    converged: bool


def fit_mixed_logistic(
    design: np.ndarray, outcome: np.ndarray, groups: Sequence[str], trials: np.ndarray | None = None
) -> MixedLogisticFit:
    """Logistic regression with a random intercept per group, by Laplace approximation (as lme4::glmer with nAGQ = 1).

    `design` has full column rank and holds the intercept. `outcome` is 0 and 1, or a row is so many `trials` of which
    `outcome` are 1: the fit is that of the records one by one. Standard errors come from the Hessian of all parameters,
    the sd of the random intercept among them, as lme4 gives them: without it they are too small where the sd is large.
    """
    # One thread: sums in a fixed order repeat exactly, and no thread waits for another where cores are shared.
    with threadpool_limits(1):
        basis, to_columns = orthogonal_columns(design)
        group = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
        coefficients, ordinary_value, _, settled = _minimise(
            OrdinaryLikelihood(basis, outcome, trials), np.zeros(basis.shape[1])
        )
        if not settled:
            return _failed(design.shape[1])
        likelihood = LaplaceLikelihood(basis, outcome, group, trials)
        parameters, value, hessian, settled = _minimise(likelihood, np.r_[coefficients, FIRST_SD])
        sd = abs(float(parameters[-1]))
        if sd < SINGULAR_SD or value > ordinary_value:
            parameters, sd = np.r_[coefficients, 0.0], 0.0
            value, _, hessian = likelihood.derivatives(parameters)
            settled = hessian[-1, -1] > 0
            if not settled:
                # A maximum lies between: nearer to 0 than the first start led.
                parameters, value, hessian, settled = _minimise(likelihood, np.r_[coefficients, SMALL_SD])
                sd = abs(float(parameters[-1]))
        if not settled or sd > LARGEST_SD:
            return _failed(design.shape[1])
        covariance = np.linalg.inv(hessian)
        sd_error = float(covariance[-1, -1]) ** 0.5
        return _fit(parameters[:-1], covariance[:-1, :-1], sd, sd_error, value, to_columns)


def fit_ordinary_logistic(design: np.ndarray, outcome: np.ndarray) -> MixedLogisticFit:
    """Ordinary logistic regression by maximum likelihood (as R's glm). `design` has full column rank."""
    with threadpool_limits(1):
        basis, to_columns = orthogonal_columns(design)
        coefficients, value, hessian, settled = _minimise(OrdinaryLikelihood(basis, outcome), np.zeros(basis.shape[1]))
        if not settled:
            return _failed(design.shape[1])
        return _fit(coefficients, np.linalg.inv(hessian), 0.0, 0.0, value, to_columns)


def _minimise(
    likelihood: OrdinaryLikelihood | LaplaceLikelihood, parameters: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray, bool]:
    """Parameters at a minimum, value and Hessian there, and whether it is one: Newton's method with halved steps."""
    value, gradient, hessian = likelihood.derivatives(parameters)
    for _ in range(MOST_STEPS):
        values, vectors = np.linalg.eigh(hessian)
        # Where the function bends down, the step goes down with it.
        bent = np.maximum(np.abs(values), 1e-10 * np.abs(values).max())
        step = -vectors @ (vectors.T @ gradient / bent)
        gain = -gradient @ step
        if not np.isfinite(gain):
            break
        if gain < SETTLED and values[0] > 0:
            parameters = parameters + step
            value, _, hessian = likelihood.derivatives(parameters)
            return parameters, value, hessian, True
        length = min(1.0, 10.0 / np.abs(step).max())
        while likelihood.value(parameters + length * step) > value - 1e-4 * length * gain + 1e-12 * abs(value):
            length /= 2
            if length < 1e-12:
                return parameters, value, hessian, False
        parameters = parameters + length * step
        value, gradient, hessian = likelihood.derivatives(parameters)
    return parameters, value, hessian, False


def _fit(
    coefficients: np.ndarray, covariance: np.ndarray, sd: float, sd_error: float, value: float, to_columns: np.ndarray
) -> MixedLogisticFit:
    variances = np.einsum("ij,jk,ik->i", to_columns, covariance, to_columns)
    if not (np.all(np.isfinite(variances)) and np.all(variances > 0)):
        return _failed(len(variances))
    return MixedLogisticFit(to_columns @ coefficients, np.sqrt(variances), sd, sd_error, -value, True)


def _failed(width: int) -> MixedLogisticFit:
    nothing = np.full(width, np.nan)
    return MixedLogisticFit(nothing, nothing, float("nan"), float("nan"), float("nan"), False)
