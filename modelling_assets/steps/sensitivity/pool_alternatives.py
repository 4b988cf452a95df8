"""Pools what an alternative finds on each completed data set, one row per level.

Belongs here: Rubin's rules for alternatives, and the columns of their rows. Does not belong here: which alternatives
there are and their fits (sensitivity_models.py), the rules themselves (pool_estimates.py).
"""

from collections.abc import Iterator
from math import exp
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from modelling_assets.steps.models.pool_estimates import pool_by_rubin
from modelling_assets.steps.models.sparse_levels import Level
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from resources.settings.modelling_settings import Modelling

SENSITIVITY_COLUMNS = {
    "model": pl.String,
    "alternative": pl.String,
    "factor": pl.String,
    "level": pl.String,
    "estimate": pl.Float64,
    "std_error": pl.Float64,
    "odds_ratio": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "significant": pl.Boolean,
    "status": pl.String,
    "reason": pl.String,
}
# Of one completed data set: what every level came to, and the degrees of freedom.
Found = tuple[dict[Level, tuple[float, float] | str], float]


def pooled_rows(name: str, alternative: str, found: list[Found], settings: Modelling) -> Iterator[tuple[Any, ...]]:
    """A row per level of a model's factors and per region, of what was found on each completed data set."""
    levels = [
        (factor, level) for factor in settings.models[name].factors for level in settings.factors[factor].levels[1:]
    ]
    regions = [level for level in found[0][0] if level[0] == settings.random_intercept]
    for factor, level in (*levels, *regions, *([YEAR] if alternative == YEAR_ADDED else [])):
        results = [results.get((factor, level), "no record has it") for results, _ in found]
        reason = next((result for result in results if isinstance(result, str)), None)
        if reason:
            yield name, alternative, factor, level, *([None] * 6), False, "not estimable", reason
            continue
        values = np.array(results, dtype=float)
        estimate, std_error, df = _pool(values[:, 0], values[:, 1], min(df for _, df in found))
        reach = float(stats.t.ppf((1 + settings.confidence_level) / 2, df)) * std_error
        p_value = float(2 * stats.t.sf(abs(estimate) / std_error, df))
        yield (
            name,
            alternative,
            factor,
            level,
            estimate,
            std_error,
            exp(estimate),
            exp(estimate - reach),
            exp(estimate + reach),
            p_value,
            p_value < 1 - settings.confidence_level,
            "ok",
            None,
        )


def _pool(estimate: np.ndarray, std_error: np.ndarray, complete_df: float) -> tuple[float, float, float]:
    """Estimate, standard error and degrees of freedom by Rubin's rules; one data set's own where there is one only."""
    if len(estimate) == 1:
        return float(estimate[0]), float(std_error[0]), complete_df
    pooled = pool_by_rubin(estimate[:, None], std_error[:, None], np.array([complete_df]))
    return float(pooled.estimate[0]), float(pooled.std_error[0]), float(pooled.df[0])
