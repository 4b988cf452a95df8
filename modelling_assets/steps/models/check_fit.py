"""Fits the same model with another engine, and says whether it agrees.

Belongs here: the second engine and the tolerances. Does not belong here: the fit that is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import gpboost
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

from modelling_assets.steps.models.fit_mixed_logistic import MixedLogisticFit

MOST_ITERATIONS = 1000
# At the published size, where both are right, they differ by 0.013. A twentieth of an error changes no conclusion.
LARGEST_SHARE_OF_ERROR = 0.05


@dataclass(frozen=True)
class FitCheck:
    """What the second engine estimates (log odds), its sd of the random intercept, and whether it agrees."""

    estimate: np.ndarray
    random_intercept_sd: float
    agrees: bool


def check_fit(
    fit: MixedLogisticFit, design: np.ndarray, outcome: np.ndarray, groups: Sequence[str] | None
) -> FitCheck:
    """Compare `fit` with GPBoost's mixed model, or, without groups, with a quasi-Newton fit.

    They agree when neither an estimate nor the sd of the random intercept differs by more than LARGEST_SHARE_OF_ERROR
    of its standard error. An engine that gives up does not agree.
    """
    try:
        estimate, sd = _by_gpboost(design, outcome, groups) if groups is not None else _by_quasi_newton(design, outcome)
    except gpboost.basic.GPBoostError:
        estimate, sd = np.full(design.shape[1], np.nan), float("nan")
    near = np.abs(estimate - fit.estimate) <= LARGEST_SHARE_OF_ERROR * fit.std_error
    sd_near = abs(sd - fit.random_intercept_sd) <= LARGEST_SHARE_OF_ERROR * fit.sd_error
    return FitCheck(estimate, sd, bool(near.all() and sd_near))


def _by_gpboost(design: np.ndarray, outcome: np.ndarray, groups: Sequence[str]) -> tuple[np.ndarray, float]:
    # Groups are read reliably from a DataFrame only. The default tolerance stops early without a word: the standard
    # error of the intercept came out five times its size. One thread: sums in a fixed order repeat exactly.
    model = gpboost.GPModel(
        group_data=pd.DataFrame({"group": list(groups)}), likelihood="bernoulli_logit", num_parallel_threads=1
    )
    model.fit(y=outcome.astype(float), X=design, params={"delta_rel_conv": 1e-10, "maxit": MOST_ITERATIONS})
    variance = float(np.asarray(model.get_cov_pars(std_err=False, format_pandas=False)).ravel()[0])
    return np.asarray(model.get_coef(std_err=False, format_pandas=False)).ravel(), variance**0.5


def _by_quasi_newton(design: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, float]:
    y = outcome.astype(float)
    lengths = np.sqrt((design**2).mean(axis=0))
    scaled = design / lengths

    def value_and_slope(beta: np.ndarray) -> tuple[float, np.ndarray]:
        eta = scaled @ beta
        return float((np.logaddexp(0, eta) - y * eta).mean()), scaled.T @ (expit(eta) - y) / len(y)

    found = minimize(value_and_slope, np.zeros(len(lengths)), jac=True, method="BFGS", options={"gtol": 1e-9})
    return found.x / lengths, 0.0
