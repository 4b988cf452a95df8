"""Which pairs of one set of records are looked at: those that agree in a rule, each once.

Belongs here: finding them by sorting hashes of what a rule asks for, in a few bytes a record. Does not belong here: the
rules (a specification), which rows have them (group_candidates.py) and what the pairs are worth (score_identities.py).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from record_linkage.identities.rows_sharing import keyed
from record_linkage.identities.value_codes import Rows, in_order
from record_linkage.specification import Rule, column_pairs


def pairs_of(records: Mapping[str, Rows], rule: Rule, largest_block: int) -> tuple[npt.NDArray[np.uint64], int]:
    """Pairs of rows (codes by column) that agree in one rule, as l * 2^32 + r; and how many were in too large blocks.

    More than `largest_block` records that share what a rule asks for are not compared by it: it is no rule for them.
    """
    sides = [_keys(records, [pair[side] for pair in column_pairs(rule)]) for side in (0, 1)]
    if all(isinstance(column, str) for column in rule):
        return _within(*sides[0], largest_block)
    return _between(sides[0], sides[1], largest_block)


def agrees_with_itself(records: pl.DataFrame, rules: Mapping[str, Rule]) -> pl.Series:
    """Whether some rule would bring two records together that are as this one."""
    agree = [
        pl.all_horizontal((pl.col(left) == pl.col(right)).fill_null(False) for left, right in column_pairs(rule))
        for rule in rules.values()
    ]
    return records.select(pl.any_horizontal(agree)).to_series()


def as_frame(pairs: npt.NDArray[np.uint64]) -> pl.DataFrame:
    """Pairs as rows l and r."""
    return pl.DataFrame({"l": (pairs >> np.uint64(32)).astype(np.uint32), "r": pairs.astype(np.uint32)})


def distinct(pairs: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sorted, each once. By sorting: numpy's own way is many times slower on numbers of this size."""
    pairs = np.sort(pairs)
    return pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if pairs.size else pairs


def _keys(records: Mapping[str, Rows], columns: list[str]) -> tuple[npt.NDArray[np.uint64], Rows]:
    """Numbers of what is asked for, ascending, with their rows; those where some of it is missing have none."""
    # In the order that is asked for: forename and surname meet surname and forename.
    keys, rows = keyed(records, columns)
    order, keys = in_order(keys)
    return keys, rows[order]


def _within(keys: npt.NDArray[np.uint64], rows: Rows, largest_block: int) -> tuple[npt.NDArray[np.uint64], int]:
    block_starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.empty(0, int)
    sizes = np.diff(np.append(block_starts, keys.size))
    size_of = np.repeat(sizes, sizes)
    usable = (size_of > 1) & (size_of <= largest_block)
    left_out = int((size_of > largest_block).sum())
    keys, rows = keys[usable], rows[usable]
    made: list[npt.NDArray[np.uint64]] = []
    first, apart = np.arange(keys.size), 1
    while True:
        first = first[first + apart < keys.size]
        first = first[keys[first] == keys[first + apart]]
        if not first.size:
            break
        made.append(_packed(rows[first], rows[first + apart]))
        apart += 1
    return np.concatenate(made) if made else np.empty(0, dtype=np.uint64), left_out


def _between(
    left: tuple[npt.NDArray[np.uint64], Rows], right: tuple[npt.NDArray[np.uint64], Rows], largest_block: int
) -> tuple[npt.NDArray[np.uint64], int]:
    ours, theirs = (pl.DataFrame({"key": keys, "row": rows}) for keys, rows in (left, right))
    small = [side.filter(pl.len().over("key") <= largest_block) for side in (ours, theirs)]
    both = small[0].join(small[1], on="key").filter(pl.col("row") != pl.col("row_right"))
    left_out = ours.height - small[0].height + theirs.height - small[1].height
    return distinct(_packed(both["row"].to_numpy(), both["row_right"].to_numpy())), left_out


def _packed(one: Rows, other: Rows) -> npt.NDArray[np.uint64]:
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return (low << np.uint64(32)) | high
