"""Measures whether two reviewers agree beyond chance: Cohen's kappa (methodology 2.5.3 reviews by hand, by one person).

Belongs here: agreement, weighted back, with its intervals. Does not belong here: kappa itself
(resources/drift/proportions.py), what their decisions say of the model.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from resources.drift.proportions import kappas

DIGITS = 4
STEPS = 10  # scores are tenths


def agreement(
    scores: np.ndarray, match_score: float, weights: np.ndarray, replicates: np.ndarray, confidence_level: float
) -> dict[str, Any]:
    """How two reviewers agree. `scores`: pairs x 2, each 0 to 1; a score of `match_score` or more says match.

    kappa: on match or not, weighted back to all pairs. kappa_of_sample: the same, each judged pair counting once, which
    shows the hard pairs that the sample holds more of. kappa_of_scores: linear weights over tenths, weighted back.
    agree: share of all pairs on which they agree. Each as value, low, high; kappa is None where chance alone gives full
    agreement. Counts of the sample: both_match, only_one_match, neither_match.
    """
    says = (scores >= match_score).astype(int)
    steps = np.rint(scores * STEPS).astype(int)
    once, once_replicates = np.ones_like(weights), replicates / weights
    found: dict[str, Any] = {
        "agree": _interval(_agree, says, 2, weights, replicates, confidence_level),
        "kappa": _interval(kappas, says, 2, weights, replicates, confidence_level),
        "kappa_of_sample": _interval(kappas, says, 2, once, once_replicates, confidence_level),
        "kappa_of_scores": _interval(kappas, steps, STEPS + 1, weights, replicates, confidence_level),
    }
    both = says.sum(axis=1)
    return found | {
        "both_match": int((both == 2).sum()),
        "only_one_match": int((both == 1).sum()),
        "neither_match": int((both == 0).sum()),
    }


def _interval(
    measure: Callable[[np.ndarray], np.ndarray],
    says: np.ndarray,
    levels: int,
    weights: np.ndarray,
    replicates: np.ndarray,
    confidence_level: float,
) -> dict[str, float | None]:
    value = measure(_tables(says, levels, weights[None, :]))[0]
    spread = measure(_tables(says, levels, replicates))
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    low, high = np.nanquantile(spread, [(1 - confidence_level) / 2, (1 + confidence_level) / 2])
    return {"value": round(float(value), DIGITS), "low": round(float(low), DIGITS), "high": round(float(high), DIGITS)}


def _tables(says: np.ndarray, levels: int, weights: np.ndarray) -> np.ndarray:
    """One table of shares (levels x levels) per row of `weights`."""
    cell = says[:, 0] * levels + says[:, 1]
    place = np.eye(levels * levels)[cell]
    shares = weights @ place / weights.sum(axis=1, keepdims=True)
    return shares.reshape(-1, levels, levels)


def _agree(tables: np.ndarray) -> np.ndarray:
    return np.trace(tables, axis1=1, axis2=2)
