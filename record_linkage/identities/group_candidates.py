"""Which groups of identities are looked at, each pair of groups once, and which of their forms stand for them.

Belongs here: rules over what the identities of a group have between them, and the two forms that agree best. Does not
belong here: how a rule finds rows (candidate_pairs.py), which of a group's further values are compared
(group_values.py).
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from record_linkage.identities.candidate_pairs import as_frame, distinct, pairs_of
from record_linkage.identities.rows_sharing import Mask, Table, keyed, ways_of
from record_linkage.identities.value_codes import NOTHING, Places, Rows, distinct_rows, first_rows, starts_of
from record_linkage.specification import Rule, column_pairs

GROUP = "group"
FIRST_BITS = np.uint64(48)  # how far a key is shifted to its first bits
AT_ONCE = 2_000_000  # pairs of forms of which the best are looked for at a time


@dataclass(frozen=True)
class Candidates:
    """pairs: groups l < r, distinct, sorted; found: pairs of each rule, before those of other rules are taken off.

    passed_over: rows in blocks so large that a rule left them out, by rule.
    """

    pairs: pl.DataFrame
    found: dict[str, int]
    passed_over: dict[str, int]


@dataclass(frozen=True)
class FormsOfGroups:
    """What the identities of each group look like, each once, by group and first row. group: of each form, rows: the
    first row that has it.

    starts: first form of each group. of_row: the form of each identity.
    """

    group: Rows
    rows: Rows
    starts: Places
    of_row: Rows

    @property
    def sizes(self) -> Places:
        """How many forms each group has."""
        return np.diff(np.append(self.starts, self.group.size))


def forms_of_groups(group: Rows, codes: Sequence[Rows]) -> FormsOfGroups:
    """Of identities: their groups, and the codes of what makes a form."""
    first, of_row = distinct_rows([group, *codes])
    order = np.argsort((group[first].astype(np.uint64) << np.uint64(32)) | first)
    number = np.empty(order.size, dtype=np.uint32)
    number[order] = np.arange(order.size, dtype=np.uint32)
    rows = first[order]
    return FormsOfGroups(group[rows], rows, starts_of(group[rows]), number[of_row])


def rows_with(of: Rows, value: Rows) -> Rows:
    """The first row of each combination of a form or group of identities and a value (codes) that it has."""
    having = np.flatnonzero(value != NOTHING).astype(np.uint32)
    return having[first_rows([of[having], value[having]])]


def group_candidates(tables: Sequence[Table], rules: Mapping[str, Rule], largest_block: int) -> Candidates:
    """Pairs of groups of which some rule finds two rows: l < r, distinct, sorted.

    tables: what groups have, `group` and codes of columns. A rule looks at the first that has all of its columns.
    """
    found: dict[str, int] = {}
    passed_over: dict[str, int] = {}
    every: list[npt.NDArray[np.uint64]] = [np.empty(0, dtype=np.uint64)]
    for name, rule in rules.items():
        table = table_for(tables, rule)
        rows, passed_over[name] = pairs_of(table, rule, largest_block)
        group = table[GROUP].astype(np.uint64)
        left, right = group[rows >> np.uint64(32)], group[rows & np.uint64(2**32 - 1)]
        apart = left != right
        left, right = left[apart], right[apart]
        pairs = distinct((np.minimum(left, right) << np.uint64(32)) | np.maximum(left, right))
        found[name] = pairs.size
        every = [distinct(np.concatenate([*every, pairs]))]
    return Candidates(as_frame(every[0]), found, passed_over)


def table_for(tables: Sequence[Table], rule: Rule) -> Table:
    """The first that has all columns of a rule."""
    needs = {column for pair in column_pairs(rule) for column in pair}
    return next(table for table in tables if needs <= set(table))


def crossing_blocks(
    now: Sequence[Table], changed: Mask, before: Sequence[Table], rules: Mapping[str, Rule], largest_block: int
) -> Mask:
    """Groups that are in a block which has become too large since the release before, or no longer is.

    now: all that share something with a group that is `changed` or with one of `before`, which has those that are no
    more. All others are as they were.
    """
    found = np.zeros(changed.size, dtype=np.bool_)
    for rule in rules.values():
        table, lost = table_for(now, rule), table_for(before, rule)
        for columns in ways_of([rule])[0]:
            keys, rows = keyed(table, columns)
            gone = keyed(lost, columns)[0]
            large = _may_be_larger(keys, gone, largest_block)
            if not large.any():
                continue
            here = large[keys >> FIRST_BITS]
            keys, rows, gone = keys[here], rows[here], gone[large[gone >> FIRST_BITS]]
            group = table[GROUP][rows]
            new = keys[changed[group]]
            touched = distinct(np.concatenate([new, gone]))
            sizes = _sizes(touched, keys)
            then = sizes - _sizes(touched, new) + _sizes(touched, gone)
            crossing = touched[(sizes > largest_block) != (then > largest_block)]
            found[group[np.isin(keys, crossing)]] = True
    return found


def _may_be_larger(
    now: npt.NDArray[np.uint64], gone: npt.NDArray[np.uint64], largest_block: int
) -> npt.NDArray[np.bool_]:
    """By the first bits of keys: whether so many have them that a block among them may be larger, now or before."""
    counts = [np.bincount((keys >> FIRST_BITS).astype(np.int64), minlength=1 << 16) for keys in (now, gone)]
    return counts[0] + counts[1] > largest_block


def _sizes(blocks: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64]) -> Places:
    """How many of `keys` are each of `blocks`, which are sorted."""
    if not blocks.size:
        return np.empty(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(blocks, keys), blocks.size - 1)
    return np.bincount(place[blocks[place] == keys], minlength=blocks.size)


def best_forms(
    pairs: pl.DataFrame, forms: FormsOfGroups, codes: Table, agreements: Mapping[Rule, float]
) -> pl.DataFrame:
    """Rows l and r of `forms` that stand for each pair of groups: those of the most bits by `agreements`, which says
    what agreeing in some columns is worth. Of several as good, those of the first rows. codes: by form.
    """
    left, right = pairs["l"].to_numpy(), pairs["r"].to_numpy()
    both = forms.sizes[left] * forms.sizes[right]
    parts = np.cumsum(both) // AT_ONCE
    edges = np.flatnonzero(np.concatenate([[True], parts[1:] != parts[:-1], [True]])) if both.size else [0]
    chosen = [np.empty((2, 0), dtype=np.uint32)]
    for start, end in itertools.pairwise(edges):
        chosen.append(_best(left[start:end], right[start:end], forms, codes, agreements))
    best = np.concatenate(chosen, axis=1)
    return pl.DataFrame({"l": best[0], "r": best[1]})


def _best(
    left: Rows, right: Rows, forms: FormsOfGroups, codes: Table, agreements: Mapping[Rule, float]
) -> npt.NDArray[np.uint32]:
    starts, sizes = forms.starts, forms.sizes
    both = sizes[left] * sizes[right]
    first = np.concatenate([[0], np.cumsum(both)[:-1]])
    place: Places = np.arange(int(both.sum())) - np.repeat(first, both)
    across: Places = np.repeat(sizes[right], both)
    ours: Places = np.repeat(starts[left], both) + place // across
    theirs: Places = np.repeat(starts[right], both) + place % across
    bits = np.zeros(ours.size, dtype=np.float32)
    for rule, worth in agreements.items():
        agree = np.ones(ours.size, dtype=np.bool_)
        for one, other in column_pairs(rule):
            value = codes[one][ours]
            agree &= (value == codes[other][theirs]) & (value != NOTHING)
        bits += agree * np.float32(worth)
    best = np.flatnonzero(bits == np.repeat(np.maximum.reduceat(bits, first), both))
    pair = np.repeat(np.arange(both.size), both)[best]
    best = best[np.concatenate([[True], pair[1:] != pair[:-1]])]
    return np.stack([ours[best], theirs[best]]).astype(np.uint32)
