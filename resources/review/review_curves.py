"""Estimates precision, recall and false positives of each threshold from the pairs that people judged (2.5.3).

Belongs here: weighting back, the bootstrap, intervals, areas. Does not belong here: whether people agree
(review_agreement.py), and which threshold to take (linkage_assets/steps/review).

Intervals: the rescaling bootstrap of Rao, Wu and Yue within strata, which knows that a stratum judged in full has no
sampling error. A sample without a single error gives a bootstrap of no width, so an interval is never narrower than
Clopper and Pearson's at the effective size of the sample (Kish, with the finite population correction).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from resources.drift.proportions import clopper_pearson

DIGITS = 4


@dataclass(frozen=True)
class Judged:
    """Judged pairs as arrays: score, weight (bits), match (bool), stands_for (pairs), fraction (sampled share).

    `score`: what thresholds are in: a probability, or bits. `replicates`: one row of weights per bootstrap replicate.
    """

    score: np.ndarray
    weight: np.ndarray
    match: np.ndarray
    stands_for: np.ndarray
    fraction: np.ndarray
    replicates: np.ndarray
    confidence_level: float


class ReviewIncomplete(Exception):
    """Not every sampled pair has a score of every reviewer; counts only."""


def matches(scores: np.ndarray, match_score: float) -> np.ndarray:
    """Whether each pair is a match: mean over reviewers (pairs x reviewers) of at least `match_score`.

    Raises ReviewIncomplete.
    """
    if np.isnan(scores).any():
        raise ReviewIncomplete(f"{int(np.isnan(scores).sum())} score(s) of {scores.size} are missing.")
    return scores.mean(axis=1) >= match_score - 1e-9


def judged_pairs(
    sample: pl.DataFrame,
    match: np.ndarray,
    seed: int,
    replicates: int,
    confidence_level: float,
    score: str = "match_probability",
) -> Judged:
    """`sample`: all judged pairs, with weights over all of them; `match`: what people decided; `score`: a column."""
    stands_for = sample["sampling_weight"].to_numpy()
    return Judged(
        sample[score].to_numpy(),
        sample["match_weight"].to_numpy(),
        match,
        stands_for,
        1 / stands_for,
        bootstrap_weights(sample["stratum"].to_numpy(), stands_for, seed, replicates),
        confidence_level,
    )


def bootstrap_weights(stratum: np.ndarray, stands_for: np.ndarray, seed: int, replicates: int) -> np.ndarray:
    """Replicates x pairs: weights of the rescaling bootstrap, stratum by stratum. Same seed, same weights.

    A stratum of one judged pair shows no variation, so its weight stays; strata judged in full keep theirs exactly.
    """
    generator = np.random.default_rng(seed)
    weights = np.tile(stands_for.astype(float), (replicates, 1))
    for number in np.unique(stratum):
        rows = np.flatnonzero(stratum == number)
        size, scale = len(rows), np.sqrt(1 - 1 / stands_for[rows[0]])
        if size > 1 and scale > 0:
            drawn = generator.multinomial(size - 1, np.full(size, 1 / size), size=replicates)
            weights[:, rows] *= 1 - scale + scale * size / (size - 1) * drawn
    return weights


def threshold_table(judged: Judged, person_pairs: pl.DataFrame, thresholds: list[float]) -> list[dict[str, Any]]:
    """One dict per threshold: threshold, pairs (at or above, counted), and estimates (threshold_estimates)."""
    found = np.sort(person_pairs["match_probability"].to_numpy())
    pairs = len(found) - np.searchsorted(found, np.asarray(thresholds), side="left")
    estimates = threshold_estimates(judged, thresholds)
    return [
        {"threshold": threshold, "pairs": int(number)} | row
        for threshold, number, row in zip(thresholds, pairs, estimates, strict=True)
    ]


def threshold_estimates(judged: Judged, thresholds: list[float]) -> list[dict[str, float | None]]:
    """One dict per threshold of the score: estimates with _low and _high.

    precision: matches among pairs at or above. recall: of all matches among scored pairs, those at or above.
    false_positive_rate: of all non-matches among scored pairs, those at or above. None where nothing is to be divided.
    """
    above = judged.score[:, None] >= np.asarray(thresholds)[None, :]
    match = judged.match
    shares = {
        "precision": (above & match[:, None], above),
        "recall": (above & match[:, None], np.broadcast_to(match[:, None], above.shape)),
        "false_positive_rate": (above & ~match[:, None], np.broadcast_to(~match[:, None], above.shape)),
    }
    estimates = {name: _shares(judged, part, whole) for name, (part, whole) in shares.items()}
    return [
        {f"{name}{end}": value for name, rows in estimates.items() for end, value in rows[i].items()}
        for i in range(len(thresholds))
    ]


def estimated_matches(judged: Judged, among: np.ndarray | None = None) -> dict[str, float | None]:
    """Share of all scored pairs that are matches, with its interval: share, share_low, share_high.

    `among`: which judged pairs are asked about (bool); all without it.
    """
    whole = np.ones(len(judged.match), dtype=bool) if among is None else among
    rows = _shares(judged, (judged.match & whole)[:, None], whole[:, None])
    return {f"share{end}": value for end, value in rows[0].items()}


def areas(judged: Judged) -> dict[str, dict[str, float | None]]:
    """area_under_roc and average_precision, each as value, low, high; None when all are matches, or none is."""
    nothing: dict[str, float | None] = {"value": None, "low": None, "high": None}
    if judged.match.all() or not judged.match.any():
        return {"area_under_roc": nothing, "average_precision": dict(nothing)}
    point = _areas(judged, judged.stands_for[None, :])
    replicated = _areas(judged, judged.replicates)
    tails = _tails(judged.confidence_level)
    found: dict[str, dict[str, float | None]] = {}
    for name, value in point.items():
        low, high = np.nanquantile(replicated[name], tails)
        found[name] = {"value": _rounded(value[0]), "low": _rounded(low), "high": _rounded(high)}
    return found


def _areas(judged: Judged, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Exact areas of the weighted curves, pairs of one weight taken together; one value per row of `weights`."""
    order = np.argsort(-judged.weight, kind="stable")
    ends = np.flatnonzero(np.diff(judged.weight[order], append=-np.inf))
    match, ordered = judged.match[order], weights[:, order]
    right = np.cumsum(ordered * match, axis=1)[:, ends]
    wrong = np.cumsum(ordered * ~match, axis=1)[:, ends]
    with np.errstate(divide="ignore", invalid="ignore"):
        recall, fall_out, precision = right / right[:, -1:], wrong / wrong[:, -1:], right / (right + wrong)
    none_yet = np.zeros((len(recall), 1))
    recall_before, fall_out_before = (np.hstack([none_yet, share[:, :-1]]) for share in (recall, fall_out))
    return {
        "area_under_roc": np.sum((fall_out - fall_out_before) * (recall + recall_before) / 2, axis=1),
        "average_precision": np.sum((recall - recall_before) * np.nan_to_num(precision), axis=1),
    }


def _shares(judged: Judged, part: np.ndarray, whole: np.ndarray) -> list[dict[str, float | None]]:
    """Weighted part / whole with its interval, per column: keys "", "_low", "_high"."""
    top, bottom = judged.stands_for @ part, judged.stands_for @ whole
    with np.errstate(divide="ignore", invalid="ignore"):
        replicated = (judged.replicates @ part) / (judged.replicates @ whole)
    rows: list[dict[str, float | None]] = []
    for column in range(part.shape[1]):
        if bottom[column] == 0:
            rows.append({"": None, "_low": None, "_high": None})
            continue
        share = float(top[column] / bottom[column])
        low, high = np.nanquantile(replicated[:, column], _tails(judged.confidence_level))
        size = _effective_size(judged, whole[:, column])
        least, most = clopper_pearson(share, size, judged.confidence_level)
        rows.append({"": _rounded(share), "_low": _rounded(min(low, least)), "_high": _rounded(max(high, most))})
    return rows


def _effective_size(judged: Judged, rows: np.ndarray) -> float:
    """Pairs of a simple random sample that would tell as much; infinite when every pair of `rows` was judged."""
    weights, unseen = judged.stands_for[rows], 1 - judged.fraction[rows]
    spread = float(np.sum(weights**2 * unseen))
    return float(np.sum(weights)) ** 2 / spread if spread > 0 else float("inf")


def _tails(confidence_level: float) -> list[float]:
    return [(1 - confidence_level) / 2, (1 + confidence_level) / 2]


def _rounded(value: float) -> float:
    return round(float(value), DIGITS)
