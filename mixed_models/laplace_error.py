"""How far the Laplace approximation is off: the same likelihood by adaptive Gauss-Hermite quadrature.

Belongs here: quadrature, its maximum, the difference and when it is worth a word. Does not belong here: the fit that is
published (fit_mixed_logistic.py).

The approximation is good where groups have many records. With few in each and a large sd it is too low, and the
estimates are drawn towards 0. Quadrature has no such error: with the points shifted to each group's mode and scaled by
its curvature, as lme4's nAGQ does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp
from threadpoolctl import threadpool_limits

from mixed_models.centred_columns import orthogonal_columns
from mixed_models.fit_mixed_logistic import MixedLogisticFit
from mixed_models.laplace_likelihood import LaplaceLikelihood
from mixed_models.weighted_products import logistic

POINTS = 25
# A bias of a tenth of the standard error leaves 95% intervals their coverage (Cochran).
POOR_SHARE_OF_ERROR = 0.1
MOST_STEPS = 200
NEARLY_SETTLED = 1e-2  # a seventh of a standard error
LONGEST_STEP = 2.0  # log odds
SETTLED = 1e-9  # what a last step would still gain, log likelihood
START_BESIDE_ZERO = 1.0


@dataclass(frozen=True)
class LaplaceError:
    """The fit by quadrature beside the one by Laplace approximation.

    at_fit: log likelihood by quadrature at the estimates of the fit. log_likelihood, estimate, random_intercept_sd: of
    the maximum by quadrature. largest_shift: of an estimate or the sd between the two maxima, in standard errors of the
    fit. settled: whether the maximum was found.
    """

    at_fit: float
    log_likelihood: float
    estimate: np.ndarray
    random_intercept_sd: float
    largest_shift: float
    settled: bool

    @property
    def poor(self) -> bool:
        """Whether the approximation moves an estimate by more than POOR_SHARE_OF_ERROR of its standard error."""
        return not self.settled or self.largest_shift > POOR_SHARE_OF_ERROR


def laplace_error(
    fit: MixedLogisticFit, design: np.ndarray, outcome: np.ndarray, groups: Sequence[str]
) -> LaplaceError:
    """Compare a fit that converged with the maximum of the likelihood by quadrature with POINTS points."""
    with threadpool_limits(1):
        basis, to_columns = orthogonal_columns(design)
        quadrature = Quadrature(basis, outcome, np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1])
        start = np.r_[np.linalg.solve(to_columns, fit.estimate), fit.random_intercept_sd]
        at_fit = quadrature.value_and_gradient(start)[0]
        starts = [start]
        if fit.random_intercept_sd == 0:
            # Where the approximation finds nothing, quadrature may find something.
            starts.append(np.r_[start[:-1], START_BESIDE_ZERO])
        found = [_climb(quadrature, each) for each in starts]
        best, value, settled = max(found, key=lambda each: each[1])
    estimate, sd = to_columns @ best[:-1], abs(float(best[-1]))
    shifts = np.abs(np.r_[estimate - fit.estimate, sd - fit.random_intercept_sd])
    errors = np.r_[fit.std_error, fit.sd_error]
    return LaplaceError(at_fit, value, estimate, sd, float((shifts / errors).max()), settled)


class Quadrature:
    """The log likelihood of parameters (beta, sd) by adaptive Gauss-Hermite quadrature."""

    def __init__(self, design: np.ndarray, outcome: np.ndarray, group: np.ndarray, points: int = POINTS):
        """`design` has a column per fixed effect, `outcome` 0 and 1, `group` a number from 0 without gaps."""
        self.laplace = LaplaceLikelihood(design, outcome, group)
        self.nodes, weights = np.polynomial.hermite.hermgauss(points)
        self.log_weights = np.log(weights) + self.nodes**2

    def value_and_gradient(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """Log likelihood, and its gradient: the mean, over what the random intercept may be, of the joint one's."""
        inner, sd = self.laplace, float(parameters[-1])
        inner.value(parameters)  # moves the modes
        fixed = inner.design @ parameters[:-1]
        p = logistic(fixed + sd * inner.mode[inner.group])[0]
        width = np.asarray((2 / (1 + sd**2 * np.add.reduceat(p * (1 - p), inner.starts))) ** 0.5)
        u = inner.mode.reshape(-1, 1) + np.multiply.outer(width, self.nodes)
        eta = fixed[:, None] + sd * u[inner.group]
        p_at, softplus = logistic(eta)
        records = np.add.reduceat(inner.outcome[:, None] * eta - softplus, inner.starts, axis=0)
        joint = records - u**2 / 2 + self.log_weights
        of_group = np.asarray(logsumexp(joint, axis=1))
        value = float((of_group + np.log(width) - np.log(2 * np.pi) / 2).sum())
        likely = np.exp(joint - of_group[:, None])
        residual = inner.outcome[:, None] - p_at
        by_record = (likely[inner.group] * residual).sum(axis=1)
        by_sd = (likely * u * np.add.reduceat(residual, inner.starts, axis=0)).sum()
        return value, np.r_[inner.design.T @ by_record, by_sd]


def _climb(quadrature: Quadrature, start: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Parameters at the maximum next to `start`, the value there, and whether it is one: steps by the curvature of the
    Laplace approximation, which is nearly the same, halved where they do not climb."""
    parameters = start
    value, gradient = quadrature.value_and_gradient(parameters)
    for _ in range(MOST_STEPS):
        curvature = quadrature.laplace.derivatives(parameters)[2]
        values, vectors = np.linalg.eigh(curvature)
        step = vectors @ (vectors.T @ gradient / np.maximum(np.abs(values), 1e-8 * np.abs(values).max()))
        gain = float(gradient @ step)
        if gain < SETTLED:
            return parameters, value, True
        step *= min(1.0, LONGEST_STEP / np.abs(step).max())
        for _ in range(30):
            tried, slope = quadrature.value_and_gradient(parameters + step)
            if tried > value:
                break
            step = step / 2
        else:
            # With a very large sd, 25 points are no smooth function any more.
            return parameters, value, gain < NEARLY_SETTLED
        parameters, value, gradient = parameters + step, tried, slope
    return parameters, value, False
