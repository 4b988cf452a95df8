"""How good the links are, without truth: linked as if some people had no identity number, and held against the numbers.

Belongs here: recall and precision by pair of sources and by group. Does not belong here: that linkage
(link_without_numbers.py), what is measured against known truth of synthetic records (pathways/bench/justice),
impossible people (find_impossible.py).

Two records with the same police number are one person, two with different ones are two. What is measured is the linkage
without numbers: that of the release has them besides, and is better.
"""

from collections.abc import Callable
from functools import partial

import polars as pl

HELD_OUT = ("pnc", "cro")
SOURCES = "pair of sources"
COLUMNS = ("number", "kind", "group", "true_pairs", "found_pairs", "recall", "linked_pairs", "precision")
COUNTED = {"group": pl.String} | dict.fromkeys(("true_pairs", "found_pairs", "linked_pairs"), pl.Int64)
DIGITS = 4


def hold_out_numbers(records: pl.DataFrame, linked: pl.DataFrame) -> pl.DataFrame:
    """schemas/quality.py HoldOut at the middle threshold.

    records: of every record, source, HELD_OUT and one column for each kind of group (describe_records). linked: of
    each, cluster and held_out, as link_without_numbers gives them.
    """
    kinds = [name for name in records.columns if name not in ("source", *HELD_OUT)]
    records = pl.concat([records, linked], how="horizontal")
    of_held_out = records.filter("held_out").select("cluster").unique()
    records = records.join(of_held_out, on="cluster", how="semi", maintain_order="left")
    found: list[pl.DataFrame] = []
    for number in HELD_OUT:
        numbered = records.drop_nulls(number).rename({number: "held"}).drop(set(HELD_OUT) - {number})
        found.append(_by_sources(numbered).with_columns(kind=pl.lit(SOURCES), number=pl.lit(number)))
        found += [_by_group(numbered, name).with_columns(kind=pl.lit(name), number=pl.lit(number)) for name in kinds]
    shares = pl.concat(found).with_columns(
        recall=(pl.col("found_pairs") / pl.col("true_pairs")).round(DIGITS),
        precision=(pl.col("found_pairs") / pl.col("linked_pairs")).round(DIGITS),
    )
    return shares.with_columns(pl.col("recall", "precision").fill_nan(None)).select(COLUMNS).sort(COLUMNS[:3])


def _by_sources(records: pl.DataFrame) -> pl.DataFrame:
    """Pairs of records of two sources, or of one with itself."""
    sources = records["source"].unique().sort().to_list()
    rows: list[pl.DataFrame] = []
    for place, one in enumerate(sources):
        for other in sources[place:]:
            name = one if one == other else f"{one} and {other}"
            some = records.filter(pl.col("source").is_in([one, other]))
            rows.append(_row(name, some, partial(_pairs_between, one=one, other=other)))
    return _together(rows)


def _by_group(records: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Pairs of two records of one group."""
    given = records.drop_nulls(kind).sort(kind)
    return _together([_row(str(group), some, _pairs) for (group,), some in given.group_by(kind, maintain_order=True)])


def _row(group: str, records: pl.DataFrame, pairs: Callable[[pl.DataFrame, list[str]], int]) -> pl.DataFrame:
    """What is counted of the pairs of some records.

    A linked pair counts by how many of its two records have their number held out: half, where it is one. A wrong pair
    is one of two people, of whom each is drawn by chance.
    """
    held_out, others = records.filter("held_out"), records.filter(~pl.col("held_out"))
    linked = [pairs(some, ["cluster"]) for some in (records, held_out, others)]
    counts = {
        "true_pairs": pairs(held_out, ["held"]),
        "found_pairs": pairs(held_out, ["held", "cluster"]),
        "linked_pairs": (linked[0] + linked[1] - linked[2] + 1) // 2,
    }
    return pl.DataFrame({"group": [group]} | {name: [count] for name, count in counts.items()}, schema=COUNTED)


def _pairs(records: pl.DataFrame, by: list[str]) -> int:
    counts = records.group_by(by).agg(n=pl.len().cast(pl.Int64))["n"]
    return int((counts * (counts - 1)).sum()) // 2


def _pairs_between(records: pl.DataFrame, by: list[str], one: str, other: str) -> int:
    if one == other:
        return _pairs(records, by)
    counted = records.group_by(by).agg(
        ours=(pl.col("source") == one).sum().cast(pl.Int64), theirs=(pl.col("source") == other).sum().cast(pl.Int64)
    )
    return int(counted.select((pl.col("ours") * pl.col("theirs")).sum()).item())


def _together(rows: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(rows) if rows else pl.DataFrame(schema=COUNTED)
