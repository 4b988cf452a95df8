"""How right scored pairs are, against known truth: precision and recall along a score. Does not belong here: scores."""

from typing import Any

import numpy as np
import polars as pl

PRECISIONS = (0.95, 0.99, 0.999)
DIGITS = 4


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
