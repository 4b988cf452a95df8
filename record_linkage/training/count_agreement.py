"""Counts at which levels any two records agree, from which u-probabilities follow.

Belongs here: levels as SQL, counts of pairs, and u as their shares. Does not belong here: the levels themselves
(comparisons/), a record with itself (unlinkable_records.py).

Equal values agree alike: each pair of values is compared once and counts for all pairs of records that have them.
Sums are of whole numbers, so they are the same for every order of rows, whatever the database does in parallel.
"""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from record_linkage.specification import Rule, column_pairs, compared_columns
from record_linkage.splink_backend import Database, query_frame, registered

Comparison = dict[str, Any]
Counts = dict[int, float]  # level to pairs of records
MISSING = -1


def level_of(comparison: Comparison) -> str:
    """SQL of the level of a pair as Splink numbers it: -1 missing, 0 anything else, the highest exact.

    Over columns x_l and x_r, as in the conditions of its levels.
    """
    missing, *present, _ = comparison["comparison_levels"]
    cases = [f"WHEN {missing['sql_condition']} THEN {MISSING}"]
    cases += [f"WHEN {level['sql_condition']} THEN {len(present) - place}" for place, level in enumerate(present)]
    return f"CASE {' '.join(cases)} ELSE 0 END"


def pairs_between(left: pl.DataFrame, right: pl.DataFrame, rule: Rule) -> int:
    """How many pairs of a left and a right record agree in the columns of a rule, counted without making them."""
    columns = column_pairs(rule)
    keys = [left_column for left_column, _ in columns]
    sides = [
        records.select(pl.col(pair[side]).alias(pair[0]) for pair in columns)
        .drop_nulls()
        .group_by(keys)
        .agg(pl.len().cast(pl.Int64).alias(f"records_{side}"))
        for side, records in enumerate((left, right))
    ]
    both = sides[0].join(sides[1], on=keys)
    return int((both["records_0"] * both["records_1"]).sum())


def pairs_within(records: pl.DataFrame, columns: list[str]) -> int:
    """How many pairs of two of the records agree in these columns, none of them missing."""
    counts = records.select(columns).drop_nulls().group_by(columns).agg(records=pl.len().cast(pl.Int64))["records"]
    return int((counts * (counts - 1)).sum()) // 2


def count_between(
    database: Database,
    left: pl.DataFrame,
    right: pl.DataFrame,
    comparison: Comparison,
    most: int,
    seed: int,
    settled_by: Sequence[Rule] = (),
) -> Counts:
    """At which level how many pairs of any left and any right record agree.

    With more than `most` pairs of values only those of some records are compared, drawn by record_id, as many of either
    side: the precision is that of the side with fewer. Pairs that agree exactly are counted over all records even then,
    as they follow from how often each value occurs. `settled_by`: rules where agreement makes the comparison missing.
    """
    columns, exactly = compared_columns(comparison), _exact_column(comparison)
    # Of one column there are no more values than of all: where these are too many, all need no count.
    if left[exactly].n_unique() * right[exactly].n_unique() <= most:
        sides = [_values(records, columns) for records in (left, right)]
        if sides[0].height * sides[1].height <= most:
            return _count_values(database, comparison, *sides)
    drawn = [_draw(records, math.isqrt(most), seed) for records in (left, right)]
    counted = _count_values(database, comparison, *(_values(records, columns) for records in drawn))
    exact: Rule = (exactly,)
    pairs = pairs_between(left, right, exact) - sum(pairs_between(left, right, exact + rule) for rule in settled_by)
    return _of_all(counted, comparison, left.height * right.height, pairs)


def count_within(database: Database, records: pl.DataFrame, comparison: Comparison, most: int, seed: int) -> Counts:
    """As count_between, of pairs of two of the same records."""
    columns = compared_columns(comparison)
    values = _values(records, columns)
    if values.height**2 <= 2 * most:
        return _count_values(database, comparison, values)
    drawn = _draw(records, math.isqrt(2 * most), seed)
    counted = _count_values(database, comparison, _values(drawn, columns))
    every = records.height * (records.height - 1) // 2
    return _of_all(counted, comparison, every, pairs_within(records, [_exact_column(comparison)]))


def is_stated(comparison: Comparison) -> bool:
    """Whether u of all its levels is stated, so that nothing is to be counted."""
    return all(level.get("fix_u_probability") for level in comparison["comparison_levels"][1:])


def state_chance(comparison: Comparison, counts: Counts, unseen: float | None = None) -> list[str]:
    """Write into a comparison, as u of each level, its share of the pairs where both values are known.

    Levels that are fixed stay as they are; one that no pair shows gets `unseen`, if given. Returns the labels of those
    that were seen.
    """
    levels = comparison["comparison_levels"][1:]
    known = sum(pairs for level, pairs in counts.items() if level != MISSING)
    seen: list[str] = []
    for number, level in enumerate(reversed(levels)):
        if level.get("fix_u_probability"):
            continue
        if counts.get(number):
            level["u_probability"] = counts[number] / known
            seen.append(level["label_for_charts"])
        elif unseen is not None:
            level["u_probability"] = unseen
    return seen


def _values(records: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Distinct values of `columns`, numbered, with how many `records` have them."""
    values = records.group_by(columns).agg(records=pl.len().cast(pl.Int64))
    return values.with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))  # Spark has no unsigned


def _draw(records: pl.DataFrame, number: int, seed: int) -> pl.DataFrame:
    """So many of the records, the same ones whatever their order."""
    return records.bottom_k(min(number, records.height), by=pl.col("record_id").hash(seed))


def _count_values(
    database: Database, comparison: Comparison, left: pl.DataFrame, right: pl.DataFrame | None = None
) -> Counts:
    """Pairs of records at each level; without `right`, pairs of two of the left ones."""
    both = ", ".join(f"l.{column} AS {column}_l, r.{column} AS {column}_r" for column in compared_columns(comparison))
    pairs, every = "l.records * r.records", "1 = 1"
    if right is None:
        pairs = f"CASE WHEN l.number = r.number THEN l.records * (l.records - 1) / 2 ELSE {pairs} END"
        every = "l.number <= r.number"
    with (
        registered(database, left, "left_values") as l_values,
        registered(database, left if right is None else right, "right_values") as r_values,
    ):
        compared = f"""SELECT {both}, CAST({pairs} AS DOUBLE) AS pairs
                       FROM {l_values.physical_name} l JOIN {r_values.physical_name} r ON {every}"""
        counted = query_frame(
            database,
            f"""SELECT level, sum(pairs) AS pairs
                FROM (SELECT {level_of(comparison)} AS level, pairs FROM ({compared})) GROUP BY level""",
        )
    return dict(counted.rows())


def _exact_column(comparison: Comparison) -> str:
    """The column that is the same on both sides at the highest level."""
    return comparison["comparison_levels"][1]["sql_condition"].partition("_l = ")[0]


def _of_all(counted: Counts, comparison: Comparison, every: int, exact: int) -> Counts:
    """Counts of drawn records raised to `every` pair; as many as `exact` are at the highest level."""
    highest = len(comparison["comparison_levels"]) - 2
    drawn = sum(counted.values())
    missing = counted.get(MISSING, 0.0) * every / drawn
    others = {level: pairs for level, pairs in counted.items() if level not in (MISSING, highest)}
    left_over = (every - missing - exact) / max(sum(others.values()), 1.0)
    return {MISSING: missing, highest: float(exact)} | {level: pairs * left_over for level, pairs in others.items()}
