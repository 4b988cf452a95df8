"""Turns reviewers' scores of justice links into findings: how right each threshold is, and what lies below the lowest.

Belongs here: which figures there are. Does not belong here: estimates and agreement (resources/review), reading
decisions (pathways/review).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from resources.review.review_agreement import agreement
from resources.review.review_curves import estimated_matches, judged_pairs, matches, threshold_estimates
from resources.settings.justice_settings import JusticeLinkage, JusticeReview

LIMITS = (
    "Pairs that no rule looked at, or that weigh less than justice.linkage.lowest_weight, are not seen: recall is of "
    "matches among the pairs that were kept.",
    "A pair counts once, however many records look like its two. Two records of a pair below a threshold can still be "
    "one person there, by way of others.",
    "Reviewers see the same identifiers as the model, and their own mistakes count as the model's.",
)


def evaluate_links(
    sample: pl.DataFrame,
    scores: np.ndarray,
    pairs_at: Mapping[str, int],
    linkage: JusticeLinkage,
    review: JusticeReview,
) -> dict[str, Any]:
    """Findings of a review, counts and shares only.

    `sample`: LinkReviewSample. `scores`: pairs x reviewers (one or two). `pairs_at`: as DrawnLinks. Estimates are
    weighted back to all scored pairs, with `review.confidence_level` limits. Same input and seed, same findings.
    Raises ReviewIncomplete.
    """
    match, level = matches(scores, review.match_score), review.confidence_level
    judged = judged_pairs(sample, match, review.seed, review.bootstrap_replicates, level, "match_weight")
    weight, kept = sample["match_weight"].to_numpy(), ("precision", "recall")
    estimates = threshold_estimates(judged, list(linkage.by_name.values()))
    below = weight < linkage.threshold_low
    return {
        "reviewers": scores.shape[1],
        "confidence_level": level,
        "pairs_judged": sample.height,
        "pairs_judged_match": int(match.sum()),
        "match_rule": f"mean score of the reviewers at least {review.match_score}",
        "thresholds": [
            {"threshold": name, "bits": bits, "pairs": pairs_at[name], "judged": int((weight >= bits).sum())}
            | {measure: value for measure, value in row.items() if measure.startswith(kept)}
            for (name, bits), row in zip(linkage.by_name.items(), estimates, strict=True)
        ],
        "below_lowest": {"judged": int(below.sum()), **estimated_matches(judged, below)},
        "agreement": agreement(scores, review.match_score, judged.stands_for, judged.replicates, level)
        if scores.shape[1] == 2
        else None,
        "limits": list(LIMITS),
    }
