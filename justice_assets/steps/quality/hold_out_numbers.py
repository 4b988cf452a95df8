"""How good the links are, without truth: linked as if no record had an identity number, and held against the numbers.

Belongs here: that linkage, and recall and precision by pair of sources and by group. Does not belong here: what is
measured against known truth of synthetic records (pathways/bench/justice), impossible people (find_impossible.py).

Two records with the same police number are one person, two with different ones are two. What is measured is the linkage
without numbers: that of the release has them besides, and is better.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from justice_assets.steps.clusters.cluster_persons import cluster_persons
from justice_assets.steps.identities.condense_persons import APART
from justice_assets.steps.linking.justice_specification import NUMBERS, SIGNATURE
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from record_linkage.identities.condense import IDENTITY, condense
from record_linkage.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from resources.settings.justice_settings import JusticeLinkage

HELD_OUT = ("pnc", "cro")
SOURCES = "pair of sources"
COLUMNS = ("number", "kind", "group", "true_pairs", "found_pairs", "recall", "linked_pairs", "precision")
DIGITS = 4


def hold_out_numbers(records: pl.DataFrame, cluster: pl.Series) -> pl.DataFrame:
    """schemas/quality.py HoldOut at the middle threshold.

    records: of every record, source, HELD_OUT and one column for each kind of group (describe_records). cluster: of
    each, as link_without_numbers gives them.
    """
    kinds = [name for name in records.columns if name not in ("source", *HELD_OUT)]
    records = records.with_columns(cluster.alias("cluster"))
    found: list[pl.DataFrame] = []
    for number in HELD_OUT:
        numbered = records.drop_nulls(number).rename({number: "held"}).drop(set(HELD_OUT) - {number})
        found.append(_by_sources(numbered).with_columns(kind=pl.lit(SOURCES), number=pl.lit(number)))
        found += [
            _pairs_within(numbered, name).with_columns(kind=pl.lit(name), number=pl.lit(number)) for name in kinds
        ]
    shares = pl.concat(found).with_columns(
        recall=(pl.col("found_pairs") / pl.col("true_pairs")).round(DIGITS),
        precision=(pl.col("found_pairs") / pl.col("linked_pairs")).round(DIGITS),
    )
    return shares.with_columns(pl.col("recall", "precision").fill_nan(None)).select(COLUMNS).sort(COLUMNS[:3])


def link_without_numbers(
    identities: pl.LazyFrame,
    members: pl.DataFrame,
    model: TrainedModel,
    key: bytes,
    backend: SplinkBackend,
    settings: JusticeLinkage,
) -> pl.Series:
    """The cluster of every record at the middle threshold, as if no record had an identity number. Raises SplinkFailed.

    identities: may be a scan of their file. members: record and identity (its row), a row per form of a record.
    """
    condensed = condense(_without_numbers(identities, settings.records_per_batch), SIGNATURE, APART)
    counts = identities.select("records").collect().to_series()
    sums = np.bincount(condensed.members.to_numpy(), weights=counts.to_numpy()).astype(np.uint32)
    without = condensed.identities.with_columns(records=pl.Series(sums))
    forms = members.with_columns(identity=condensed.members[members["identity"]])
    del condensed  # identities are let go when they are scored
    scoring = justice_scoring(model, key, backend, settings, with_numbers=False)
    scored, _ = score_justice_pairs(without, scoring, settings)
    found = cluster_persons(without.select(IDENTITY), forms, scored, settings, with_numbers=False)
    return found.records["cluster_medium"].alias("cluster")


def _without_numbers(identities: pl.LazyFrame, at_once: int) -> Iterator[pl.DataFrame]:
    """Identities as they would look without numbers, some at a time."""
    for start in range(0, identities.select(pl.len()).collect().item(), at_once):
        some = identities.slice(start, at_once).collect()
        yield some.with_columns(pl.lit(None, pl.String).alias(name) for name in (*NUMBERS, APART))


def _by_sources(records: pl.DataFrame) -> pl.DataFrame:
    """Pairs of records of two sources, or of one with itself."""
    sources = records["source"].unique().sort().to_list()
    rows: list[pl.DataFrame] = []
    for place, one in enumerate(sources):
        for other in sources[place:]:
            name = one if one == other else f"{one} and {other}"
            counts = [_pairs_between(records, by, one, other) for by in (["held"], ["held", "cluster"], ["cluster"])]
            rows.append(_row(name, *counts))
    return pl.concat(rows) if rows else pl.DataFrame(schema=_row("", 0, 0, 0).schema)


def _pairs_between(records: pl.DataFrame, by: list[str], one: str, other: str) -> int:
    counted = records.group_by(by).agg(
        ours=(pl.col("source") == one).sum().cast(pl.Int64), theirs=(pl.col("source") == other).sum().cast(pl.Int64)
    )
    pairs = pl.col("ours") * (pl.col("ours") - 1) // 2 if one == other else pl.col("ours") * pl.col("theirs")
    return int(counted.select(pairs.sum()).item())


def _pairs_within(records: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Pairs of two records of one group."""
    given = records.drop_nulls(kind)
    return pl.concat(
        [
            _row(group, *(_pairs(some, by) for by in (["held"], ["held", "cluster"], ["cluster"])))
            for (group,), some in given.sort(kind).group_by(kind, maintain_order=True)
        ]
        or [pl.DataFrame(schema=_row("", 0, 0, 0).schema)]
    )


def _pairs(records: pl.DataFrame, by: list[str]) -> int:
    counts = records.group_by(by).agg(n=pl.len().cast(pl.Int64))["n"]
    return int((counts * (counts - 1)).sum()) // 2


def _row(group: object, true: int, found: int, linked: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"group": [str(group)], "true_pairs": [true], "found_pairs": [found], "linked_pairs": [linked]},
        schema_overrides={"true_pairs": pl.Int64, "found_pairs": pl.Int64, "linked_pairs": pl.Int64},
    )
