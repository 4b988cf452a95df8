"""Requirements of one type, and how many of them a condition holds for."""

import polars as pl

from contracts.vocabulary import ALL


def of_type(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Requirements of one type, or all of them for "All"."""
    return frame if kind == ALL else frame.filter(pl.col("requirement_type") == kind)


def count_where(frame: pl.DataFrame, condition: pl.Expr) -> int:
    """Rows for which `condition` is true (not false, not empty)."""
    return int(frame.select(condition.fill_null(False).sum()).item())
