"""The likelihood of logistic regression, ordinary or with a random intercept (Laplace approximation); its derivatives.

Belongs here: the functions that are minimised, the second as lme4::glmer defines it with nAGQ = 1. Does not belong
here: minimising them (fit_mixed_logistic.py).

Of group i with records j: eta_ij = x_ij' beta + sd * u_i, u_i standard normal, its mode found by Newton's method. With
p = logistic(eta), w = p (1 - p) and h_i = 1 + sd^2 sum_j w_ij the function is

    sum_ij [log(1 + exp(eta_ij)) - y_ij eta_ij] + sum_i [u_i^2 / 2 + log(h_i) / 2].
"""

import numpy as np
from scipy.special import expit

MODE_TOLERANCE = 1e-12
MOST_MODE_STEPS = 200


class OrdinaryLikelihood:
    """Minus the log likelihood of coefficients, without random intercept."""

    def __init__(self, design: np.ndarray, outcome: np.ndarray):
        """`design` has a column per effect, `outcome` is 0 and 1."""
        self.design = design
        self.outcome = outcome.astype(float)

    def value(self, parameters: np.ndarray) -> float:
        """The function."""
        eta = self.design @ parameters
        return float((np.logaddexp(0, eta) - self.outcome * eta).sum())

    def derivatives(self, parameters: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """The function, its gradient and its Hessian."""
        p = expit(self.design @ parameters)
        hessian = self.design.T @ ((p * (1 - p))[:, None] * self.design)
        return self.value(parameters), self.design.T @ (p - self.outcome), hessian


class LaplaceLikelihood:
    """Minus the log likelihood of parameters (beta, sd); it is even in sd, so sd may have either sign."""

    def __init__(self, design: np.ndarray, outcome: np.ndarray, group: np.ndarray):
        """`design` has a column per fixed effect, `outcome` 0 and 1, `group` a number from 0 without gaps."""
        order = np.argsort(group, kind="stable")
        self.design = np.ascontiguousarray(design[order], dtype=float)
        self.outcome = outcome[order].astype(float)
        self.group = group[order]
        self.starts = np.flatnonzero(np.r_[True, np.diff(self.group) > 0])
        self.mode = np.zeros(len(self.starts))

    def value(self, parameters: np.ndarray) -> float:
        """The function; moves the modes to these parameters."""
        beta, sd = parameters[:-1], parameters[-1]
        fixed = self.design @ beta
        self._find_modes(fixed, sd)
        eta = fixed + sd * self.mode[self.group]
        p = expit(eta)
        curvature = 1 + sd**2 * self._by_group(p * (1 - p))
        return float(
            (np.logaddexp(0, eta) - self.outcome * eta).sum() + (self.mode**2).sum() / 2 + np.log(curvature).sum() / 2
        )

    def derivatives(self, parameters: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """The function, its gradient and its Hessian."""
        value = self.value(parameters)
        beta, sd = parameters[:-1], parameters[-1]
        last = np.zeros(len(parameters))
        last[-1] = 1.0
        # z: derivative of eta with the mode held; e: in total, when the mode follows the parameters.
        z = np.column_stack([self.design, self.mode[self.group]])
        p = expit(self.design @ beta + sd * z[:, -1])
        w = p * (1 - p)
        w1 = w * (1 - 2 * p)
        w2 = w * (1 - 6 * w)
        residual = self._by_group(self.outcome - p)
        weight = self._by_group(w)
        curvature = 1 + sd**2 * weight
        mixed = sd * self._rows_by_group(w[:, None] * z) - residual[:, None] * last
        moved = -mixed / curvature[:, None]
        e = z + sd * moved[self.group]

        skewed = self._rows_by_group(w1[:, None] * e)
        slope = 2 * sd * weight[:, None] * last + sd**2 * skewed
        gradient = z.T @ (p - self.outcome) + (slope / curvature[:, None]).sum(axis=0) / 2

        # Second derivative of a mode, times h:
        # -outer(last, q) - outer(q, last) - sd sum w1 e e' - sd weight (outer(last, moved) + outer(moved, last)).
        q = self._rows_by_group(w[:, None] * e)
        share = sd**2 / (2 * curvature)
        bent = share * self._by_group(w1)
        pull = sd * bent / curvature
        crosses = w + share[self.group] * w2 - (sd * pull)[self.group] * w1
        hessian = e.T @ (crosses[:, None] * e) + moved.T @ moved
        to_last = (sd / curvature) @ skewed + (bent - sd * pull * weight - residual) @ moved - pull @ q
        hessian += np.outer(last, to_last) + np.outer(to_last, last)
        hessian += (weight / curvature).sum() * np.outer(last, last)
        hessian -= (slope / curvature[:, None]).T @ (slope / curvature[:, None]) / 2
        return value, gradient, (hessian + hessian.T) / 2

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
        p = expit(fixed + sd * mode[self.group])
        return mode - sd * self._by_group(self.outcome - p), 1 + sd**2 * self._by_group(p * (1 - p))

    def _by_group(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self.starts)

    def _rows_by_group(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self.starts, axis=0)
