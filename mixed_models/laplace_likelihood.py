"""The likelihood of logistic regression, ordinary or with a random intercept (Laplace approximation); its derivatives.

Belongs here: the functions that are minimised, the second as lme4::glmer defines it with nAGQ = 1. Does not belong
here: minimising them (fit_mixed_logistic.py).

Of group i with records j: eta_ij = x_ij' beta + sd * u_i, u_i standard normal, its mode found by Newton's method. With
p = logistic(eta), w = p (1 - p) and h_i = 1 + sd^2 sum_j w_ij the function is

    sum_ij [log(1 + exp(eta_ij)) - y_ij eta_ij] + sum_i [u_i^2 / 2 + log(h_i) / 2].

Records that are the same in all of this may be given as one row: `trials` says how many, `outcome` how many of them are
1. The function is then that of the records one by one.
"""

import numpy as np
from scipy import sparse

from mixed_models.weighted_products import logistic, weighted_products

MODE_TOLERANCE = 1e-12
MOST_MODE_STEPS = 200


class OrdinaryLikelihood:
    """Minus the log likelihood of coefficients, without random intercept."""

    def __init__(self, design: np.ndarray, outcome: np.ndarray, trials: np.ndarray | None = None):
        """`design` has a column per effect, `outcome` is 0 and 1, or of so many `trials`."""
        self.design = design
        self.outcome = outcome.astype(float)
        self.trials = _trials(trials, outcome)

    def value(self, parameters: np.ndarray) -> float:
        """The function."""
        eta = self.design @ parameters
        return float((self.trials * logistic(eta)[1] - self.outcome * eta).sum())

    def derivatives(self, parameters: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """The function, its gradient and its Hessian."""
        eta = self.design @ parameters
        p, softplus = logistic(eta)
        value = float((self.trials * softplus - self.outcome * eta).sum())
        weight = self.trials * (p * (1 - p))
        return value, self.design.T @ (self.trials * p - self.outcome), weighted_products(self.design, weight)


class LaplaceLikelihood:
    """Minus the log likelihood of parameters (beta, sd); it is even in sd, so sd may have either sign."""

    def __init__(self, design: np.ndarray, outcome: np.ndarray, group: np.ndarray, trials: np.ndarray | None = None):
        """`design` has a column per fixed effect, `outcome` 0 and 1 or of so many `trials`, `group` a number from 0
        without gaps.
        """
        order = np.argsort(group, kind="stable")
        self.design = np.ascontiguousarray(design[order], dtype=float)
        self.outcome = outcome[order].astype(float)
        self.trials = _trials(trials, outcome)[order]
        self.group = group[order]
        self.starts = np.flatnonzero(np.r_[True, np.diff(self.group) > 0])
        self.mode = np.zeros(len(self.starts))

    def value(self, parameters: np.ndarray) -> float:
        """The function; moves the modes to these parameters."""
        return self._value_and_p(parameters)[0]

    def derivatives(self, parameters: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """The function, its gradient and its Hessian."""
        value, p = self._value_and_p(parameters)
        sd = float(parameters[-1])
        last = np.zeros(len(parameters))
        last[-1] = 1.0
        # Per record, z is the derivative of eta with the mode held, and e in total, when the mode follows the
        # parameters: e = z + sd * moved of its group. Only sums of them by group are needed, never e itself.
        one = p * (1 - p)  # of one record
        w = self.trials * one
        w1 = w * (1 - 2 * p)
        w2 = w * (1 - 6 * one)
        left = self.outcome - self.trials * p
        residual, weight, weight1 = (self._by_group(each) for each in (left, w, w1))
        curvature = 1 + sd**2 * weight
        of_z, of_z1 = self._sums_of_z(w), self._sums_of_z(w1)
        moved = -(sd * of_z - residual[:, None] * last) / curvature[:, None]

        skewed = of_z1 + sd * weight1[:, None] * moved
        slope = 2 * sd * weight[:, None] * last + sd**2 * skewed
        raw = np.r_[-(self.design.T @ left), -(self.mode * residual).sum()]
        gradient = raw + (slope / curvature[:, None]).sum(axis=0) / 2

        # Second derivative of a mode, times h:
        # -outer(last, q) - outer(q, last) - sd sum w1 e e' - sd weight (outer(last, moved) + outer(moved, last)).
        q = of_z + sd * weight[:, None] * moved
        share = sd**2 / (2 * curvature)
        bent = share * weight1
        pull = sd * bent / curvature
        crosses = w + share[self.group] * w2 - (sd * pull)[self.group] * w1
        hessian = self._products_of_e(crosses, sd, moved) + moved.T @ moved
        to_last = (sd / curvature) @ skewed + (bent - sd * pull * weight - residual) @ moved - pull @ q
        hessian += np.outer(last, to_last) + np.outer(to_last, last)
        hessian += (weight / curvature).sum() * np.outer(last, last)
        hessian -= (slope / curvature[:, None]).T @ (slope / curvature[:, None]) / 2
        return value, gradient, (hessian + hessian.T) / 2

    def _value_and_p(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The function, and the probability of each record; moves the modes."""
        beta, sd = parameters[:-1], parameters[-1]
        fixed = self.design @ beta
        self._find_modes(fixed, sd)
        eta = fixed + sd * self.mode[self.group]
        p, softplus = logistic(eta)
        curvature = 1 + sd**2 * self._by_group(self.trials * (p * (1 - p)))
        of_records = float((self.trials * softplus - self.outcome * eta).sum())
        return of_records + float((self.mode**2).sum() / 2 + np.log(curvature).sum() / 2), p

    def _sums_of_z(self, weight: np.ndarray) -> np.ndarray:
        """Per group the weighted sum of z over its records: the columns of the design, then the mode."""
        ends = np.r_[self.starts, len(self.group)]
        by_group = sparse.csr_array((weight, np.arange(len(weight)), ends), shape=(len(self.starts), len(weight)))
        return np.column_stack([by_group @ self.design, self.mode * self._by_group(weight)])

    def _products_of_e(self, weight: np.ndarray, sd: float, moved: np.ndarray) -> np.ndarray:
        """e.T @ diag(weight) @ e, without e, which is as large as the design."""
        of_z = self._sums_of_z(weight)
        to_mode = self.mode @ of_z
        of_design = weighted_products(self.design, weight)
        products = np.block([[of_design, to_mode[:-1, None]], [to_mode]])
        crossed = sd * of_z.T @ moved
        return products + crossed + crossed.T + sd**2 * (moved.T * self._by_group(weight)) @ moved

    def _find_modes(self, fixed: np.ndarray, sd: float) -> None:
        """Newton's method on every group at once; a step that makes a group worse is halved. The optimum is unique."""
        mode = self.mode
        slope, curvature = self._mode_slope(fixed, sd, mode)
        for _ in range(MOST_MODE_STEPS):
            step = -slope / curvature
            if np.abs(step).max() < MODE_TOLERANCE:
                break
            tried = mode + step
            tried_slope, tried_curvature = self._mode_slope(fixed, sd, tried)
            for _ in range(60):
                worse = np.abs(tried_slope) > np.abs(slope) * (1 + 1e-9) + 1e-13
                if not worse.any():
                    break
                step = np.where(worse, step / 2, step)
                tried = mode + step
                tried_slope, tried_curvature = self._mode_slope(fixed, sd, tried)
            mode, slope, curvature = tried, tried_slope, tried_curvature
        self.mode = mode

    def _mode_slope(self, fixed: np.ndarray, sd: float, mode: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p = logistic(fixed + sd * mode[self.group])[0]
        slope = mode - sd * self._by_group(self.outcome - self.trials * p)
        return slope, 1 + sd**2 * self._by_group(self.trials * (p * (1 - p)))

    def _by_group(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self.starts)


def _trials(trials: np.ndarray | None, outcome: np.ndarray) -> np.ndarray:
    return np.ones(len(outcome)) if trials is None else trials.astype(float)
