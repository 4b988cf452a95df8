"""Fits the mixed logistic model of every completed data set.

Belongs here: columns from factors, the rows of the fits. Does not belong here: levels with too few records
(sparse_levels.py), what data cannot estimate, the fit and its check (estimate_terms.py), pooling.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from modelling_assets.steps.models.estimate_terms import TermEstimates, estimate_terms
from modelling_assets.steps.models.sparse_levels import Level, find_sparse_levels, too_few
from resources.process.side_by_side import in_parts
from resources.settings.modelling_settings import Modelling

INTERCEPT = "(Intercept)"
FIT_COLUMNS = {
    "model": pl.String,
    "imputation": pl.Int32,
    "term": pl.String,
    "factor": pl.String,
    "level": pl.String,
    "records": pl.Int64,
    "outcome_records": pl.Int64,
    "status": pl.String,
    "reason": pl.String,
    "estimate": pl.Float64,
    "std_error": pl.Float64,
    "check_estimate": pl.Float64,
    "random_intercept_sd": pl.Float64,
    "check_random_intercept_sd": pl.Float64,
    "engines_agree": pl.Boolean,
    "log_likelihood": pl.Float64,
    "quadrature_shift": pl.Float64,
    "n": pl.Int64,
    "parameters": pl.Int32,
}
NOT_SETTLED = "the estimate did not settle"
NO_DIFFERENCE = "no difference"  # of groups: the random intercept has no spread
NOT_IN_FIT = "none of its records is in the fit"


@dataclass
class _Term:
    """A level of a factor (the intercept has neither), the records at it, and what became of it in the fit."""

    factor: str | None
    level: str | None
    is_reference: bool
    member: np.ndarray
    in_design: bool = False
    reason: str | None = None
    estimate: float | None = None
    std_error: float | None = None
    check_estimate: float | None = None

    @property
    def key(self) -> Level:
        """Factor and level; two empty names for the intercept."""
        return self.factor or "", self.level or ""

    @property
    def name(self) -> str:
        """As in the formula of a term: factor=level."""
        return f"{self.factor}={self.level}" if self.factor else INTERCEPT

    def withhold(self, reason: str) -> None:
        """Mark as not estimable; the first reason stays."""
        if not self.is_reference:
            self.reason = self.reason or reason
            self.estimate = self.std_error = self.check_estimate = None


def fit_models(imputed: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """Every model fitted to every imputation (methodology 2.8.4); the random intercept per region is our reading.

    `imputed` is what impute_frames returns. One row per model, imputation and term, in the order of study.toml, then
    one per region, with columns FIT_COLUMNS: records and outcome_records at the level in this completed data set;
    status "ok", "reference" or "not estimable" with a reason; estimate and std_error in log odds, of a region its
    conditional mode and standard deviation (group_modes.py; "no difference" where the random intercept has no spread);
    check_estimate and check_random_intercept_sd are of another engine, engines_agree whether both say the same of every
    number (check_fit.py; empty without a fit); quadrature_shift the largest shift of an estimate under adaptive
    quadrature, in standard errors (laplace_error.py); records (n) and fixed parameters of the fit.

    A level is not estimable when it, or its reference level, has fewer than `minimum_level_count` records with the
    outcome or without it. When it has none, its records leave the fit, which they cannot inform; otherwise they stay.
    """
    completed = imputed.partition_by("model", "imputation", as_dict=True)
    which = [(name, number) for name in settings.models for number in range(1, settings.imputation.imputations + 1)]
    fits = in_parts(_fit_one, ((completed.get(one, imputed.clear()), *one, settings) for one in which))
    rows = [row for fit in fits for row in fit]
    return pl.DataFrame(rows, schema=FIT_COLUMNS, orient="row")


def _fit_one(data: pl.DataFrame, name: str, number: int, settings: Modelling) -> list[tuple[Any, ...]]:
    outcome = data["outcome"].to_numpy().astype(bool)
    terms = _terms_of(data, name, settings)
    kept = _withhold_sparse_levels(terms, outcome, settings.minimum_level_count)
    fitted = [term for term in terms if term.in_design]
    fit = None
    if fitted:
        design = np.column_stack([term.member[kept] for term in fitted]).astype(float)
        groups = data[settings.random_intercept].filter(pl.Series(kept)).to_list()
        fit = estimate_terms(design, outcome[kept], groups, [_in_words(term, settings) for term in fitted])
        _fill(fitted, fit, settings)
    check = fit.check if fit else None
    of_fit = (
        fit.random_intercept_sd if fit else None,
        check.random_intercept_sd if check else None,
        check.agrees if check else None,
        fit.log_likelihood if fit else None,
        fit.laplace.largest_shift if fit and fit.laplace else None,
        fit.records if fit and fit.parameters else int(kept.sum()),
        fit.parameters if fit else 0,
    )
    of_regions = _region_results(data, fit, settings.random_intercept, settings.minimum_level_count)
    return [
        (
            name,
            number,
            term.name,
            term.factor,
            term.level,
            int(term.member.sum()),
            int((term.member & outcome).sum()),
            "reference" if term.is_reference else "not estimable" if term.reason else "ok",
            term.reason,
            term.estimate,
            term.std_error,
            term.check_estimate,
            *of_fit,
        )
        for term in terms
    ] + [(name, number, *result, *of_fit) for result in of_regions]


def _region_results(data: pl.DataFrame, fit: TermEstimates | None, group: str, minimum: int) -> list[tuple[Any, ...]]:
    """Of each region in the data the columns from term to check_estimate; the rule on counts is that of levels."""
    counted = data.group_by(group).agg(pl.len(), pl.col("outcome").sum().alias("hits")).sort(group)
    modes = fit.modes if fit and not fit.cause else None
    places = {name: place for place, name in enumerate(modes.groups)} if modes else {}
    results = []
    for region, records, hits in counted.iter_rows():
        status, reason, mode, spread = "not estimable", NOT_IN_FIT, None, None
        if min(hits, records - hits) < minimum:
            reason = too_few(minimum)
        elif modes is None:
            reason = fit.cause.reason if fit and fit.cause else NOT_SETTLED
        elif region in places:
            mode, spread, reason = float(modes.mode[places[region]]), float(modes.std_error[places[region]]), None
            status, spread = ("ok", spread) if spread else (NO_DIFFERENCE, None)
        results.append((f"{group}={region}", group, region, records, hits, status, reason, mode, spread, None))
    return results


def _terms_of(data: pl.DataFrame, name: str, settings: Modelling) -> list[_Term]:
    terms = [_Term(None, None, False, np.ones(data.height, bool))]
    for factor in settings.models[name].factors:
        for level in settings.factors[factor].levels:
            member = (data[factor] == level).fill_null(False).to_numpy().astype(bool)
            terms.append(_Term(factor, level, level == settings.factors[factor].reference, member))
    return terms


def _in_words(term: _Term, settings: Modelling) -> str:
    """A term as tables name it; the reasons that quote it are published."""
    return f"{settings.factors[term.factor].label}: {term.level}" if term.factor else "the intercept"


def _withhold_sparse_levels(terms: list[_Term], outcome: np.ndarray, minimum: int) -> np.ndarray:
    """Withhold levels with too few records in either outcome; return which records stay in the fit."""
    references = [term.key for term in terms if term.is_reference]
    sparse = find_sparse_levels({term.key: term.member for term in terms}, references, outcome, minimum)
    for term in terms:
        term.in_design = term.key in sparse.columns
        if term.key in sparse.reasons:
            term.withhold(sparse.reasons[term.key])
    return sparse.kept


def _fill(terms: list[_Term], fit: TermEstimates, settings: Modelling) -> None:
    """Give every term in the design its numbers, or the reason why it has none.

    Levels that stand for a combination of them too are not published: their odds ratios would be of both.
    """
    for left_out, others in fit.aliases.items():
        for term in (terms[other] for other in others):
            term.withhold(f"cannot be told apart from {_in_words(terms[left_out], settings)}")
    for term, estimate, error, checked, reason in zip(
        terms, fit.estimate, fit.std_error, fit.check_estimate, fit.reasons, strict=True
    ):
        if reason:
            term.withhold(reason)
        elif not (abs(estimate) <= settings.largest_log_odds and 0 < error <= settings.largest_standard_error):
            term.withhold(NOT_SETTLED)
        elif term.reason is None:
            term.estimate, term.std_error, term.check_estimate = float(estimate), float(error), float(checked)


def compare_engines(fits: pl.DataFrame) -> dict[str, int | float]:
    """How many of the fits another engine checked and contradicted, and how far apart the two are at most."""
    each = fits.unique(["model", "imputation"], maintain_order=True)
    apart = fits.select(
        ((pl.col("estimate") - pl.col("check_estimate")).abs() / pl.col("std_error")).max().fill_null(0.0).alias("b"),
        (pl.col("random_intercept_sd") - pl.col("check_random_intercept_sd")).abs().max().fill_null(0.0).alias("sd"),
        pl.col("quadrature_shift").max().fill_null(0.0).alias("shift"),
    )
    return {
        "fits": each.height,
        "fits without numbers": each["engines_agree"].null_count(),
        "fits that differ": int((~each["engines_agree"].fill_null(True)).sum()),
        "largest difference of an estimate (standard errors)": float(apart["b"][0]),
        "largest difference of a random intercept's sd (log odds)": float(apart["sd"][0]),
        "largest shift of an estimate under quadrature (standard errors)": float(apart["shift"][0]),
    }
