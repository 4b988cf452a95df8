"""Posteriors among competing candidates: a pair's odds against every other explanation of its record.

Belongs here: what candidates of one record take from each other. Does not belong here: match weights (scoring/), and
what records of one side say about each other (competing_records.py).
"""

import math

import polars as pl

from record_linkage.entities.competing_records import STRONG_WEIGHT, Duplicates

MOST_BITS = 200.0  # odds beyond this add nothing and would overflow a sum
PROBABILITY_DIGITS = 6


def share_of_candidates(over: str) -> pl.Expr:
    """A pair's odds over one plus the odds of all candidates of the same `over`, which can be one of them only.

    For pairs whose duplicates were brought together before. Of match_weight, to 6 decimals.
    """
    odds = 2.0 ** pl.col("match_weight").clip(upper_bound=MOST_BITS)
    return (odds / (1 + odds.sum().over(over))).round(PROBABILITY_DIGITS)


def posterior_weights(pairs: pl.DataFrame, prior: float, left: Duplicates, right: Duplicates) -> pl.DataFrame:
    """`pairs` (left_id, right_id, weight) with one_sided and two_sided: bits of odds against any other explanation.

    One-sided, the other right ids of the same left id compete: a pair's odds are divided by 1 + the sum of theirs.
    Two-sided, the other left ids of the same right id do too. Without duplicates on a side that is all. With them, two
    ids may both be right: a competitor's odds are divided by 1 + the odds of all three being one person against the
    pair alone, for which the evidence is that of the two strongest of their three comparisons (a tree of the three).
    """
    against_right = _against(pairs, "left_id", "right_id", prior, right)
    against_left = _against(pairs, "right_id", "left_id", prior, left)
    return pairs.with_columns(
        one_sided=pl.col("weight") - (1 + against_right).log(2),
        two_sided=pl.col("weight") - (1 + against_right + against_left).log(2),
    )


def _against(pairs: pl.DataFrame, over: str, side: str, prior: float, duplicates: Duplicates) -> pl.Series:
    """Sum of the odds of the other pairs of `over`, each less by its chance of being the same person on `side`."""
    numbered = pairs.with_row_index("pair")
    strong = pl.col("weight") >= STRONG_WEIGHT
    # Each strong competitor is added up by itself: taken out of a sum that holds it, the rest would drown in rounding.
    rivals = (
        numbered.select("pair", over, "weight", id=side)
        .join(numbered.filter(strong).select(over, id_other=side, rival="weight"), on=over)
        .filter(pl.col("id") != pl.col("id_other"))
        .join(duplicates.evidence, on=["id", "id_other"], how="left")
    )
    prior_bits = math.log2(prior / (1 - prior))
    mine, rival = pl.col("weight") - prior_bits, pl.col("rival") - prior_bits
    evidence = pl.col("evidence")
    two_strongest = mine + rival + evidence - pl.min_horizontal(mine, rival, evidence)
    all_three = math.log2(max(duplicates.prior, 1e-300)) + two_strongest - mine
    against = rivals.group_by("pair").agg(strong=(_odds(pl.col("rival")) / (1 + _odds(all_three).fill_null(0.0))).sum())
    weak = pl.when(strong).then(0.0).otherwise(_odds(pl.col("weight")))
    return (
        numbered.join(against, on="pair", how="left", maintain_order="left")
        .select(pl.col("strong").fill_null(0.0) + (weak.sum().over(over) - weak).clip(0.0))
        .to_series()
    )


def _odds(bits: pl.Expr) -> pl.Expr:
    return 2.0 ** bits.clip(-300, 300)
