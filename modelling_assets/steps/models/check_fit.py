"""Fits the same model with another engine, and says whether it agrees.

Belongs here: the second engine and the tolerances. Does not belong here: the fit that is published.
"""

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import gpboost
import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ModelWarning
from threadpoolctl import threadpool_limits

from mixed_models.centred_columns import centred_columns
from mixed_models.fit_mixed_logistic import MixedLogisticFit

# It prints what it thinks of a fit among the results otherwise; what matters of that is found here.
_quiet = logging.getLogger("pathways.gpboost")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False
gpboost.register_logger(_quiet)

MOST_ITERATIONS = 1000
# At the published size, where both are right, they differ by 0.013. A twentieth of an error changes no conclusion.
LARGEST_SHARE_OF_ERROR = 0.05
# Log likelihood that a twentieth of a standard error costs. Two right engines differ by 1e-8.
NEARLY_EQUAL = LARGEST_SHARE_OF_ERROR**2 / 2
NO_VARIANCE = 1e-20  # what the second engine takes for no random intercept: it refuses 0

STOPPED_SHORT = "the second engine stopped at a lower likelihood: by its own likelihood too, these estimates are better"
EQUALLY_GOOD = "the estimates differ, but the likelihood is the same at both: the data hardly tell them apart"
HIGHER = "the second engine found a higher likelihood"
OTHER_LIKELIHOOD = "the second engine gives these estimates another likelihood"
GAVE_UP = "the second engine gave up"


@dataclass(frozen=True)
class FitCheck:
    """What the second engine estimates (log odds), its sd of the random intercept, and whether it agrees; why, where it
    does not or where its estimates are others."""

    estimate: np.ndarray
    random_intercept_sd: float
    agrees: bool
    reason: str | None = None


@dataclass(frozen=True)
class _SecondFit:
    """Estimates, sd and log likelihood of the second engine; its log likelihood of any estimates and sd."""

    estimate: np.ndarray
    sd: float
    log_likelihood: float
    log_likelihood_of: Callable[[np.ndarray, float], float]


def check_fit(fit: MixedLogisticFit, design: np.ndarray, outcome: np.ndarray, groups: Sequence[str] | None) -> FitCheck:
    """Compare `fit` with GPBoost's mixed model, or, without groups, with the fit of statsmodels.

    They agree when the second engine, by its own likelihood, finds the same likelihood at the estimates of `fit`, and
    none that is higher by more than NEARLY_EQUAL anywhere. An engine that gives up does not agree. The reason is said
    where the engines disagree, or where an estimate or the sd differs by more than LARGEST_SHARE_OF_ERROR of its
    standard error.
    """
    columns, back = centred_columns(design)
    y = outcome.astype(float)
    try:
        second = _by_gpboost(columns, y, groups) if groups is not None else _by_statsmodels(columns, y)
        at_ours = second.log_likelihood_of(np.linalg.solve(back, fit.estimate), fit.random_intercept_sd)
    except (gpboost.basic.GPBoostError, np.linalg.LinAlgError):
        return FitCheck(np.full(design.shape[1], np.nan), float("nan"), False, GAVE_UP)
    estimate = back @ second.estimate
    if not np.isfinite([at_ours, second.log_likelihood, *estimate]).all():
        return FitCheck(estimate, second.sd, False, GAVE_UP)
    if abs(at_ours - fit.log_likelihood) > NEARLY_EQUAL:
        return FitCheck(estimate, second.sd, False, OTHER_LIKELIHOOD)
    lead = at_ours - second.log_likelihood
    if lead < -NEARLY_EQUAL:
        return FitCheck(estimate, second.sd, False, HIGHER)
    near = np.abs(estimate - fit.estimate) <= LARGEST_SHARE_OF_ERROR * fit.std_error
    sd_near = abs(second.sd - fit.random_intercept_sd) <= LARGEST_SHARE_OF_ERROR * fit.sd_error
    differs = STOPPED_SHORT if lead > NEARLY_EQUAL else EQUALLY_GOOD
    return FitCheck(estimate, second.sd, True, None if near.all() and sd_near else differs)


def _by_gpboost(design: np.ndarray, outcome: np.ndarray, groups: Sequence[str]) -> _SecondFit:
    # Groups are read reliably from a DataFrame only. The default tolerance stops early without a word: the standard
    # error of the intercept came out five times its size. One thread: sums in a fixed order repeat exactly.
    # By number: of names it takes every one apart in Python, which lasts half as long as its fit.
    number = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
    model = gpboost.GPModel(
        group_data=pd.DataFrame({"group": number}), likelihood="bernoulli_logit", num_parallel_threads=1
    )
    model.fit(y=outcome, X=design, params={"delta_rel_conv": 1e-10, "maxit": MOST_ITERATIONS})
    variance = float(np.asarray(model.get_cov_pars(std_err=False, format_pandas=False)).ravel()[0])
    estimate = np.asarray(model.get_coef(std_err=False, format_pandas=False)).ravel()

    def log_likelihood_of(coefficients: np.ndarray, sd: float) -> float:
        at = np.array([max(sd**2, NO_VARIANCE)])
        found = model.neg_log_likelihood(cov_pars=at, y=outcome, fixed_effects=design @ coefficients)
        return -float(np.asarray(found))

    reached = -float(np.asarray(model.get_current_neg_log_likelihood()))
    return _SecondFit(estimate, variance**0.5, reached, log_likelihood_of)


def _by_statsmodels(design: np.ndarray, outcome: np.ndarray) -> _SecondFit:
    model = Logit(outcome, design, check_rank=False)
    # One thread: sums in a fixed order repeat exactly.
    with threadpool_limits(1), warnings.catch_warnings():  # of separation, which is found before a fit
        warnings.simplefilter("ignore", ModelWarning)
        found = model.fit(method="newton", disp=False, skip_hessian=True)
        return _SecondFit(found.params, 0.0, found.llf, lambda coefficients, _: float(model.loglike(coefficients)))
