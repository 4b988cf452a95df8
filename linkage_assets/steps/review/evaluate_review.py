"""Turns reviewers' scores into findings: how right each threshold is, and which to take (methodology 2.5.3).

Belongs here: first disagreement, recommendation. Does not belong here: what counts as a match, estimates and agreement
(resources/review), reading decisions (pathways/review).
"""

from typing import Any

import numpy as np
import polars as pl

from resources.review.review_agreement import agreement
from resources.review.review_curves import areas, estimated_matches, judged_pairs, matches, threshold_table
from resources.settings.study_settings import Linkage, Review

GRID_BITS = 0.5
PROBABILITY_DIGITS = 6
RECOMMENDED_FROM = 0.5  # below it the model itself says that a pair is more likely no match
RULE = (
    "The lowest threshold from 0.5 up at which the lower confidence bound of precision reaches the target precision. "
    "Precision is that of all pairs of people at or above the threshold, weighted back from the judged ones. A "
    "threshold that keeps too few of the matches among scored pairs (linkage.review.least_recall) is left out."
)
LIMITS = (
    "Recall is of matches among scored pairs: people whom blocking or linkage.lowest_probability missed are not seen.",
    "Reviewers see the same identifiers as the model, and their own mistakes count as the model's.",
    "One mistaken judgement decides the first disagreement; the recommended threshold rests on all judgements.",
    "The second sample was placed after the first was judged; its weights treat the place as given.",
)


def first_disagreement(sample: pl.DataFrame, match: np.ndarray, person_pairs: pl.DataFrame) -> dict[str, Any] | None:
    """The most probable pair that reviewers call no match, and the threshold that the study's procedure gives.

    probability, bits: of that pair. study_threshold: the lowest probability of any pair above it (None when there is
    none), so that all checked pairs from there up are matches; pairs: how many pairs of people reach it. None when
    reviewers call every judged pair a match.
    """
    refused = sample.filter(~pl.Series(match))
    if refused.is_empty():
        return None
    highest = refused.sort("match_weight", descending=True).row(0, named=True)
    # In bits: probabilities near 1 are equal once rounded, where weights still tell pairs apart.
    above = person_pairs.filter(pl.col("match_probability") > highest["match_probability"])
    return {
        "probability": highest["match_probability"],
        "bits": highest["match_weight"],
        "study_threshold": above["match_probability"].min(),
        "pairs": above.height,
    }


def evaluate_review(
    sample: pl.DataFrame, scores: np.ndarray, person_pairs: pl.DataFrame, settings: Linkage
) -> dict[str, Any]:
    """Findings of a review, counts and shares only.

    `sample`: ReviewSample of all judged pairs with weights over all of them. `scores`: pairs x reviewers (one or two).
    Same input and seed, same findings. Raises ReviewIncomplete.
    """
    review = settings.review
    match = matches(scores, review.match_score)
    judged = judged_pairs(sample, match, review.seed, review.bootstrap_replicates, review.confidence_level)
    disagreement = first_disagreement(sample, match, person_pairs)
    study = disagreement["study_threshold"] if disagreement else None
    table = threshold_table(judged, person_pairs, _thresholds(person_pairs, settings.threshold, study))
    row_of = {row["threshold"]: row for row in table}
    return {
        "reviewers": scores.shape[1],
        "confidence_level": review.confidence_level,
        "pairs_judged": sample.height,
        "pairs_judged_match": int(match.sum()),
        "pairs_of_people": person_pairs.height,
        "matches_among_pairs": estimated_matches(judged),
        "match_rule": f"mean score of the reviewers at least {review.match_score}",
        "current_threshold": row_of[settings.threshold],
        "first_disagreement": disagreement,
        "study_threshold": row_of.get(study),
        "target_precision": review.target_precision,
        "recommendation_rule": RULE,
        "recommended_threshold": _recommended(table, review),
        **areas(judged),
        "agreement": agreement(
            scores, review.match_score, judged.stands_for, judged.replicates, review.confidence_level
        )
        if scores.shape[1] == 2
        else None,
        "thresholds": table,
        "limits": list(LIMITS),
    }


def _recommended(table: list[dict[str, Any]], review: Review) -> dict[str, Any] | None:
    for row in table:
        if row["threshold"] < RECOMMENDED_FROM or row["precision_low"] is None or row["recall"] is None:
            continue
        if row["precision_low"] >= review.target_precision and row["recall"] >= review.least_recall:
            return row
    return None


def _thresholds(person_pairs: pl.DataFrame, *others: float | None) -> list[float]:
    """Every half bit over the range of the pairs, the published grid and `others`, as probabilities, ascending."""
    weight = person_pairs["match_weight"].to_numpy()
    lowest, highest = float(np.floor(weight.min() / GRID_BITS)), float(np.ceil(weight.max() / GRID_BITS))
    bits = np.arange(lowest, highest + 1) * GRID_BITS
    found = {round(float(p), PROBABILITY_DIGITS) for p in 1 / (1 + np.power(2.0, -bits))}
    published = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.985, 0.99, 0.995, 0.999}
    return sorted(p for p in found | published | {p for p in others if p is not None} if 0 < p < 1)
