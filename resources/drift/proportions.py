"""Intervals of shares, and agreement of two judges beyond chance, as statsmodels computes them.

Belongs here: the Wilson and the exact interval, and Cohen's kappa, for every zone. Does not belong here: what a share
is of, weighting, resampling.

statsmodels takes a second to load: it is loaded when something is asked of it.
"""

from math import isfinite

import numpy as np


def wilson(share: float, base: float, level: float) -> tuple[float, float]:
    """Wilson limits of a share of `base` cases; of an effective number of cases where the draw is no coin toss.

    share and limits from 0 to 1, level such as 0.95. No width when `base` is infinite.
    """
    return _limits(share, base, level, "wilson")


def clopper_pearson(share: float, base: float, level: float) -> tuple[float, float]:
    """Exact limits of a share of `base` cases, which may be a fraction; no width when `base` is infinite."""
    return _limits(share, base, level, "beta")


def _limits(share: float, base: float, level: float, method: str) -> tuple[float, float]:
    from statsmodels.stats.proportion import proportion_confint

    if not isfinite(base):
        return share, share
    low, high = np.asarray(proportion_confint(share * base, base, 1 - level, method), float)
    # Rounding alone could put a limit of 0 or of 1 on the wrong side of the share.
    return min(share, float(low)), max(share, float(high))


def kappas(tables: np.ndarray) -> np.ndarray:
    """Cohen's kappa of every table of `tables` (tables x levels x levels: first judge, second judge), of any weights.

    With linear weights, which for two levels is the plain one. NaN where chance alone gives full agreement.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.array([cohens_kappa(table, wt="linear", return_results=False) for table in tables])
