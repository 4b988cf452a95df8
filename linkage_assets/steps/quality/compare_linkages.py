"""Holds the links of exact keys against those of the model, pair by pair.

Belongs here: who found which pair, and how its records compare. Does not belong here: either linkage.
"""

import polars as pl

from linkage_assets.steps.model.describe_patterns import pattern_in_words
from resources.settings.study_settings import Linkage

BOTH, MODEL_ONLY, EXACT_ONLY = "both", "model only", "exact keys only"
NOT_SCORED = "scored below the lowest probability kept"
PAIR = ["cluster_id", "client_cluster_id"]


def compare_linkages(
    deterministic_pairs: pl.DataFrame, linked_pairs: pl.DataFrame, person_pairs: pl.DataFrame, settings: Linkage
) -> pl.DataFrame:
    """One row per pair of people that either linkage found, sorted by both ids.

    Columns: cluster_id, client_cluster_id, found_by, ambiguous (exact keys also pair one of the two with somebody
    else; null where exact keys did not find the pair), match_probability, match_weight and pattern of the pair's best
    records. A pair that the model scored below `settings.lowest_probability` has neither score nor pattern of its own.
    """
    exact = deterministic_pairs.select(*PAIR, "ambiguous")
    model = linked_pairs.select(*PAIR, by_model=pl.lit(True))
    scores = person_pairs.select(*PAIR, "match_probability", "match_weight", pattern=pattern_in_words(settings))
    found_by = (
        pl.when(pl.col("by_model") & pl.col("ambiguous").is_not_null())
        .then(pl.lit(BOTH))
        .when("by_model")
        .then(pl.lit(MODEL_ONLY))
        .otherwise(pl.lit(EXACT_ONLY))
    )
    return (
        model.join(exact, on=PAIR, how="full", coalesce=True)
        .join(scores, on=PAIR, how="left")
        .select(
            *PAIR,
            found_by.alias("found_by"),
            "ambiguous",
            "match_probability",
            "match_weight",
            pl.col("pattern").fill_null(NOT_SCORED),
        )
        .sort(PAIR)
    )
