"""How right scored pairs are, against known truth, as the pair score and normalised over competing pairs.

Belongs here: normalising, precision and recall at thresholds. Does not belong here: scoring (link.py).
"""

import math
from typing import Any

import numpy as np
import polars as pl

from pathways.bench.linkage.duplicates import STRONG_WEIGHT, Duplicates

PRECISIONS = (0.95, 0.99, 0.999)
DIGITS = 4


def normalise(pairs: pl.DataFrame, prior: float, left: Duplicates, right: Duplicates) -> pl.DataFrame:
    """`pairs` (left_id, right_id, weight) with one_sided and two_sided: bits of odds against any other explanation.

    One-sided, the other right ids of the same left id compete: a pair's odds are divided by 1 + the sum of theirs.
    Two-sided, the other left ids of the same right id do too. Without duplicates in a file that is all. With them, two
    ids may both be right: a competitor's odds are divided by 1 + the odds of all three being one entity against the
    pair alone, for which the evidence is that of the two strongest of their three comparisons (a tree of the three).
    """
    against_right = _against(pairs, "left_id", "right_id", prior, right)
    against_left = _against(pairs, "right_id", "left_id", prior, left)
    return pairs.with_columns(
        one_sided=pl.col("weight") - (1 + against_right).log(2),
        two_sided=pl.col("weight") - (1 + against_right + against_left).log(2),
    )


def _against(pairs: pl.DataFrame, over: str, side: str, prior: float, duplicates: Duplicates) -> pl.Series:
    """Sum of the odds of the other pairs of `over`, each less by its chance of being the same entity on `side`."""
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


def measure_score(weight: pl.Series, right: pl.Series, true_pairs: int, threshold: float) -> dict[str, Any]:
    """Precision and recall along a score.

    `weight`: bits of odds per pair; `right`: whether the pair is true; `true_pairs`: how many there are in all, found
    or not; `threshold`: probability from which a pair is a link. Pairs of equal score stand or fall together.
    """
    curve = (
        pl.DataFrame({"weight": weight, "right": right})
        .group_by("weight")
        .agg(pairs=pl.len(), true=pl.col("right").sum())
        .sort("weight", descending=True)
        .with_columns(pl.col("pairs", "true").cum_sum())
        .with_columns(precision=pl.col("true") / pl.col("pairs"), recall=pl.col("true") / true_pairs)
        .with_columns(f1=2 * pl.col("true") / (pl.col("pairs") + true_pairs))
    )
    measured: dict[str, Any] = {}
    for precision in PRECISIONS:
        reached = curve.filter(pl.col("precision") >= precision)
        measured[f"recall_at_precision_{precision}"] = _rounded(reached["recall"].max() if reached.height else 0.0)
    measured["best_f1"] = _rounded(curve["f1"].max() if curve.height else 0.0)
    links = curve.filter(pl.col("weight") >= np.log2(threshold / (1 - threshold)))
    measured["threshold"] = threshold
    measured["links"] = links["pairs"][-1] if links.height else 0
    measured["precision"] = _rounded(links["precision"][-1] if links.height else None)
    measured["recall"] = _rounded(links["recall"][-1] if links.height else 0.0)
    return measured


def _rounded(share: Any) -> float | None:
    return None if share is None else round(float(share), DIGITS)
