"""How many pairs of records of one person are found, against known truth, by pair of sources and by group of people.

Belongs here: recall by group. Does not belong here: all records together (measure_clusters.py), estimates without truth
(justice_assets/steps/quality). Pairs are counted from the sizes of groups of records: none is listed.
"""

from collections.abc import Sequence

import polars as pl

from pathways.bench.justice.measure_clusters import DIGITS

POINTS_BEHIND = 0.03  # of recall under the best group of a kind: from there on a group is named
FEWEST_PAIRS = 300  # of a group that is compared with others: a point or two of fewer is chance
SOURCES = "pair of sources"
Groups = dict[str, dict[str, float | int]]


def recall_by_group(records: pl.DataFrame, people: pl.DataFrame) -> dict[str, Groups]:
    """Kind of group to group to true_pairs, recall and, where it is more than 3 points under the best group of its
    kind, behind.

    records: cluster, person and source of each. people: person, and a column for each kind of group; a person that is
    not there, or has no value, is in no group of that kind.
    """
    sources = records["source"].unique().sort().to_list()
    cells = records.group_by("cluster", "person").agg(
        pl.len().cast(pl.Int64).alias("records"),
        *(pl.col("source").eq(source).sum().cast(pl.Int64).alias(source) for source in sources),
    )
    whole = cells.group_by("person").agg(pl.col("records", *sources).sum())
    found = {SOURCES: _by_sources(cells, whole, sources)}
    pairs = (
        cells.group_by("person")
        .agg(found=_within("records").sum())
        .join(whole.select("person", true=_within("records")), on="person")
        .join(people, on="person")
    )
    for kind in (name for name in people.columns if name != "person"):
        sums = pairs.drop_nulls(kind).group_by(kind).agg(pl.col("true", "found").sum()).sort(kind)
        found[kind] = {
            str(group): _counts(true, both) for group, true, both in sums.select(kind, "true", "found").rows()
        }
    return {kind: _with_those_behind(groups) for kind, groups in found.items()}


def _by_sources(cells: pl.DataFrame, whole: pl.DataFrame, sources: Sequence[str]) -> Groups:
    found: Groups = {}
    for place, one in enumerate(sources):
        for other in sources[place:]:
            name = one if one == other else f"{one} and {other}"
            pairs = _within(one) if one == other else pl.col(one) * pl.col(other)
            found[name] = _counts(*(int(table.select(pairs.sum()).item()) for table in (whole, cells)))
    return found


def _within(records: str) -> pl.Expr:
    return pl.col(records) * (pl.col(records) - 1) // 2


def _counts(true: int, found: int) -> dict[str, float | int]:
    return {"true_pairs": true, "recall": round(found / true, DIGITS) if true else 1.0}


def _with_those_behind(groups: Groups) -> Groups:
    compared = {group: counts["recall"] for group, counts in groups.items() if counts["true_pairs"] >= FEWEST_PAIRS}
    best = max(compared.values(), default=0.0)
    late = {group: round(best - recall, DIGITS) for group, recall in compared.items() if best - recall > POINTS_BEHIND}
    return {group: counts | ({"behind": late[group]} if group in late else {}) for group, counts in groups.items()}
