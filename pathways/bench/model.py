"""Fits one logistic model to any file with the study's own estimator, and says what it found as one JSON object.

Belongs here: rows and outcome of the file, the answer. Does not belong here: the estimator
(modelling_assets/steps/models/estimate_terms.py), options (model_command.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl

from modelling_assets.steps.models.estimate_terms import TermEstimates, estimate_terms
from pathways.bench.mapping import BenchInputError
from pathways.bench.model_terms import LOGICAL, Terms, terms_of
from pathways.bench.read_files import read_file
from resources.model_formula import Formula, FormulaIsWrong, read_formula

ONE_GROUP = "the random intercept has one group only: leave it out for ordinary logistic regression"
SINGULAR = 1e-4  # as lme4's isSingular


@dataclass(frozen=True)
class Asked:
    """A file, a formula, the level of the outcome that counts, reference levels by column."""

    data: Path
    formula: str
    outcome_level: str | None = None
    references: Mapping[str, str] = field(default_factory=dict)


def bench_model(asked: Asked) -> dict:
    """The fit as a JSON object: terms with estimate, std_error (log odds), status and reason, and the fit's own facts.

    Rows with a missing value in a column of the formula are left out and counted. Raises BenchInputError.
    """
    try:
        formula = read_formula(asked.formula)
    except FormulaIsWrong as fault:
        raise BenchInputError(f"--formula: {fault}.") from None
    frame = read_file(asked.data).frame
    names = [formula.outcome, *formula.terms, *([formula.group] if formula.group else [])]
    if missing := [name for name in dict.fromkeys(names) if name not in frame.columns]:
        there = ", ".join(frame.columns)
        raise BenchInputError(f"{asked.data.name} has no column {', '.join(missing)}. It has {there}.")
    rows = frame.height
    frame = frame.select(list(dict.fromkeys(names))).drop_nulls()
    if frame.is_empty():
        raise BenchInputError(f"All {rows} rows of {asked.data.name} miss a value that --formula needs.")
    outcome, level = _outcome(frame[formula.outcome], asked.outcome_level)
    terms = terms_of(frame, formula.terms, formula.as_factor, asked.references)
    groups = frame[formula.group].to_list() if formula.group else None
    one_group = groups is not None and len(set(groups)) == 1
    fit = _nothing(len(terms.names), ONE_GROUP) if one_group else estimate_terms(terms.design, outcome, groups)
    return {
        "benchmark": "model",
        "formula": asked.formula,
        "family": "binomial, logit link; Laplace approximation" if formula.group else "binomial, logit link",
        "outcome_level": level,
        "reference_levels": terms.references,
        "rows": rows,
        "rows_with_missing_values": rows - frame.height,
        "n": frame.height,
        "predicted_perfectly_and_left_out": frame.height - fit.records if fit.parameters else 0,
        "outcome_records": int(outcome.sum()),
        "converged": fit.converged,
        "log_likelihood": fit.log_likelihood,
        "random_effect": _random_effect(formula, groups, fit, one_group),
        "random_effect_sd": fit.random_intercept_sd if formula.group else None,
        "cross_check": _cross_check(formula, fit),
        "terms": _terms(terms, fit),
    }


def _outcome(column: pl.Series, level: str | None) -> tuple[np.ndarray, str]:
    """Which records have the outcome, and its level. Raises BenchInputError when that is not clear."""
    values = sorted(column.unique().to_list())
    if level is not None:
        if level not in values:
            raise BenchInputError(f"--outcome-level: no record has that value in column {column.name}.")
        return (column == level).to_numpy(), level
    if all(value in LOGICAL for value in values):
        return np.array([LOGICAL[value] for value in column]), "TRUE"
    numbers = column.cast(pl.Float64, strict=False)
    if not numbers.null_count():
        if not numbers.is_in([0.0, 1.0]).all():
            raise BenchInputError(f"Column {column.name} has numbers other than 0 and 1. Name one as --outcome-level.")
        return (numbers == 1).to_numpy(), "1"
    if len(values) > 2:
        raise BenchInputError(f"Column {column.name} has {len(values)} values. Name one of them as --outcome-level.")
    if len(values) == 1:
        raise BenchInputError(f"Column {column.name} has one value. Name it as --outcome-level if it is the outcome.")
    return (column == values[-1]).to_numpy(), values[-1]


def _nothing(width: int, reason: str) -> TermEstimates:
    return TermEstimates(*(np.full(width, np.nan) for _ in range(3)), reasons=[reason] * width)


def _random_effect(formula: Formula, groups: list[str] | None, fit: TermEstimates, one_group: bool) -> dict | None:
    if groups is None:
        return None
    sd = fit.random_intercept_sd
    return {
        "group": formula.group, "groups": len(set(groups)), "sd": sd,
        "status": "ok" if sd is not None else "not estimable",
        "reason": None if sd is not None else ONE_GROUP if one_group else "no fit",
        "singular": None if sd is None else sd < SINGULAR,
    }  # fmt: skip


def _cross_check(formula: Formula, fit: TermEstimates) -> dict | None:
    if fit.check is None:
        return None
    apart = np.abs(fit.estimate - fit.check_estimate) / fit.std_error
    known = apart[np.isfinite(apart)]
    return {
        "engine": f"gpboost {version('gpboost')}" if formula.group else f"scipy {version('scipy')} (BFGS)",
        "agrees": fit.check.agrees,
        "largest_difference_in_standard_errors": float(known.max()) if len(known) else None,
        "random_effect_sd": _number(fit.check.random_intercept_sd) if formula.group else None,
    }


def _terms(terms: Terms, fit: TermEstimates) -> list[dict]:
    rows = [
        {
            "term": name, "estimate": _number(estimate), "std_error": _number(error),
            "status": "not estimable" if reason else "ok", "reason": reason, "check_estimate": _number(check),
        }
        for name, estimate, error, reason, check in zip(
            terms.names, fit.estimate, fit.std_error, fit.reasons, fit.check_estimate, strict=True
        )
    ]
    return rows + [
        {"term": name, "estimate": None, "std_error": None, "status": "not estimable", "reason": reason,
         "check_estimate": None}
        for name, reason in terms.without_column.items()
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
