"""Which values of two groups are compared, where groups have several: the rarest that they share, or share in part.

Belongs here: choosing one value of each side, by codes. Does not belong here: which groups are compared
(group_candidates.py) and what agreement is worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from record_linkage.identities.group_candidates import GROUP, rows_with
from record_linkage.identities.least_weights import Bits
from record_linkage.identities.rows_sharing import Mask
from record_linkage.identities.value_codes import NOTHING, Rows, starts_of

PAIR, ROW, SHARE, OURS, THEIRS = "pair", "row", "share", "ours", "theirs"


@dataclass(frozen=True)
class ValuesOfGroups:
    """values: group, row (an identity that has the value), codes of the column and of those that say less of it, and
    share; each value of a group once, in the order of groups and rows. levels: these columns, finest first.

    first: row of each group's first value, null without one. single: whether it has one at most.
    """

    values: pl.DataFrame
    levels: Sequence[str]
    first: pl.Series
    single: pl.Series


def values_of_groups(
    group: Rows, wanted: Mask, codes: Mapping[str, Rows], levels: Sequence[str], share: Bits | None = None
) -> ValuesOfGroups:
    """Values of the first of `levels` that the identities of each group have (`group`: of each identity).

    wanted: whether a group is looked at; of others nothing is kept. share: of each identity's value, where rare ones
    weigh more.
    """
    among = np.flatnonzero(wanted[group]).astype(np.uint32)
    rows = among[rows_with(group[among], codes[levels[0]][among])]
    rows = np.sort((group[rows].astype(np.uint64) << np.uint64(32)) | rows).astype(np.uint32)
    number = group[rows]
    starts = starts_of(number)
    first, several = np.full(wanted.size, -1), np.zeros(wanted.size, dtype=np.bool_)
    first[number[starts]] = rows[starts]
    several[number[starts]] = np.diff(np.append(starts, number.size)) > 1
    told = {GROUP: number, ROW: rows, SHARE: np.zeros(rows.size, dtype=np.float32) if share is None else share[rows]}
    values = pl.DataFrame({**told, **{level: codes[level][rows] for level in levels}})
    firsts = pl.Series(first).replace(-1, None).cast(pl.UInt32)
    return ValuesOfGroups(values, levels, firsts, pl.Series(~several))


def chosen_values(pairs: pl.DataFrame, of: ValuesOfGroups) -> tuple[pl.Series, pl.Series]:
    """Rows of identities that have what is compared for each pair of groups (l, r), null for a side without any.

    Of values that both have the rarest, and of those as rare the first; else of values that are the same in the finest
    coarser column; else the first of each side.
    """
    ours, theirs = of.first[pairs["l"]], of.first[pairs["r"]]
    open_ = ours.is_not_null() & theirs.is_not_null() & ~(of.single[pairs["l"]] & of.single[pairs["r"]])
    waiting = pairs.select("l", "r").with_row_index(PAIR).filter(open_)
    for level in of.levels:
        if not waiting.height:
            break
        values = of.values.filter(pl.col(level) != int(NOTHING))
        mine = waiting.join(values.select(SHARE, l=GROUP, at=level, ours=ROW), on="l")
        both = mine.join(values.select(r=GROUP, at=level, theirs=ROW), on=["r", "at"])
        best = both.sort(PAIR, SHARE, OURS, THEIRS).unique(PAIR, keep="first", maintain_order=True)
        ours, theirs = ours.scatter(best[PAIR], best[OURS]), theirs.scatter(best[PAIR], best[THEIRS])
        waiting = waiting.join(best, on=PAIR, how="anti")
    return ours, theirs
