"""Columns that comparisons need, made from those that identities have.

Belongs here: making a column once for each value. Does not belong here: the columns (comparisons/).
"""

from collections.abc import Sequence

import polars as pl


def derive(records: pl.DataFrame, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    """`records` with `columns`. What is made of one column is made once for each of its values, as few are distinct."""
    of_one: dict[str, list[pl.Expr]] = {}
    others: list[pl.Expr] = []
    for column in columns:
        roots = set(column.meta.root_names())
        if len(roots) == 1:
            of_one.setdefault(roots.pop(), []).append(column)
        else:
            others.append(column)
    for name, made in of_one.items():
        values = records.select(name).drop_nulls().unique().with_columns(made)
        records = records.join(values, on=name, how="left", maintain_order="left")
    return records.with_columns(others)
