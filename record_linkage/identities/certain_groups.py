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

from record_linkage.identities.least_weights import Bits, Keys, LeastWeights
from record_linkage.identities.value_codes import NOTHING, Rows, codes_of, keys_of
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

    @property
    def number(self) -> int:
        """How many groups there are."""
        return int(self.group.max()) + 1 if self.group.size else 0


def certain_groups(
    identities: pl.DataFrame, keys: Keys, model: TrainedModel, specification: LinkageSpecification, threshold: float
) -> Groups:
    """Groups of identities whose pairs reach `threshold` (bits) as far as a key joins them.

    `identities`: the columns of the highest levels, `keys.complete`, tf_x as Scoring.with_shares gives them, and
    records: how many each stands for.
    """
    least = LeastWeights(model, specification, keys)
    codes = {column: codes_of(identities[column]) for column in least.columns}
    several = identities["records"].to_numpy() > 1
    doubtful = identities.select(keys.doubtful.fill_null(False)).to_series().to_numpy()
    at_least = np.full(identities.height, np.nan, dtype=np.float32)
    edges: list[tuple[Rows, Rows]] = []
    for key in keys.keys.values():
        if not set(key) <= set(least.exact):  # a comparison that this linkage does without
            continue
        rows, starts = _sharing([codes[least.exact[name]] for name in key], doubtful, several)
        weight = least.of_groups(key, identities, codes, rows, starts)
        sure, sizes = weight >= threshold, np.diff(np.append(starts, rows.size))
        members, heads = rows[np.repeat(sure, sizes)], np.repeat(rows[starts[sure]], sizes[sure])
        at_least[members] = np.fmax(at_least[members], np.repeat(weight[sure], sizes[sure]))
        edges.append((heads, members))
    left, right = (np.concatenate([np.empty(0, dtype=np.uint32), *side]) for side in zip(*edges, strict=True))
    group = components(identities.height, left, right)
    first = np.flatnonzero(np.concatenate([[True], np.diff(np.maximum.accumulate(group)) > 0])) if group.size else group
    head = first[group].astype(np.uint32)
    other = np.flatnonzero(head != np.arange(group.size)).astype(np.uint32)
    held = {"l": head[other], "r": other, "match_weight": at_least[other].astype(np.float64).round(4)}
    return Groups(group, at_least, pl.DataFrame(held))


def components(count: int, left: Rows, right: Rows) -> Rows:
    """The connected component of each of `count` rows, numbered in the order of their first rows."""
    places = left.astype(np.int32), right.astype(np.int32)
    graph = coo_matrix((np.ones(left.size, dtype=np.bool_), places), shape=(count, count))
    found = cast("npt.NDArray[np.int32]", connected_components(graph, directed=False)[1])
    first = np.full(found.max(initial=-1) + 1, count)
    first[found[::-1]] = np.arange(count)[::-1]  # the last that is written stays
    number = np.empty(first.size, dtype=np.uint32)
    number[np.argsort(first)] = np.arange(first.size, dtype=np.uint32)
    return number[found]


def _sharing(
    columns: Sequence[Rows], doubtful: npt.NDArray[np.bool_], several: npt.NDArray[np.bool_]
) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Rows that share a key with another, or stand for several records, key by key; and where each key starts."""
    usable = ~doubtful
    for column in columns:
        usable &= column != NOTHING
    rows = np.flatnonzero(usable).astype(np.uint32)
    key = keys_of([column[rows] for column in columns])
    order = np.argsort(key)  # in which order the rows of a key come makes no difference
    rows, key = rows[order], key[order]
    change = key[1:] != key[:-1]
    alone = np.concatenate([[True], change]) & np.concatenate([change, [True]]) if rows.size else change
    kept = ~alone | several[rows]
    rows, key = rows[kept], key[kept]
    return rows, np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if rows.size else np.empty(0, int)
