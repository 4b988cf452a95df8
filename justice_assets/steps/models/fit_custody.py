"""A mixed model of custody: how the odds of it differ between groups that are alike in all else that is recorded.

Belongs here: from the view to odds ratios. Does not belong here: the fit itself (mixed_models), what is published of it
(steps/view_tables), what is said of it (templates).

Logistic regression, with a random intercept for each court that sentenced: courts differ, and so do the people before
them. Of each characteristic, the level of most defendants is what the others are compared with.
"""

from collections.abc import Sequence
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import polars as pl

from justice_assets.steps.views.bands import RECORDS, YES
from mixed_models.find_not_estimable import SAME_AS_GLMER, independent_columns
from mixed_models.fit_mixed_logistic import MixedLogisticFit, fit_mixed_logistic
from resources.settings.justice_settings import JusticeViews

TERMS = ("sex_and_ethnic_group", "age_band", "offence_group", "court", "earlier", "years")
COURT = "court_sentencing"
SPREAD = "between_courts"  # the term of the random intercept
ESTIMATED, REFERENCE, FEW, NOT_ESTIMATED = "estimated", "reference", "few", "not estimated"
SCHEMA = {
    "term": pl.String,
    "level": pl.String,
    "status": pl.String,
    "odds_ratio": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
}


def fit_custody(custody_view: pl.DataFrame, settings: JusticeViews) -> pl.DataFrame:
    """schemas/estimates.py CustodyEstimates: a row per level of each term, in their order, and one of the courts.

    Levels with fewer than settings.fewest_of_level defendants with custody, or without, leave the model with their
    defendants. Of the courts: the median odds ratio (Larsen and Merlo 2005), by how much the odds change when somebody
    moves to another court drawn at random, the one with higher odds against the other.
    """
    counted = _with_outcome(custody_view)
    few = {term: _few_levels(counted, term, settings.fewest_of_level) for term in TERMS}
    kept = counted.filter(~pl.any_horizontal(pl.col(term).is_in(sorted(few[term])) for term in TERMS))
    levels = {term: _levels(kept, term) for term in TERMS}
    names = [(term, level) for term in TERMS for level in levels[term][1:]]
    rows = _rows(kept, [*TERMS, COURT])
    found = _fit(rows, names) if rows.height else {}
    multiple = NormalDist().inv_cdf((1 + settings.confidence_level) / 2)
    estimates: list[tuple[str, str, str, float | None, float | None, float | None]] = []
    for term in TERMS:
        for level in sorted(counted[term].unique()):
            if level in few[term]:
                estimates.append((term, level, FEW, None, None, None))
            elif level == levels[term][0]:
                estimates.append((term, level, REFERENCE, 1.0, None, None))
            else:
                estimates.append((term, level, *_odds(found.get((term, level)), multiple)))
    return pl.DataFrame([*estimates, _between_courts(found.get((SPREAD, "")), multiple)], SCHEMA, orient="row")


def _with_outcome(view: pl.DataFrame) -> pl.DataFrame:
    """The rows of the view with `yes`, how many of its records went to custody."""
    return view.with_columns(yes=pl.when(pl.col("custody") == YES).then(RECORDS).otherwise(0))


def _few_levels(counted: pl.DataFrame, term: str, fewest: int) -> set[str]:
    sums = counted.group_by(term).agg(pl.col("yes", RECORDS).sum())
    return {*sums.filter(pl.min_horizontal("yes", pl.col(RECORDS) - pl.col("yes")) < fewest)[term]}


def _levels(kept: pl.DataFrame, term: str) -> list[str]:
    """The level of most defendants, then the others by name."""
    sums = kept.group_by(term).agg(pl.col(RECORDS).sum()).sort(RECORDS, term, descending=[True, False])[term].to_list()
    return [*sums[:1], *sorted(sums[1:])]


def _rows(kept: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return kept.group_by(columns).agg(pl.col("yes", RECORDS).sum()).sort(columns)


def _fit(rows: pl.DataFrame, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Log odds ratio and standard error of each level that can be told apart, and sd of the courts; else nothing."""
    indicators = [(rows[term] == level).to_numpy().astype(float) for term, level in names]
    design = np.column_stack([np.ones(rows.height), *indicators])
    distinct = rows.with_row_index("row").unique(TERMS, keep="first")["row"].to_numpy()  # those of all courts are alike
    apart, _ = independent_columns(np.unique(design[distinct], axis=0), SAME_AS_GLMER)
    if rows[COURT].n_unique() < 2:
        return {}
    fit: MixedLogisticFit = fit_mixed_logistic(
        design[:, apart], rows["yes"].to_numpy(), rows[COURT].to_list(), rows[RECORDS].to_numpy()
    )
    if not fit.converged:
        return {}
    columns = [name for name, told in zip([("", ""), *names], apart, strict=True) if told]
    found = {
        name: (float(estimate), float(error))
        for name, estimate, error in zip(columns, fit.estimate, fit.std_error, strict=True)
    }
    return found | {(SPREAD, ""): (fit.random_intercept_sd, fit.sd_error)}


def _odds(found: tuple[float, float] | None, multiple: float) -> tuple[str, float | None, float | None, float | None]:
    if found is None:
        return NOT_ESTIMATED, None, None, None
    estimate, error = found
    return ESTIMATED, exp(estimate), exp(estimate - multiple * error), exp(estimate + multiple * error)


def _between_courts(
    found: tuple[float, float] | None, multiple: float
) -> tuple[str, str, str, float | None, float | None, float | None]:
    if found is None:
        return SPREAD, SPREAD, NOT_ESTIMATED, None, None, None
    sd, error = found
    median, lower, upper = (
        exp(sqrt(2) * NormalDist().inv_cdf(0.75) * max(0.0, value))
        for value in (sd, sd - multiple * error, sd + multiple * error)
    )
    return SPREAD, SPREAD, ESTIMATED, median, lower, upper
