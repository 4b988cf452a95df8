"""Identities that are one person beyond doubt, found by sorting: no pair of them is made, and none is weighed.

Belongs here: who is brought together by a key, such as both names, the birth date and a number. Does not belong here:
what a pair with that key weighs at least (least_weights.py), pairs of groups (group_candidates.py).

Where every pair of identities with a key reaches the threshold, all of them are one person, whichever is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix  # pyright: ignore[reportMissingTypeStubs]
from scipy.sparse.csgraph import (  # pyright: ignore[reportMissingTypeStubs]
    connected_components,  # pyright: ignore[reportUnknownVariableType]
)

from record_linkage.identities.coded_identities import CodedIdentities
from record_linkage.identities.least_weights import Bits, Keys, LeastWeights
from record_linkage.identities.rows_sharing import Mask
from record_linkage.identities.value_codes import NOTHING, Places, Rows, in_order, keys_of, starts_of
from record_linkage.model.trained_model import TrainedModel
from record_linkage.specification import LinkageSpecification


@dataclass(frozen=True)
class Groups:
    """group: number of each identity's group, in the order of their first rows. at_least: bits that two records of an
    identity and any two of those that share a key with it reach, NaN for whom no key holds. edges: rows l and r, which
    hold the groups together, and match_weight: what the pair weighs at least.
    """

    group: Rows
    at_least: Bits
    edges: pl.DataFrame

    @classmethod
    def held_by(cls, heads: Rows, at_least: Bits) -> "Groups":
        """Groups of rows that have the same first row."""
        places = np.arange(heads.size, dtype=np.uint32)
        number = np.cumsum(heads == places, dtype=np.uint32) - np.uint32(1)
        other = np.flatnonzero(heads != places).astype(np.uint32)
        held = {"l": heads[other], "r": other, "match_weight": at_least[other].astype(np.float64).round(4)}
        return cls(number[heads], at_least, pl.DataFrame(held))

    @property
    def number(self) -> int:
        """How many groups there are."""
        return int(self.group.max()) + 1 if self.group.size else 0

    @property
    def heads(self) -> Rows:
        """The first row of each one's group."""
        first = np.flatnonzero(np.diff(np.maximum.accumulate(self.group.astype(np.int64)), prepend=-1) > 0)
        return first.astype(np.uint32)[self.group]


def certain_groups(
    coded: CodedIdentities, keys: Keys, model: TrainedModel, specification: LinkageSpecification, threshold: float
) -> Groups:
    """Groups of identities whose pairs reach `threshold` (bits) as far as a key joins them.

    `coded`: the columns of the highest levels and `keys.complete`.
    """
    least = LeastWeights(model, specification, keys)
    codes = coded.codes
    at_least = np.full(coded.several.size, np.nan, dtype=np.float32)
    edges: list[tuple[Rows, Rows]] = []
    sharing: dict[frozenset[str], Rows] = {frozenset(): np.flatnonzero(~coded.doubtful).astype(np.uint32)}
    # Who shares a key shares each part of it: what asks for less is looked at first, and fewer are left.
    for key in sorted(keys.keys.values(), key=len):
        among = min((rows for part, rows in sharing.items() if part < set(key)), key=len)
        rows, starts = _sharing([codes[least.exact[name]] for name in key], among, coded.several)
        sharing[frozenset(key)] = rows
        weight = least.of_groups(key, coded.shares, codes, rows, starts, threshold)
        sure, sizes = weight >= threshold, np.diff(np.append(starts, rows.size))
        members, heads = rows[np.repeat(sure, sizes)], np.repeat(rows[starts[sure]], sizes[sure])
        at_least[members] = np.fmax(at_least[members], np.repeat(weight[sure], sizes[sure]))
        apart = heads != members
        edges.append((heads[apart], members[apart]))
    return Groups.held_by(first_connected(coded.several.size, edges), at_least)


def key_columns(keys: Keys, model: TrainedModel, specification: LinkageSpecification) -> list[list[str]]:
    """Columns of each key."""
    exact = LeastWeights(model, specification, keys).exact
    return [[exact[name] for name in key] for key in keys.keys.values()]


def first_connected(count: int, stars: Sequence[tuple[Rows, Rows]]) -> Rows:
    """The first of the rows that each of `count` rows is connected with.

    stars: heads and members of groups, each time of groups that have no member in common.
    """
    head = np.arange(count, dtype=np.uint32)
    # The most groups of one kind are taken as they are: most pairs of the others are within them.
    largest = max(stars, key=lambda each: each[0].size, default=(head[:0], head[:0]))
    head[largest[1]] = largest[0]
    ends = [(head[heads], head[members]) for heads, members in stars]
    left, right = (np.concatenate([head[:0], *side]) for side in zip(*ends, strict=True)) if ends else (head[:0],) * 2
    apart = left != right
    places = left[apart].astype(np.int32), right[apart].astype(np.int32)
    graph = coo_matrix((np.ones(places[0].size, dtype=np.bool_), places), shape=(count, count))
    found = cast("npt.NDArray[np.int32]", connected_components(graph, directed=False)[1])[head]
    first = np.empty(count, dtype=np.uint32)
    first[found[::-1]] = np.arange(count, dtype=np.uint32)[::-1]  # the last that is written stays
    return first[found]


def _sharing(columns: Sequence[Rows], among: Rows, several: Mask) -> tuple[Rows, Places]:
    """Rows that share a key with another, or stand for several records, key by key; and where each key starts."""
    usable = np.ones(among.size, dtype=np.bool_)
    for column in columns:
        usable &= column[among] != NOTHING
    rows = among[usable]
    order, key = in_order(keys_of([column[rows] for column in columns]))
    rows = rows[order]
    change = key[1:] != key[:-1]
    alone = np.concatenate([[True], change]) & np.concatenate([change, [True]]) if rows.size else change
    kept = ~alone | several[rows]
    rows, key = rows[kept], key[kept]
    return rows, starts_of(key)
