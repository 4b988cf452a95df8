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

from mixed_models.laplace_error import POINTS
from modelling_assets.steps.models.causes import ONE_GROUP
from modelling_assets.steps.models.estimate_terms import TermEstimates, estimate_terms, nothing_estimated
from pathways.bench.linkage.mapping import BenchInputError
from pathways.bench.linkage.read_files import read_whole_file
from pathways.bench.model.model_notes import is_singular, notes_of
from pathways.bench.model.model_terms import LOGICAL, Terms, one_writing, terms_of
from resources.settings.model_formula import Formula, FormulaIsWrong, read_formula

MOST_GROUPS_SHOWN = 50


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
    frame = read_whole_file(asked.data).frame
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
    groups = one_writing(frame[formula.group]).to_list() if formula.group else None
    if groups is not None and len(set(groups)) == 1:
        fit = nothing_estimated(len(terms.names), ONE_GROUP)
    else:
        fit = estimate_terms(terms.design, outcome, groups, terms.names)
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
        "problem": {"reason": fit.cause.reason, "what_to_do": fit.cause.what_to_do} if fit.cause else None,
        "notes": notes_of(fit, terms, outcome, groups),
        "log_likelihood": fit.log_likelihood,
        "random_effect": _random_effect(formula, groups, fit),
        "random_effect_sd": fit.random_intercept_sd if formula.group else None,
        "laplace": _laplace(fit),
        "cross_check": _cross_check(formula, fit),
        "terms": _terms(terms, fit),
        "without_random_effect": _without_random_effect(terms, outcome, fit),
    }


def _outcome(column: pl.Series, level: str | None) -> tuple[np.ndarray, str]:
    """Which records have the outcome, and its level. Raises BenchInputError when that is not clear."""
    if level is not None:
        column, level = one_writing(column), one_writing(pl.Series([*column.unique(), level]))[-1]
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
        raise BenchInputError(
            f"Column {column.name} has one value: all records have the same outcome. Take another outcome, or name "
            "the value as --outcome-level."
        )
    return (column == values[-1]).to_numpy(), values[-1]


def _random_effect(formula: Formula, groups: list[str] | None, fit: TermEstimates) -> dict | None:
    if groups is None:
        return None
    sd = fit.random_intercept_sd
    return {
        "group": formula.group,
        "groups": len(set(groups)),
        "sd": sd,
        "status": "ok" if sd is not None else "not estimable",
        "reason": fit.cause.reason if fit.cause else None,
        "singular": None if sd is None else is_singular(fit),
        "modes": _modes(fit),
    }


def _modes(fit: TermEstimates) -> list[dict] | None:
    """How far each group lies from the average group; left out of fits of many groups."""
    if fit.modes is None or len(fit.modes.groups) > MOST_GROUPS_SHOWN:
        return None
    return [
        {"group": group, "mode": float(mode), "conditional_sd": float(spread)}
        for group, mode, spread in zip(fit.modes.groups, fit.modes.mode, fit.modes.std_error, strict=True)
    ]


def _laplace(fit: TermEstimates) -> dict | None:
    """What adaptive quadrature makes of the same model."""
    found = fit.laplace
    return found and {
        "quadrature_points": POINTS,
        "log_likelihood_by_quadrature": found.at_fit,
        "difference_in_log_likelihood": found.at_fit - (fit.log_likelihood or 0.0),
        "random_effect_sd_by_quadrature": found.random_intercept_sd,
        "largest_shift_in_standard_errors": found.largest_shift,
        "poor": found.poor,
    }


def _without_random_effect(terms: Terms, outcome: np.ndarray, fit: TermEstimates) -> dict | None:
    """Where groups stand in the way: the ordinary logistic regression, which can still be estimated."""
    if fit.cause is None or not fit.cause.of_groups:
        return None
    ordinary = estimate_terms(terms.design, outcome, None, terms.names)
    return {
        "family": "binomial, logit link",
        "converged": ordinary.converged,
        "problem": ordinary.cause.reason if ordinary.cause else None,
        "caution": "standard errors take records as independent: where records of a group are alike they are too small",
        "log_likelihood": ordinary.log_likelihood,
        "terms": _terms(terms, ordinary),
    }


def _cross_check(formula: Formula, fit: TermEstimates) -> dict | None:
    if fit.check is None:
        return None
    library = "gpboost" if formula.group else "statsmodels"
    apart = np.abs(fit.estimate - fit.check_estimate) / fit.std_error
    known = apart[np.isfinite(apart)]
    return {
        "engine": f"{library} {version(library)}",
        "agrees": fit.check.agrees,
        "reason": fit.check.reason,
        "largest_difference_in_standard_errors": float(known.max()) if len(known) else None,
        "random_effect_sd": _number(fit.check.random_intercept_sd) if formula.group else None,
    }


def _terms(terms: Terms, fit: TermEstimates) -> list[dict]:
    rows = [
        {
            "term": name,
            "estimate": _number(estimate),
            "std_error": _number(error),
            "status": "not estimable" if reason else "ok",
            "reason": reason,
            "check_estimate": _number(check),
            "quadrature_estimate": _number(quadrature),
        }
        for name, reason, estimate, error, check, quadrature in zip(terms.names, fit.reasons, *fit.numbers, strict=True)
    ]
    return rows + [
        {
            "term": name,
            "estimate": None,
            "std_error": None,
            "status": "not estimable",
            "reason": reason,
            "check_estimate": None,
            "quadrature_estimate": None,
        }
        for name, reason in terms.without_column.items()
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
