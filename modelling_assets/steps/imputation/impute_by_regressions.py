"""Imputes factors by chained logistic regressions, each with parameters drawn anew.

Belongs here: one way of drawing missing levels. Does not belong here: which records and factors (impute_frames.py), the
other way (impute_by_forests.py).

For each factor in turn, each of its levels but the last is told apart from the levels after it by a logistic regression
on everything else; the regression's parameters are drawn from their posterior (Rubin 1987, as R's mice does for two
levels), and missing values from the probabilities that these give. Levels go from the most to the least common.
"""

import numpy as np
import polars as pl
from scipy.special import expit
from threadpoolctl import threadpool_limits

PRIOR_SD = 2.0  # log odds; a weak prior holds back levels that hardly occur, with which a plain estimate would run away
MOST_STEPS = 25
# Newton's method doubles its right digits with every step: after a step of this size, a hundredth of it is left.
SETTLED = 0.01  # log odds

Drawn = list[list[dict[str, pl.Series]]]
Estimates = dict[tuple[str, int], np.ndarray]


def draw_by_regressions(
    records: pl.DataFrame, incomplete: list[str], imputations: int, iterations: int, seed: int, after: int = 0
) -> Drawn:
    """Values drawn for what is missing, per imputation, iteration and factor, in the order of the records.

    `records` has one column per variable, all text, with missing values in the factors `incomplete` only; each of these
    has two recorded levels or more. Fewer imputations are the first ones of more, and so with iterations; the
    first `after` are left out.
    """
    # What is nearly complete comes first: it is known best, and helps the others.
    order = sorted(incomplete, key=lambda name: (records[name].null_count(), name))
    near: Estimates = {}
    # One thread: sums in a fixed order repeat exactly, and no thread waits for another where cores are shared.
    with threadpool_limits(1):
        return [
            _chain(records, order, iterations, near, generator)
            for generator in np.random.default_rng(seed).spawn(imputations)[after:]
        ]


class _Design:
    """The records as indicators: an intercept, then a column per level but the most common of each variable."""

    def __init__(self, records: pl.DataFrame):
        self.levels = {name: _levels(records[name]) for name in records.columns}
        self.columns, width = {}, 1
        for name, levels in self.levels.items():
            self.columns[name] = slice(width, width := width + len(levels) - 1)
        # Single precision: half the time, and far more exact than the parameters that are drawn.
        self.matrix = np.zeros((records.height, width), np.float32)
        self.matrix[:, 0] = 1
        for name in records.columns:
            self.set(name, slice(None), codes_of(records[name], self.levels[name]))

    def set(self, name: str, rows, codes: np.ndarray) -> None:
        """Put levels, by number, into rows."""
        self.matrix[rows, self.columns[name]] = codes[:, None] == np.arange(1, len(self.levels[name]))

    def without(self, name: str) -> np.ndarray:
        """The columns of all other variables."""
        taken = self.columns[name]
        return np.hstack([self.matrix[:, : taken.start], self.matrix[:, taken.stop :]])


def _levels(values: pl.Series) -> list[str]:
    counted = values.drop_nulls().value_counts().sort("count", values.name, descending=[True, False])
    return counted[values.name].to_list()


def codes_of(values: pl.Series, levels: list[str]) -> np.ndarray:
    """Position of each value in `levels`, -1 when missing."""
    positions = {level: position for position, level in enumerate(levels)}
    return values.replace_strict(positions, default=-1, return_dtype=pl.Int64).to_numpy()


def _chain(
    records: pl.DataFrame, order: list[str], iterations: int, near: Estimates, random: np.random.Generator
) -> list[dict[str, pl.Series]]:
    """One completed data set after each iteration. `near` has estimates to begin the search from; the first chain fills
    it in its first iteration."""
    design = _Design(records)
    codes = {name: codes_of(records[name], design.levels[name]) for name in order}
    for name in order:  # to begin with, a recorded value drawn at random
        gaps = codes[name] < 0
        design.set(name, gaps, random.choice(codes[name][~gaps], gaps.sum()))
    latest, drawn = dict(near), []
    for _ in range(iterations):
        drawn.append({})
        for name in order:
            number = _draw_levels(design.without(name), codes[name], name, latest, random)
            design.set(name, codes[name] < 0, number)
            drawn[-1][name] = pl.Series(name, design.levels[name])[number]
        if not near:
            near |= latest
    return drawn


def _draw_levels(
    others: np.ndarray, codes: np.ndarray, name: str, latest: Estimates, random: np.random.Generator
) -> np.ndarray:
    """Levels of the factor `name`, by number, for the records without one, from regressions on the records with one.

    `others` are the indicators of all other variables, `codes` the levels by number, -1 when missing.
    """
    by_level = np.argsort(-codes, kind="stable")  # rarest first: the records from any level on lie together
    recorded, wanted = others[by_level[: (codes >= 0).sum()]], others[codes < 0]
    from_level_on = np.cumsum(np.bincount(codes[codes >= 0])[::-1])[::-1]
    drawn = np.full(len(wanted), last := int(codes.max()))
    undecided = np.ones(len(wanted), bool)
    for level in range(last):
        among = recorded[: from_level_on[level]]
        hits = np.arange(len(among)) >= from_level_on[level + 1]
        estimate, root = fit_logistic_with_prior(among, hits, latest.get((name, level)))
        latest[name, level] = estimate
        parameters = estimate + root @ random.standard_normal(len(estimate))
        hit = undecided & (random.random(len(wanted)) < expit(wanted @ parameters))
        drawn[hit], undecided = level, undecided & ~hit
    return drawn


def fit_logistic_with_prior(
    design: np.ndarray, outcome: np.ndarray, start: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Most probable parameters (log odds) under the prior, and a root of their covariance.

    `design` begins with the intercept, for which the prior says next to nothing.
    """
    precision = np.full(design.shape[1], PRIOR_SD**-2)
    precision[0] = 1e-4
    beta = np.zeros(len(precision)) if start is None else start
    information = np.diag(precision)
    for _ in range(MOST_STEPS):
        fitted = expit(design @ beta.astype(design.dtype))
        weighted = design * np.sqrt(fitted * (1 - fitted))[:, None]
        information = (weighted.T @ weighted).astype(float) + np.diag(precision)
        step = np.linalg.solve(information, design.T @ (outcome - fitted) - precision * beta)
        beta = beta + step
        if np.abs(step).max() < SETTLED:
            break
    return beta, np.linalg.inv(np.linalg.cholesky(information)).T
