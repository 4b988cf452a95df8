"""Estimates the terms of one logistic model, or says of each why it cannot be estimated.

Belongs here: what is found before the fit, the fit, what is found after it, the check by another engine: for the
models of the study and for `pathways bench model` alike. Does not belong here: columns from factors, rules on counts,
the words for what a whole fit lacks (causes.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mixed_models.find_not_estimable import (
    SAME_AS_GLM,
    SAME_AS_GLMER,
    independent_columns,
    predicted_records,
)
from mixed_models.fit_mixed_logistic import MixedLogisticFit, fit_mixed_logistic, fit_ordinary_logistic
from mixed_models.group_modes import GroupModes, group_modes
from mixed_models.laplace_error import LaplaceError, laplace_error
from modelling_assets.steps.models import causes
from modelling_assets.steps.models.causes import Cause
from modelling_assets.steps.models.check_fit import FitCheck, check_fit
from modelling_assets.steps.models.explain_separation import separating_columns

NO_RECORD_HAS_IT = "no record has it"
TOGETHER = "predicts the outcome perfectly together with"
ALONE = "predicts the outcome perfectly, alone (separation)"
LEFT_EMPTY = "cannot be estimated from the records that are left where others are predicted perfectly (separation)"
# Where a fit settles with every record this near to even odds, no direction of separation exists: along one, Newton's
# method only stops when the records that it predicts are beyond 20.
FAR_FROM_SEPARATION = 15.0


@dataclass
class TermEstimates:
    """Per column of the design estimate and standard error (log odds), or NaN and a reason; and the fit behind them.

    cause: why there is no fit at all. aliases: of each column that is a combination of columns before it, those
    columns; they keep their estimates, as in R's glm, although data cannot tell them apart. modes: of the groups whose
    records are in the fit.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    check_estimate: np.ndarray
    quadrature_estimate: np.ndarray
    reasons: list[str | None]
    cause: Cause | None = None
    aliases: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    records: int = 0
    parameters: int = 0
    random_intercept_sd: float | None = None
    log_likelihood: float | None = None
    converged: bool = False
    check: FitCheck | None = None
    laplace: LaplaceError | None = None
    modes: GroupModes | None = None

    def withhold(self, columns: np.ndarray, reason: str) -> None:
        """Take the numbers of a mask of columns away; the first reason of a column stays."""
        self.reasons = [
            known or (reason if withheld else None) for known, withheld in zip(self.reasons, columns, strict=True)
        ]
        for numbers in self.numbers:
            numbers[columns] = np.nan

    @property
    def numbers(self) -> tuple[np.ndarray, ...]:
        """Everything that is known of the columns one by one."""
        return self.estimate, self.std_error, self.check_estimate, self.quadrature_estimate

    def give_up(self, cause: Cause) -> "TermEstimates":
        """Take all numbers away, for a cause that concerns the whole fit."""
        self.cause = cause
        self.withhold(np.ones(len(self.reasons), bool), cause.reason)
        return self


def nothing_estimated(width: int, cause: Cause | None = None) -> TermEstimates:
    """Estimates of `width` columns of which none has a number, for `cause` if given."""
    result = TermEstimates(*(np.full(width, np.nan) for _ in range(4)), reasons=[None] * width)
    return result.give_up(cause) if cause else result


def estimate_terms(
    design: np.ndarray, outcome: np.ndarray, groups: Sequence[str] | None, names: Sequence[str] = ()
) -> TermEstimates:
    """Estimates of every column of `design`, which holds the intercept, with a random intercept per group if given.

    Not estimable, with a reason: columns that are combinations of columns before them; columns that separation lets run
    away, whose perfectly predicted records leave the fit, as they inform nothing else; all, when nothing is left, when
    groups make it impossible or when the fit does not converge. The others keep their numbers. `names` of the columns
    are for the reasons. Raises SeparationNotDecided.
    """
    result = nothing_estimated(design.shape[1])
    names = names or [f"column {number}" for number in range(1, design.shape[1] + 1)]
    y = outcome.astype(bool)
    cause = causes.cause_in_outcome(y) or (causes.cause_in_groups(y, groups) if groups is not None else None)
    if cause:
        return result.give_up(cause)
    independent, result.aliases = independent_columns(design, SAME_AS_GLM if groups is None else SAME_AS_GLMER)
    for column, others in result.aliases.items():
        result.withhold(np.arange(design.shape[1]) == column, _combination(others, design, names))
    if independent.sum() >= len(y):
        return result.give_up(causes.TOO_MANY_TERMS)
    kept = np.ones(len(y), bool)
    if _may_be_separated(design[:, independent], y):
        kept = ~predicted_records(design[:, independent], y)
        if not kept.all():
            independent = _withhold_separated(result, design, y, kept, independent, names)
        if not kept.any():
            return result.give_up(causes.SEPARATED)
    kept_groups = None if groups is None else [group for group, stays in zip(groups, kept, strict=True) if stays]
    _fit_into(result, design[kept][:, independent], y[kept], kept_groups, independent)
    return result


def _combination(others: list[int], design: np.ndarray, names: Sequence[str]) -> str:
    if not others:
        return NO_RECORD_HAS_IT
    if len(others) == 1 and np.ptp(design[:, others[0]]) == 0:
        return (
            "cannot be told apart from the intercept: its values hardly differ for their size. Subtract a round number "
            "from it first"
        )
    return f"cannot be told apart from {_listed(others, names)}: left out of the fit, as a combination of what is in it"


def _listed(columns: list[int], names: Sequence[str]) -> str:
    named = [names[column] for column in columns]
    return ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else named[0]


def _may_be_separated(design: np.ndarray, outcome: np.ndarray) -> bool:
    fit = fit_ordinary_logistic(design, outcome)
    return not fit.converged or bool(np.abs(design @ fit.estimate).max() > FAR_FROM_SEPARATION)


def _withhold_separated(
    result: TermEstimates,
    design: np.ndarray,
    outcome: np.ndarray,
    kept: np.ndarray,
    independent: np.ndarray,
    names: Sequence[str],
) -> np.ndarray:
    """Withhold what separation lets run away; return the columns that the records left can still tell apart."""
    places = np.flatnonzero(independent)
    everything = np.arange(len(independent))
    for columns in separating_columns(design[:, places], outcome):
        for column in columns:
            others = [int(places[other]) for other in columns if other != column]
            reason = f"{TOGETHER} {_listed(others, names)} (separation)" if others else ALONE
            result.withhold(everything == places[column], reason)
    left, combined = independent_columns(design[kept][:, places], SAME_AS_GLMER)
    gone = {*combined, *(column for others in combined.values() for column in others)}
    result.withhold(np.isin(everything, places[sorted(gone)]), LEFT_EMPTY)
    still = np.zeros(len(independent), bool)
    still[places[left]] = True
    return still


def _fit_into(
    result: TermEstimates, design: np.ndarray, outcome: np.ndarray, groups: list[str] | None, columns: np.ndarray
) -> None:
    cause = causes.cause_in_outcome(outcome) or (causes.cause_in_groups(outcome, groups) if groups else None)
    if cause:
        result.give_up(cause)
        return
    fit: MixedLogisticFit = (
        fit_ordinary_logistic(design, outcome) if groups is None else fit_mixed_logistic(design, outcome, groups)
    )
    result.records, result.parameters = len(outcome), design.shape[1]
    if not fit.converged:
        result.give_up(causes.cause_of_failure(design, outcome, groups))
        return
    result.converged = True
    result.log_likelihood = fit.log_likelihood
    result.random_intercept_sd = fit.random_intercept_sd
    result.check = check_fit(fit, design, outcome, groups)
    if groups is not None:
        result.laplace = laplace_error(fit, design, outcome, groups)
        result.modes = group_modes(fit, design, outcome, groups)
    by_quadrature = result.laplace.estimate if result.laplace else np.full(len(fit.estimate), np.nan)
    for numbers, fitted in zip(
        result.numbers, (fit.estimate, fit.std_error, result.check.estimate, by_quadrature), strict=True
    ):
        numbers[columns] = fitted
        numbers[[reason is not None for reason in result.reasons]] = np.nan
