"""Fits the mixed logistic model of every completed data set.

Belongs here: the design matrix, what cannot be estimated, the fit and its cross-check. Does not belong here: pooling.

No engine says that an estimate ran away under separation: what cannot be estimated is found before and after the fit,
and carries a reason in place of a number.
"""

from dataclasses import dataclass

import gpboost
import numpy as np
import pandas as pd
import polars as pl
from scipy import sparse
from scipy.special import expit

from resources.study_settings import Modelling

INTERCEPT = "(Intercept)"
FIT_COLUMNS = {
    "model": pl.String, "imputation": pl.Int32, "term": pl.String, "factor": pl.String, "level": pl.String,
    "records": pl.Int64, "outcome_records": pl.Int64, "status": pl.String, "reason": pl.String, "estimate": pl.Float64,
    "std_error": pl.Float64, "check_estimate": pl.Float64, "random_intercept_sd": pl.Float64, "n": pl.Int64,
    "parameters": pl.Int32,
}
MOST_ITERATIONS = 1000


@dataclass(frozen=True)
class MixedLogisticFit:
    """Estimates and standard errors (log odds, one per column of the design), the sd of the random intercept."""

    estimate: np.ndarray
    std_error: np.ndarray
    random_intercept_sd: float
    converged: bool


@dataclass
class _Term:
    """A level of a factor (the intercept has neither), the records at it, and what became of it in the fit."""

    factor: str | None
    level: str | None
    is_reference: bool
    member: np.ndarray
    in_design: bool
    reason: str | None = None
    estimate: float | None = None
    std_error: float | None = None
    check_estimate: float | None = None

    def withhold(self, reason: str) -> None:
        """Mark as not estimable; the first reason stays."""
        if not self.is_reference:
            self.reason = self.reason or reason
            self.estimate = self.std_error = self.check_estimate = None


def fit_models(imputed: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """Every model fitted to every imputation (methodology 2.8.4); the random intercept per region is our reading.

    `imputed` is what impute_frames returns. One row per model, imputation and term, in the order of study.toml, with
    columns FIT_COLUMNS: records and outcome_records at the level in this completed data set; status "ok", "reference"
    or "not estimable" with a reason; estimate, std_error and check_estimate in log odds (check_estimate comes from
    ordinary logistic regression with a fixed effect per region); records (n) and fixed parameters of the fit.

    A level is not estimable when it, or its reference level, has fewer than `minimum_level_count` records with the
    outcome or without it. When it has none, its records leave the fit, which they cannot inform; otherwise they stay.
    """
    completed = imputed.partition_by("model", "imputation", as_dict=True)
    rows = [
        row
        for name in settings.models
        for number in range(1, settings.imputations + 1)
        for row in _fit_one(completed.get((name, number), imputed.clear()), name, number, settings)
    ]
    return pl.DataFrame(rows, schema=FIT_COLUMNS, orient="row")


def fit_mixed_logistic(design: np.ndarray, outcome: np.ndarray, groups: list[str]) -> MixedLogisticFit:
    """Logistic regression with a random intercept per group, by Laplace approximation (as lme4::glmer with nAGQ = 1).

    `design` has full column rank and holds the intercept. Raises gpboost.GPBoostError when the library gives up.
    """
    # Groups are read reliably from a DataFrame only. The default tolerance stops early without a word: the standard
    # error of the intercept came out five times its size. One thread: sums in a fixed order repeat exactly.
    model = gpboost.GPModel(
        group_data=pd.DataFrame({"group": groups}), likelihood="bernoulli_logit", num_parallel_threads=1
    )
    model.fit(y=outcome.astype(float), X=design, params={"delta_rel_conv": 1e-10, "maxit": MOST_ITERATIONS})
    estimate, std_error = np.asarray(model.get_coef(std_err=True, format_pandas=False))
    variance = float(np.asarray(model.get_cov_pars(std_err=False, format_pandas=False)).ravel()[0])
    return MixedLogisticFit(estimate, std_error, variance**0.5, model._get_num_optim_iter() < MOST_ITERATIONS)


def fit_fixed_effects_logistic(design: np.ndarray, outcome: np.ndarray, groups: list[str]) -> np.ndarray:
    """Estimates (log odds, one per column of `design`) of logistic regression with a fixed effect per group."""
    width = design.shape[1]
    indicators = np.asarray(groups)[:, None] == np.unique(groups)[None, 1:]
    # Sparse: a row has a dozen ones, and dense products wait for BLAS threads when the cores are shared.
    matrix = sparse.csr_array(np.hstack([design, indicators]).astype(float))
    beta = np.zeros(width + indicators.shape[1])
    for _ in range(50):
        fitted = expit(matrix @ beta)
        # The ridge only matters for a region where all have the outcome: its own effect runs away, the others settle.
        weighted = matrix.multiply((fitted * (1 - fitted))[:, None])
        information = sparse.csr_array(matrix.T @ weighted).toarray() + 1e-8 * np.eye(len(beta))
        step = np.linalg.solve(information, matrix.T @ (outcome - fitted))
        beta += step
        if np.abs(step[:width]).max() < 1e-9:
            break
    return beta[:width]


def _fit_one(data: pl.DataFrame, name: str, number: int, settings: Modelling) -> list[tuple]:
    outcome = data["outcome"].to_numpy().astype(bool)
    terms = _terms_of(data, name, settings)
    kept = _withhold_sparse_levels(terms, outcome, settings.minimum_level_count)
    _withhold_collinear_levels(terms, kept)
    fitted = [term for term in terms if term.in_design]
    sd = _estimate(fitted, outcome, kept, data[settings.random_intercept].to_list(), settings) if fitted else None
    return [
        (
            name, number, f"{term.factor}={term.level}" if term.factor else INTERCEPT, term.factor, term.level,
            int(term.member.sum()), int((term.member & outcome).sum()),
            "reference" if term.is_reference else "not estimable" if term.reason else "ok", term.reason,
            term.estimate, term.std_error, term.check_estimate, sd, int(kept.sum()), len(fitted),
        )
        for term in terms
    ]


def _terms_of(data: pl.DataFrame, name: str, settings: Modelling) -> list[_Term]:
    terms = [_Term(None, None, False, np.ones(data.height, bool), in_design=True)]
    for factor in settings.models[name].factors:
        for level in settings.factors[factor].levels:
            member = (data[factor] == level).fill_null(False).to_numpy().astype(bool)
            is_reference = level == settings.factors[factor].reference
            terms.append(_Term(factor, level, is_reference, member, in_design=not is_reference))
    return terms


def _withhold_sparse_levels(terms: list[_Term], outcome: np.ndarray, minimum: int) -> np.ndarray:
    """Withhold levels with too few records in either outcome; return which records stay in the fit."""
    kept = np.ones(len(outcome), bool)
    too_few = f"fewer than {minimum} records with the outcome or without it"
    reference_too_few = f"reference level: {too_few}"

    def rarer(term: _Term) -> int:
        with_outcome = int((term.member & kept & outcome).sum())
        return min(with_outcome, int((term.member & kept).sum()) - with_outcome)

    # Taking records out can empty another level: again until nothing changes.
    while separated := [term for term in terms if term.in_design and rarer(term) == 0]:
        for term in separated:
            term.in_design = False
            term.withhold(too_few)
            kept &= ~term.member
    sparse_references = {term.factor for term in terms if term.is_reference and rarer(term) < minimum}
    separated_references = {term.factor for term in terms if term.is_reference and rarer(term) == 0}
    for term in terms:
        if term.factor in sparse_references:
            term.withhold(reference_too_few)
        elif rarer(term) < minimum:
            term.withhold(too_few)
        term.in_design = term.in_design and term.factor not in separated_references
    return kept


def _withhold_collinear_levels(terms: list[_Term], kept: np.ndarray) -> None:
    """Withhold levels that the others determine: the library dies on a rank-deficient design."""
    columns = [term for term in terms if term.in_design]
    if not columns:
        return
    design = sparse.csr_array(np.column_stack([term.member[kept] for term in columns]).astype(float))
    gram = sparse.csr_array(design.T @ design).toarray()
    norms = np.sqrt(np.diag(gram))
    gram /= norms[:, None] * norms
    values, vectors = np.linalg.eigh(gram)
    involved = np.any(np.abs(vectors[:, values < 1e-9]) > 1e-6, axis=1)
    independent: list[int] = []
    for column, term in enumerate(columns):
        if involved[column]:
            term.withhold("cannot be told apart from other levels")
        with_column = [*independent, column]
        if np.linalg.matrix_rank(gram[np.ix_(with_column, with_column)], tol=1e-9, hermitian=True) == len(with_column):
            independent.append(column)
        else:
            term.in_design = False


def _estimate(
    fitted: list[_Term], outcome: np.ndarray, kept: np.ndarray, groups: list[str], settings: Modelling
) -> float | None:
    """Fit, fill the numbers of the terms that have no reason against it, and return the sd of the random intercept."""
    design = np.column_stack([term.member[kept] for term in fitted]).astype(float)
    kept_groups = [group for group, stays in zip(groups, kept, strict=True) if stays]
    try:
        fit = fit_mixed_logistic(design, outcome[kept], kept_groups)
    except gpboost.basic.GPBoostError:
        fit = None
    if fit is None or not fit.converged:
        for term in fitted:
            term.withhold("the fit failed")
        return None
    check = fit_fixed_effects_logistic(design, outcome[kept], kept_groups)
    for term, estimate, error, checked in zip(fitted, fit.estimate, fit.std_error, check, strict=True):
        settled = abs(estimate) <= settings.largest_log_odds and 0 < error <= settings.largest_standard_error
        if not settled:  # NaN is not settled either
            term.withhold("the estimate did not settle")
        elif term.reason is None:
            term.estimate, term.std_error, term.check_estimate = float(estimate), float(error), float(checked)
    return fit.random_intercept_sd
