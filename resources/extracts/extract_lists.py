"""Columns whose texts a code list should hold, and how many of them it does.

Belongs here: what such a column is, and judging it. Does not belong here: the lists (reference/code_lists), reading a
text by one (contracts), what becomes of the judgement.

A text that no list holds is counted as other, or not recorded. Of many, that would be a plausible figure and wrong.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from resources.extracts.extract_references import FEWEST_UNFIT, Fit, Frames


@dataclass(frozen=True)
class ListedColumn:
    """`known` says of a text whether `code_list` (a file, below reference/code_lists) holds it.

    largest_unknown: share of the texts that it need not hold; more stop a refresh.
    """

    table: str
    column: str
    code_list: str
    known: Callable[[pl.Expr], pl.Expr]
    largest_unknown: float


def judge_list(listed: ListedColumn, frame: pl.DataFrame | pl.LazyFrame, of: str = "") -> Fit:
    """How many values of a column its code list holds; `of` names the part of the file that `frame` is."""
    values = (
        frame.lazy()
        .group_by(listed.column)
        .agg(rows=pl.len())
        .drop_nulls(listed.column)
        .with_columns(known=listed.known(pl.col(listed.column)).fill_null(False))
        .collect()
    )
    rows, known = int(values["rows"].sum()), int(values.filter("known")["rows"].sum())
    unknown = values.filter(~pl.col("known")).height
    problem = (
        ""
        if rows == known
        else (
            f"{rows - known:,} of {rows:,} values of {listed.column}{of} ({unknown:,} different ones) "
            "are in no code list"
        )
    )
    stops = rows - known > max(listed.largest_unknown * rows, FEWEST_UNFIT - 1)
    if stops:
        problem += f"; at most {listed.largest_unknown:.0%} may be"
    return Fit(
        f"{listed.table}.{listed.column}{of} in its code list",
        listed.table,
        listed.column,
        rows,
        known,
        1 - listed.largest_unknown,
        stops,
        problem,
        f"Send {listed.column} in the words or codes of reference/code_lists/{listed.code_list}, or add the new ones.",
    )


def judge_lists(lists: Iterable[ListedColumn], frames: Frames) -> list[Fit]:
    """Those of the tables in `frames` that have values."""
    fits = [judge_list(listed, frames[listed.table]) for listed in lists if listed.table in frames]
    return [fit for fit in fits if fit.rows]
