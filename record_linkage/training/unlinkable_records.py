"""How many records say too little to be linked, whatever they are compared with.

Belongs here: the curve of the model's page. Does not belong here: which records are left out of the linkage
(whoever standardises them).
"""

import math
from typing import Any

import polars as pl

from record_linkage.specification import PRIOR, compared_columns
from record_linkage.splink_backend import Database, query_frame
from record_linkage.training.count_agreement import MISSING, level_of
from record_linkage.training.settle_estimates import rounded

CERTAIN = 0.999995  # a probability from here on is shown as one: such a record can be linked


def count_own_patterns(database: Database, table: str, comparisons: list[dict[str, Any]]) -> pl.DataFrame:
    """How records of a table compare with themselves: a column of levels per comparison, and `records` that do so."""
    columns = sorted({column for comparison in comparisons for column in compared_columns(comparison)})
    names = ", ".join(comparison["output_column_name"] for comparison in comparisons)
    levels = ", ".join(f"{level_of(each)} AS {each['output_column_name']}" for each in comparisons)
    twice = ", ".join(f"{column} AS {column}_l, {column} AS {column}_r" for column in columns)
    compared = f"SELECT {levels} FROM (SELECT {twice} FROM {table})"
    counted = query_frame(database, f"SELECT {names}, count(*) AS records FROM ({compared}) GROUP BY {names}")
    return counted.sort(pl.all())


def unlinkables(own_patterns: pl.DataFrame, model: dict[str, Any]) -> list[dict[str, float]]:
    """Share of records that reach no more than a match weight against themselves, at whole bits: match_weight, share.

    `own_patterns` as count_own_patterns gives them; `model` as Splink describes it. Records that are certain to be
    themselves are on no point of the curve.
    """
    prior = model[PRIOR]
    weight = pl.lit(math.log2(prior / (1 - prior)))
    for comparison in model["comparisons"]:
        present = reversed(comparison["comparison_levels"][1:])
        bits = {number: math.log2(each["m_probability"] / each["u_probability"]) for number, each in enumerate(present)}
        level = pl.col(comparison["output_column_name"])
        weight += level.replace_strict({MISSING: 0.0} | bits, return_dtype=pl.Float64)
    total = own_patterns["records"].sum()
    curve = (
        own_patterns.with_columns(weight=weight)
        .filter(pl.col("weight") < math.log2(CERTAIN / (1 - CERTAIN)))
        .group_by(match_weight=pl.col("weight").ceil().cast(pl.Int64))
        .agg(pl.col("records").sum())
        .sort("match_weight")
        .select("match_weight", share=pl.col("records").cum_sum() / total)
    )
    return [{"match_weight": bits, "share": rounded(share)} for bits, share in curve.rows()]
