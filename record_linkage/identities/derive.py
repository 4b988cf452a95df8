"""Columns that comparisons need, made from those that identities have.

Belongs here: making a column once for each value. Does not belong here: the columns (comparisons/).
"""

from collections.abc import Collection, Sequence

import polars as pl

SEED = 3
HASH = "hash"


def hashed(column: pl.Expr) -> pl.Expr:
    """The hash of a column under its name, for comparing alone: half the bytes of a short text."""
    number = column.hash(SEED).reinterpret(signed=True)  # Spark has no unsigned
    return pl.when(column.is_not_null()).then(number).alias(column.meta.output_name())


def with_hash(records: pl.DataFrame, column: str) -> pl.DataFrame:
    """`records` with `hash`, of what they have in a column: values are found by it in half the time that texts are."""
    return records.with_columns(pl.when(pl.col(column).is_not_null()).then(pl.col(column).hash(SEED)).alias(HASH))


def once_each(hashed: pl.DataFrame, column: str, *told: pl.Expr) -> pl.DataFrame:
    """hash, `column` and what is told of the records with each of its values. hashed: as with_hash gives them."""
    return hashed.drop_nulls(HASH).group_by(HASH).agg(pl.col(column).first(), *told)


def looked_up(records: pl.DataFrame, values: pl.DataFrame, by: str) -> list[pl.Series]:
    """The other columns of `values`, which has each value of column `by` once, for every record."""
    found = records.select(by).join(values, on=by, how="left", maintain_order="left")
    return found.drop(by).get_columns()


def derive(records: pl.DataFrame, columns: Sequence[pl.Expr], plain: Collection[str] = ()) -> pl.DataFrame:
    """`records` with `columns`. What is made of one column is made once for each of its values, as few are distinct.

    plain: names of columns that are made faster than they are looked up.
    """
    of_one: dict[str, list[pl.Expr]] = {}
    others: list[pl.Expr] = []
    for column in columns:
        roots = set(column.meta.root_names())
        if len(roots) == 1 and column.meta.output_name() not in plain:
            of_one.setdefault(roots.pop(), []).append(column)
        else:
            others.append(column)
    for name, made in of_one.items():
        values = records.select(name).drop_nulls().unique().with_columns(made)
        records = records.with_columns(looked_up(records, values, name))
    return records.with_columns(others)
