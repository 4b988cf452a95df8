"""Fits the mixed logistic model of every completed data set.

Belongs here: the design matrix, what cannot be estimated, the fit and its cross-check. Does not belong here: pooling.
No engine says that an estimate ran away under separation: what cannot be estimated is found before and after the fit,
and carries a reason in place of a number.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import gpboost
import numpy as np
import pandas as pd
import polars as pl
from scipy.special import expit

from resources.study_settings import Modelling

INTERCEPT = "(Intercept)"
FIT_COLUMNS = {
    "model": pl.String, "imputation": pl.Int32, "term": pl.String, "factor": pl.String, "level": pl.String,
    "records": pl.Int64, "outcome_records": pl.Int64, "status": pl.String, "reason": pl.String, "estimate": pl.Float64,
    "std_error": pl.Float64, "check_estimate": pl.Float64, "random_intercept_sd": pl.Float64, "n": pl.Int64,
    "parameters": pl.Int32,
}


@dataclass
class Fit:
    """A fitted model: one estimate and standard error (log odds) per column, the random intercept's sd."""

    estimate: np.ndarray
    std_error: np.ndarray
    random_intercept_sd: float


@dataclass
class _Term:
    factor: str | None
    level: str | None
    member: np.ndarray
    reason: str | None = None
    in_design: bool = True
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return INTERCEPT if self.factor is None else f"{self.factor}={self.level}"


def fit_models(imputed: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """Every model fitted to every imputation (methodology 2.8.4); the region's random intercept is our reading.

    `imputed` is what impute_frames returns. One row per model, imputation and term, in the order of study.toml, columns
    FIT_COLUMNS: records and outcome_records of the level in this completed data set; status "ok", "reference" or
    "not estimable" with a reason; estimate, std_error and check_estimate in log odds (check_estimate: ordinary logistic
    regression with a fixed effect per region); n records and number of fixed parameters of the fit.
    """
    tasks = [(name, number) for name in settings.models for number in range(1, settings.imputations + 1)]
    with ThreadPoolExecutor(2) as pool:
        fits = list(pool.map(lambda task: _fit_one(imputed, *task, settings), tasks))
    return pl.DataFrame([row for rows in fits for row in rows], schema=FIT_COLUMNS, orient="row")


def fit_mixed_logistic(design: np.ndarray, outcome: np.ndarray, groups: list[str]) -> Fit:
    """Logistic regression with a random intercept per group, by Laplace approximation (as lme4::glmer, nAGQ = 1).

    `design` has full column rank and holds the intercept. Raises gpboost.GPBoostError when the library gives up.
    """
    # The library reads groups reliably from a DataFrame only, and its default tolerance stops early without a word.
    # One thread: threads are per fit here, and sums in a fixed order make the result the same on every run.
    model = gpboost.GPModel(group_data=pd.DataFrame({"group": groups}), likelihood="bernoulli_logit", num_parallel_threads=1)
    model.fit(y=outcome.astype(float), X=design, params={"delta_rel_conv": 1e-10})
    coefficients = np.asarray(model.get_coef(std_err=True, format_pandas=False))
    variance = float(np.asarray(model.get_cov_pars(std_err=False, format_pandas=False)).ravel()[0])
    return Fit(coefficients[0], coefficients[1], variance**0.5)


def fit_fixed_effects_logistic(design: np.ndarray, outcome: np.ndarray, groups: list[str]) -> np.ndarray:
    """Estimates (log odds) of ordinary logistic regression with a fixed effect per group in place of the random one."""
    names = np.unique(groups)
    matrix = np.hstack([design, (np.asarray(groups)[:, None] == names[None, 1:]).astype(float)])
    beta = np.zeros(matrix.shape[1])
    for _ in range(50):
        fitted = expit(matrix @ beta)
        information = (matrix.T * (fitted * (1 - fitted))) @ matrix + 1e-8 * np.eye(len(beta))
        step = np.linalg.solve(information, matrix.T @ (outcome - fitted))
        beta += step
        if np.abs(step[: design.shape[1]]).max() < 1e-9:
            break
    return beta[: design.shape[1]]


def _fit_one(imputed: pl.DataFrame, name: str, number: int, settings: Modelling) -> list[tuple]:
    data = imputed.filter(pl.col("model") == name, pl.col("imputation") == number)
    outcome = data["outcome"].to_numpy().astype(bool)
    terms = _terms(data, name, settings)
    kept = _withhold_sparse_terms(terms, outcome, settings.minimum_level_count)
    _withhold_collinear_terms(terms, kept)
    sd, n, parameters = None, int(kept.sum()), None
    columns = [term for term in terms if term.in_design]
    if columns:
        design = np.column_stack([term.member[kept] for term in columns]).astype(float)
        groups = data[settings.random_intercept].filter(pl.Series(kept)).to_list()
        parameters = len(columns)
        try:
            fit = fit_mixed_logistic(design, outcome[kept], groups)
        except gpboost.GPBoostError:
            _withhold(columns, "the model could not be fitted")
        else:
            check, sd = fit_fixed_effects_logistic(design, outcome[kept], groups), fit.random_intercept_sd
            for term, estimate, error, checked in zip(columns, fit.estimate, fit.std_error, check, strict=True):
                runaway = abs(estimate) > settings.largest_log_odds or error > settings.largest_standard_error
                if runaway or not np.isfinite([estimate, error]).all():
                    _withhold([term], "the estimate did not settle")
                elif term.reason is None:
                    term.numbers = {"estimate": float(estimate), "std_error": float(error), "check": float(checked)}
    return [
        (
            name, number, term.name, term.factor, term.level, int(term.member.sum()), int((term.member & outcome).sum()),
            _status(term, settings), term.reason, term.numbers.get("estimate"), term.numbers.get("std_error"),
            term.numbers.get("check"), sd, n, parameters,
        )
        for term in terms
    ]
