"""Draws the pairs of justice records that people review, by bands of match weight around the three thresholds.

Belongs here: bands, the draw, which records stand for a scored pair. Does not belong here: what a reviewer sees
(link_records.py), what decisions mean (evaluate_links.py).

What is drawn is a scored pair of identities: every pair of a band has the same chance, and a sampled one stands for
population / sampled. Of each identity one record is shown. A pair whose only records are the same one asks nothing, as
forms of a record are one person by definition, and is left out.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from justice_assets.schemas.reviewing import STRATA
from justice_assets.steps.identities.condense_persons import RECORD
from justice_assets.steps.linking.score_parts import EQUAL_BEYOND_DOUBT, ONE_GROUP
from resources.review.draw_strata import draw_strata, with_weights
from resources.settings.justice_settings import JusticeLinkage, JusticeReview

HELD = STRATA.index("one_group")
OTHER = {"source": "other_source", "record_key": "other_record_key"}


class NothingToReview(Exception):
    """There is no scored pair of two records to sample."""


@dataclass(frozen=True)
class DrawnLinks:
    """sample: schemas/reviewing.py LinkReviewSample. strata: band, pairs and sampled of each band that has a pair.
    pairs_at: scored pairs of at least each threshold, by its name.
    """

    sample: pl.DataFrame
    strata: list[dict[str, int | str]]
    pairs_at: dict[str, int]


def sample_links(
    scored: pl.DataFrame, members: pl.DataFrame, linkage: JusticeLinkage, review: JusticeReview
) -> DrawnLinks:
    """Of schemas/linking.py ScoredIdentities and JusticeMembers. Same tables and seed: same sample.

    Raises NothingToReview.
    """
    asked = scored.filter(_of_two_records(scored, members))
    if asked.is_empty():
        raise NothingToReview("scored_identities has no pair of two records.")
    band = bands_of(asked, linkage)
    population = np.bincount(band, minlength=len(STRATA))
    sizes = np.minimum([getattr(review, name) for name in STRATA], population)
    generator = np.random.default_rng(review.seed)
    rows = draw_strata(band, sizes, generator)
    sample = asked[rows].select("l", "r", "match_weight", band=pl.Series([STRATA[number] for number in band[rows]]))
    sample = with_weights(_with_records(sample, members, generator), band[rows], population)
    numbers = pl.int_range(1, sample.height + 1, dtype=pl.Int32, eager=True)
    strata: list[dict[str, int | str]] = [
        {"band": name, "pairs": int(pairs), "sampled": int(size)}
        for name, pairs, size in zip(STRATA, population, sizes, strict=True)
        if pairs
    ]
    at = {name: int((asked["match_weight"] >= bits).sum()) for name, bits in linkage.by_name.items()}
    columns = ["l", "r", *OTHER, *OTHER.values(), "match_weight", "band"]
    weights = ["stratum", "population", "sampled", "sampling_weight"]
    return DrawnLinks(sample.select(numbers.alias("pair"), *columns, *weights), strata, at)


def bands_of(scored: pl.DataFrame, linkage: JusticeLinkage) -> np.ndarray:
    """Number in STRATA of each scored pair. A band holds its lower threshold and not its upper."""
    band = np.searchsorted(sorted(linkage.thresholds), scored["match_weight"].to_numpy(), side="right")
    return np.where(scored["kind"].is_in([EQUAL_BEYOND_DOUBT, ONE_GROUP]).to_numpy(), HELD, band)


def _of_two_records(scored: pl.DataFrame, members: pl.DataFrame) -> pl.Series:
    """Whether two different records can be shown for each pair."""
    records = members.select("identity", record=pl.struct(RECORD).rle_id())
    ends = records.group_by("identity").agg(first=pl.col("record").min(), last=pl.col("record").max()).sort("identity")
    rows = [np.searchsorted(ends["identity"].to_numpy(), scored[side].to_numpy()) for side in ("l", "r")]
    first, last = ends["first"].to_numpy(), ends["last"].to_numpy()
    lowest = np.minimum(*(first[row] for row in rows))
    return pl.Series(np.maximum(*(last[row] for row in rows)) > lowest)


def _with_records(sample: pl.DataFrame, members: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """`sample` with a record of each identity, drawn at random, never the same twice."""
    wanted = pl.concat([sample["l"], sample["r"]]).unique()
    held = members.filter(pl.col("identity").is_in(wanted.implode())).unique().sort("identity", *RECORD)
    records = {key[0]: rows.select(RECORD).rows() for key, rows in held.group_by("identity", maintain_order=True)}
    drawn = [_two_of(records[l], records[r], generator) for l, r in sample.select("l", "r").iter_rows()]  # noqa: E741
    schema = dict.fromkeys([*RECORD, *OTHER.values()], pl.String)
    return sample.hstack(pl.DataFrame([(*one, *other) for one, other in drawn], schema=schema, orient="row"))


def _two_of(
    first: list[tuple[str, str]], second: list[tuple[str, str]], generator: np.random.Generator
) -> tuple[tuple[str, str], tuple[str, str]]:
    """A record of each list, not the same: by _of_two_records there are two."""
    one = first[generator.integers(len(first))]
    others = [record for record in second if record != one]
    if not others:  # the second list is this record alone
        one, others = next(record for record in first if record != one), second
    return one, others[generator.integers(len(others))]
