"""Estimates the terms of one logistic model, or says of each why it cannot be estimated.

Belongs here: what is found before the fit, the fit, what is found after it, the check by another engine: for the
models of the study and for `pathways bench model` alike. Does not belong here: columns from factors, rules on counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from modelling_assets.steps.models.check_fit import FitCheck, check_fit
from modelling_assets.steps.models.find_not_estimable import independent_columns, predicted_records
from modelling_assets.steps.models.fit_mixed_logistic import MixedLogisticFit, fit_logistic, fit_mixed_logistic

NOT_APART = "cannot be told apart from other terms"
ONE_OUTCOME = "all records have the same outcome"
SEPARATED = "predicts the outcome perfectly, alone or with other terms (separation)"
NOT_CONVERGED = "the fit did not converge"
NO_RECORDS = "no records"
# Where a fit settles with every record this near to even odds, no direction of separation exists: along one, Newton's
# method only stops when the records that it predicts are beyond 20.
FAR_FROM_SEPARATION = 15.0


@dataclass
class TermEstimates:
    """Per column of the design estimate and standard error (log odds), or NaN and a reason; and the fit behind them."""

    estimate: np.ndarray
    std_error: np.ndarray
    check_estimate: np.ndarray
    reasons: list[str | None]
    records: int = 0
    parameters: int = 0
    random_intercept_sd: float | None = None
    log_likelihood: float | None = None
    converged: bool = False
    check: FitCheck | None = field(default=None)

    def withhold(self, columns: np.ndarray, reason: str) -> None:
        """Take the numbers of a mask of columns away; the first reason of a column stays."""
        self.reasons = [
            known or (reason if withheld else None) for known, withheld in zip(self.reasons, columns, strict=True)
        ]
        for numbers in (self.estimate, self.std_error, self.check_estimate):
            numbers[columns] = np.nan


def estimate_terms(design: np.ndarray, outcome: np.ndarray, groups: Sequence[str] | None) -> TermEstimates:
    """Estimates of every column of `design`, which holds the intercept, with a random intercept per group if given.

    Not estimable, with a reason: columns that are combinations of others; columns that separation lets run away, whose
    perfectly predicted records leave the fit, as they inform nothing else; all, when nothing is left or the fit does
    not converge. The others keep their numbers. Raises SeparationNotDecided.
    """
    width = design.shape[1]
    result = TermEstimates(*(np.full(width, np.nan) for _ in range(3)), reasons=[None] * width)
    everything = np.ones(width, bool)
    y = outcome.astype(bool)
    if y.all() or not y.any():
        result.withhold(everything, ONE_OUTCOME if len(y) else NO_RECORDS)
        return result
    independent, involved = independent_columns(design)
    result.withhold(involved, NOT_APART)
    kept = np.ones(len(y), bool)
    if _may_be_separated(design[:, independent], y):
        kept = ~predicted_records(design[:, independent], y)
        if not kept.any():
            result.withhold(everything, SEPARATED)
            return result
        if not kept.all():
            independent, involved = independent_columns(design[kept])
            result.withhold(involved, SEPARATED)
    kept_groups = None if groups is None else [group for group, stays in zip(groups, kept, strict=True) if stays]
    _fit_into(result, design[kept][:, independent], y[kept], kept_groups, independent)
    return result


def _may_be_separated(design: np.ndarray, outcome: np.ndarray) -> bool:
    fit = fit_logistic(design, outcome)
    return not fit.converged or bool(np.abs(design @ fit.estimate).max() > FAR_FROM_SEPARATION)


def _fit_into(
    result: TermEstimates, design: np.ndarray, outcome: np.ndarray, groups: list[str] | None, columns: np.ndarray
) -> None:
    fit: MixedLogisticFit = (
        fit_logistic(design, outcome) if groups is None else fit_mixed_logistic(design, outcome, groups)
    )
    result.records, result.parameters = len(outcome), design.shape[1]
    if not fit.converged:
        result.withhold(np.ones(len(columns), bool), NOT_CONVERGED)
        return
    result.converged = True
    result.log_likelihood = fit.log_likelihood
    result.random_intercept_sd = fit.random_intercept_sd
    result.check = check_fit(fit, design, outcome, groups)
    for numbers, fitted in (
        (result.estimate, fit.estimate), (result.std_error, fit.std_error),
        (result.check_estimate, result.check.estimate),
    ):
        numbers[columns] = fitted
    withheld = np.array([reason is not None for reason in result.reasons])
    for numbers in (result.estimate, result.std_error, result.check_estimate):
        numbers[withheld] = np.nan
