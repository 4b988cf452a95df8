"""Draws the pairs that people review: over the whole range of match weight, then near the first disagreement (2.5.3).

Belongs here: strata, allocation, the draw, sampling weights. Does not belong here: what a reviewer sees of a pair
(review_records.py), and what decisions mean (evaluate_review.py).

Every stratum is an interval of match weight, so two samples combine by counting: within an interval of the merged edges
each pair had the same chance, and a sampled pair stands for population / sampled pairs.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from resources.review.draw_strata import draw_strata, with_weights
from resources.settings.study_settings import Review

TOP_UP = 2  # pairs drawn from an interval that merged edges left without any
IDS = ["cluster_id", "client_cluster_id", "offender_record_id", "client_record_id", "crn", "client_id"]
SCORES = ["match_probability", "match_weight"]
DIGITS = 4


class NothingToReview(Exception):
    """There is no pair of people to sample."""


def stratum_edges(person_pairs: pl.DataFrame, settings: Review) -> list[float]:
    """Edges of the first sample's strata, bits: multiples of `settings.stratum_bits` around all match weights.

    An interval holds its lower edge and not its upper. Raises NothingToReview.
    """
    if person_pairs.is_empty():
        raise NothingToReview("person_pairs has no row. Run the linkage zone of the quarter on its extracts first.")
    weight, width = person_pairs["match_weight"].to_numpy(), settings.stratum_bits
    lowest, highest = int(np.floor(weight.min() / width)), int(np.floor(weight.max() / width)) + 1
    return [round(step * width, DIGITS) for step in range(lowest, highest + 1)]


def sample_first(person_pairs: pl.DataFrame, settings: Review) -> pl.DataFrame:
    """The first sample: ReviewSample, `settings.first_sample_pairs` rows, or every pair when there are fewer.

    `settings.equal_share` of it is spread evenly over strata, so that rare middling weights are seen, and the rest by
    size, so that precision over all links is not judged by a handful. Same pairs, seed: same sample.
    """
    edges = stratum_edges(person_pairs, settings)
    ordered = _ordered(person_pairs)
    stratum = stratum_of(ordered["match_weight"], edges)
    populations = np.bincount(stratum, minlength=len(edges) - 1)
    sizes = allocate(populations, settings.first_sample_pairs, settings.equal_share)
    rows = _draw(ordered, stratum, sizes, settings.seed, "first review sample")
    return weigh(_numbered(ordered[rows], "first", 1), person_pairs, edges)


def sample_second(
    person_pairs: pl.DataFrame, first: pl.DataFrame, disagreement_weight: float, settings: Review
) -> tuple[pl.DataFrame, list[float]]:
    """The second sample, pairs near `disagreement_weight` (bits) that are not in the first, and the merged edges.

    Drawn evenly over the intervals within `settings.second_sample_bits` of it. Intervals elsewhere that the new edges
    left without a sampled pair get TOP_UP pairs, so that every pair of people stays represented.
    """
    low = round(disagreement_weight - settings.second_sample_bits, DIGITS)
    high = round(disagreement_weight + settings.second_sample_bits, DIGITS)
    outer = stratum_edges(person_pairs, settings)
    edges = sorted({*outer, *(edge for edge in (low, high) if outer[0] < edge < outer[-1])})
    ordered = _ordered(person_pairs).join(first, on=IDS[:2], how="anti", maintain_order="left")
    stratum = stratum_of(ordered["match_weight"], edges)
    left = np.bincount(stratum, minlength=len(edges) - 1)
    near = np.array([low <= start < high for start in edges[:-1]])
    sizes = allocate(np.where(near, left, 0), settings.second_sample_pairs, 1.0)
    seen = np.bincount(stratum_of(first["match_weight"], edges), minlength=len(edges) - 1)
    sizes = np.where(seen + sizes == 0, np.minimum(left, TOP_UP), sizes)
    rows = _draw(ordered, stratum, sizes, settings.seed, "second review sample")
    numbered = _numbered(ordered[rows], "second", first.height + 1)
    both = weigh(pl.concat([first.select(numbered.columns), numbered]), person_pairs, edges)
    return both.filter(pl.col("stage") == "second"), edges


def weigh(sample: pl.DataFrame, person_pairs: pl.DataFrame, edges: Sequence[float]) -> pl.DataFrame:
    """`sample` with stratum, population, sampled and sampling_weight by the intervals between `edges`."""
    intervals = len(edges) - 1
    stratum = stratum_of(sample["match_weight"], edges)
    population = np.bincount(stratum_of(person_pairs["match_weight"], edges), minlength=intervals)
    return with_weights(sample, stratum, population)


def describe_strata(sample: pl.DataFrame, person_pairs: pl.DataFrame, edges: Sequence[float]) -> list[dict[str, Any]]:
    """Each interval that holds a pair: from_bits, to_bits, pairs, sampled; counts only, lowest first."""
    intervals = len(edges) - 1
    population = np.bincount(stratum_of(person_pairs["match_weight"], edges), minlength=intervals)
    sampled = np.bincount(stratum_of(sample["match_weight"], edges), minlength=intervals)
    return [
        {"from_bits": edges[i], "to_bits": edges[i + 1], "pairs": int(population[i]), "sampled": int(sampled[i])}
        for i in range(intervals)
        if population[i]
    ]


def stratum_of(weights: pl.Series, edges: Sequence[float]) -> np.ndarray:
    """Number of the interval of each match weight; weights outside the edges belong to the first or last."""
    found = np.searchsorted(np.asarray(edges), weights.to_numpy(), side="right") - 1
    return np.clip(found, 0, len(edges) - 2)


def allocate(populations: np.ndarray, total: int, equal_share: float) -> np.ndarray:
    """How many to draw from each stratum: `equal_share` of `total` evenly, the rest by size, never more than it has."""
    total = min(total, int(populations.sum()))
    sizes = np.zeros(len(populations), dtype=np.int64)
    _spread(sizes, populations, round(total * equal_share), np.ones(len(populations)))
    _spread(sizes, populations, total - int(sizes.sum()), populations.astype(float))
    return sizes


def _spread(sizes: np.ndarray, capacity: np.ndarray, number: int, shares: np.ndarray) -> None:
    """Add `number` to `sizes` in proportion to `shares`; what does not fit in one stratum goes to the others."""
    while number > 0 and (open_ := (sizes < capacity) & (shares > 0)).any():
        exact = np.where(open_, shares, 0.0) / shares[open_].sum() * number
        add = np.minimum(np.floor(exact).astype(np.int64), capacity - sizes)
        if not add.any():
            remainder = np.where(open_, exact, -1.0)
            add[np.argsort(-remainder, kind="stable")[: min(number, int(open_.sum()))]] = 1
        sizes += add
        number -= int(add.sum())


def _ordered(person_pairs: pl.DataFrame) -> pl.DataFrame:
    return person_pairs.select(*IDS, *SCORES).sort(IDS[:2])


def _draw(ordered: pl.DataFrame, stratum: np.ndarray, sizes: np.ndarray, seed: int, purpose: str) -> np.ndarray:
    ids = (ordered["cluster_id"] + " " + ordered["client_cluster_id"]).to_list()
    digest = sha256("\n".join([purpose, str(seed), *ids]).encode()).digest()
    generator = np.random.default_rng(int.from_bytes(digest))
    return draw_strata(stratum, sizes, generator)


def _numbered(pairs: pl.DataFrame, stage: str, first_number: int) -> pl.DataFrame:
    numbers = pl.int_range(first_number, first_number + pairs.height, dtype=pl.Int32, eager=True)
    return pairs.select(numbers.alias("pair"), pl.lit(stage).alias("stage"), pl.all())
