"""Counts the links that each score and threshold would give, and the pairs near the study's threshold.

Belongs here: counts of pairs of people. Does not belong here: the rule that makes links (link_pairs.py).
"""

import math

import polars as pl

from linkage_assets.steps.model.describe_patterns import pattern_in_words
from resources.settings.study_settings import Linkage

THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999]
PAIR, NORMALISED = "pair probability", "normalised over the person's candidates"
SCORES = {PAIR: "match_probability", NORMALISED: "normalised_probability"}
BITS_AROUND = 5  # either side of the threshold


def count_links(person_pairs: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """One row per score and threshold, ascending: pairs, probation_people and ndtms_people at or above it.

    studys_rule marks the one row that makes the links of this run: the pair probability at `settings.threshold`
    (methodology 2.5.3).
    """
    thresholds = sorted({*THRESHOLDS, settings.threshold})
    rows: list[tuple[object, ...]] = []
    for score, column in SCORES.items():
        for threshold in thresholds:
            links = person_pairs.filter(pl.col(column) >= threshold)
            rows.append(
                (
                    score,
                    threshold,
                    links.height,
                    links["cluster_id"].n_unique(),
                    links["client_cluster_id"].n_unique(),
                    score == PAIR and threshold == settings.threshold,
                )
            )
    return pl.DataFrame(
        rows,
        schema={
            "score": pl.String,
            "threshold": pl.Float64,
            "pairs": pl.Int64,
            "probation_people": pl.Int64,
            "ndtms_people": pl.Int64,
            "studys_rule": pl.Boolean,
        },
        orient="row",
    )


def count_pairs_near_threshold(person_pairs: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """One row per whole bit of match weight around the threshold and comparison pattern: bits_from_threshold, pattern,
    pairs.

    bits_from_threshold is the lower end of the interval, from -5 to 4: 0 holds the pairs up to one bit above.
    """
    at_threshold = math.log2(settings.threshold / (1 - settings.threshold))
    bits = (pl.col("match_weight") - at_threshold).floor().cast(pl.Int32)
    return (
        person_pairs.with_columns(bits_from_threshold=bits, pattern=pattern_in_words(settings))
        .filter(pl.col("bits_from_threshold").is_between(-BITS_AROUND, BITS_AROUND - 1))
        .group_by("bits_from_threshold", "pattern")
        .agg(pairs=pl.len().cast(pl.Int64))
        .sort("bits_from_threshold", "pattern")
    )
