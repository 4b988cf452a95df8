"""Which values of two groups are compared, where groups have several: the rarest that they share, or share in part.

Belongs here: choosing one value of each side. Does not belong here: which groups are compared (group_candidates.py) and
what agreement is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from record_linkage.identities.group_candidates import GROUP
from record_linkage.identities.value_codes import NOTHING, codes_of, distinct_rows

PAIR, OURS, THEIRS = "pair", "ours", "theirs"


@dataclass(frozen=True)
class ValuesOfGroups:
    """values: group, the column, those that say less of it, finest first, and share where rare values weigh more; each
    value of a group once, in the order of groups and rows. first: row of each group's first value, null without one.
    single: whether it has one at most.
    """

    values: pl.DataFrame
    column: str
    coarser: tuple[str, ...]
    share: str
    first: pl.Series
    single: pl.Series


def values_of_groups(
    identities: pl.DataFrame, groups: int, column: str, coarser: Sequence[pl.Expr] = (), share: str = ""
) -> ValuesOfGroups:
    """Values of `column` that the identities of each of `groups` groups have. coarser: made of the column."""
    codes, group = codes_of(identities[column]), identities[GROUP].to_numpy()
    having = np.flatnonzero(codes != NOTHING).astype(np.uint32)
    of_each, _ = distinct_rows([group[having], codes[having]])
    rows = having[of_each]
    rows = np.sort((group[rows].astype(np.uint64) << np.uint64(32)) | rows).astype(np.uint32)
    kept = [GROUP, column, *([share] if share else [])]
    values = identities.select(kept)[rows].with_columns(coarser)
    number = values[GROUP].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]])) if number.size else np.empty(0, int)
    first, several = np.full(groups, -1), np.zeros(groups, dtype=np.bool_)
    first[number[starts]] = starts
    several[number[starts]] = np.diff(np.append(starts, number.size)) > 1
    firsts = pl.Series(first).replace(-1, None).cast(pl.UInt32)
    coarser_names = tuple(each.meta.output_name() for each in coarser)
    return ValuesOfGroups(values, column, coarser_names, share, firsts, pl.Series(~several))


def chosen_values(pairs: pl.DataFrame, of: ValuesOfGroups) -> tuple[pl.Series, pl.Series]:
    """Rows of `of.values` to compare for each pair of groups (l, r), null for a side that has none.

    Of values that both have the rarest, and of those as rare the first; else of values that are the same in the finest
    coarser column; else the first of each side.
    """
    ours, theirs = of.first[pairs["l"]], of.first[pairs["r"]]
    open_ = ours.is_not_null() & theirs.is_not_null() & ~(of.single[pairs["l"]] & of.single[pairs["r"]])
    waiting = pairs.select("l", "r").with_row_index(PAIR).filter(open_)
    values = of.values.with_row_index("row")
    rarest = [pl.col(of.share)] if of.share else []
    for level in (of.column, *of.coarser):
        if not waiting.height:
            break
        mine = waiting.join(values.select(*rarest, l=GROUP, at=level, ours="row"), on="l")
        both = mine.join(values.select(r=GROUP, at=level, theirs="row"), on=["r", "at"])
        best = both.sort(PAIR, *rarest, "ours", "theirs").unique(PAIR, keep="first", maintain_order=True)
        ours, theirs = ours.scatter(best[PAIR], best["ours"]), theirs.scatter(best[PAIR], best["theirs"])
        waiting = waiting.join(best, on=PAIR, how="anti")
    return ours, theirs
