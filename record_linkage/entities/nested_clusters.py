"""Identities that are one person, at several thresholds at once: whoever is one at a higher is one at a lower too.

Belongs here: who is connected, and what must stay apart. Does not belong here: pairs and their weights (identities/),
people of two systems without identities (clusters.py).

From the strongest pair down, two groups become one unless numbers that belong to one person alone contradict each
other: both have one of a kind, no number of a kind is shared, or people have said that they are two. Where nothing
contradicts, these are the connected components.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix  # pyright: ignore[reportMissingTypeStubs]
from scipy.sparse.csgraph import (  # pyright: ignore[reportMissingTypeStubs]
    connected_components,  # pyright: ignore[reportUnknownVariableType]
)

from record_linkage.identities.value_codes import NOTHING, codes_of, differ

Labels = npt.NDArray[np.int64]
CERTAIN = 1e6  # bits of what is one person by definition, or because people have said so


@dataclass(frozen=True)
class Apart:
    """What keeps identities apart. numbers: of each kind, the number of each identity, None without one.

    pairs: rows l and r of identities that people say are two persons.
    """

    numbers: Mapping[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    pairs: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class NestedClusters:
    """labels: for each threshold, highest first, the smallest row of each identity's cluster.

    falls_apart: whether its records are not even one person among themselves at that threshold. refused: pairs at or
    above the lowest threshold that contradictions kept apart: l, r, match_weight.
    """

    thresholds: tuple[float, ...]
    labels: list[Labels]
    falls_apart: list[npt.NDArray[np.bool_]]
    refused: pl.DataFrame


def nested_clusters(
    own: pl.Series, edges: pl.DataFrame, thresholds: Sequence[float], apart: Apart | None = None
) -> NestedClusters:
    """Clusters of identities at each of `thresholds` (bits). `edges`: rows l and r and match_weight.

    own: weight of an identity's records among themselves. Below a threshold they are together only where one pair of
    the identity reaches it: each of them would have had that pair. Equal to clustering every record by itself.
    """
    levels = tuple(sorted(thresholds, reverse=True))
    apart = apart or Apart()
    count = own.len()
    edges = edges.filter(pl.col("match_weight") >= levels[-1])
    labels = _nested_components(count, edges, levels)
    contested = _contested(labels[-1], apart)
    in_contested = contested[edges["l"].to_numpy()]
    merged, refused = _merge_unless_apart(edges.filter(pl.Series(in_contested)), levels, apart)
    for label, changed in zip(labels, merged, strict=True):
        rows = np.fromiter(changed.keys(), dtype=np.int64, count=len(changed))
        label[rows] = np.fromiter(changed.values(), dtype=np.int64, count=len(changed))
    own_weight = own.to_numpy()
    falls_apart = [
        (own_weight < level) & ~_joined(label, edges.filter(pl.col("match_weight") >= level))
        for level, label in zip(levels, labels, strict=True)
    ]
    return NestedClusters(levels, labels, falls_apart, refused)


def _nested_components(count: int, edges: pl.DataFrame, levels: Sequence[float]) -> list[Labels]:
    """For each level, highest first, the smallest row of each row's connected component."""
    weight = edges["match_weight"].to_numpy()
    left, right = (edges[side].to_numpy().astype(np.int64) for side in ("l", "r"))
    label: Labels = np.arange(count)
    found: list[Labels] = []
    above = np.inf
    for level in levels:
        here = (weight >= level) & (weight < above)
        one, other = label[left[here]], label[right[here]]  # whole components of the level above, as few are joined
        apart = one != other
        one, other = one[apart], other[apart]
        joined = np.zeros(count, dtype=np.bool_)
        joined[one], joined[other] = True, True
        nodes, place = np.flatnonzero(joined), np.cumsum(joined) - 1
        moved = np.arange(count)
        moved[nodes] = nodes[_smallest_connected(nodes.size, place[one], place[other])]
        label, above = moved[label], level
        found.append(label)
    return found


def _smallest_connected(count: int, left: Labels, right: Labels) -> Labels:
    graph = coo_matrix((np.ones(left.size, dtype=np.bool_), (left, right)), shape=(count, count))
    component = cast("npt.NDArray[np.int32]", connected_components(graph, directed=False)[1])
    smallest = np.empty(count, dtype=np.int64)
    smallest[component[::-1]] = np.arange(count)[::-1]  # the last that is written stays
    return smallest[component]


def _joined(label: Labels, edges: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether an identity has a pair that brought it together with another."""
    left, right = edges["l"].to_numpy(), edges["r"].to_numpy()
    together = label[left] == label[right]
    found = np.zeros(label.size, dtype=np.bool_)
    found[left[together]] = True
    found[right[together]] = True
    return found


def _contested(component: Labels, apart: Apart) -> npt.NDArray[np.bool_]:
    """Whether an identity is connected to some that it may have to stay apart from."""
    found = np.zeros(component.size, dtype=np.bool_)
    for numbers in apart.numbers.values():
        codes = codes_of(numbers)
        given = np.flatnonzero(codes != NOTHING)
        given = np.sort((component[given] << 32) | given) & (2**32 - 1)  # by cluster, in half the time of an argsort
        cluster = component[given]
        starts = np.flatnonzero(np.concatenate([[True], cluster[1:] != cluster[:-1]])) if given.size else given
        found[cluster[starts][differ(codes[given], starts)]] = True
    for pair in apart.pairs:
        found[component[list(pair)]] = True
    return found[component]


def _merge_unless_apart(
    edges: pl.DataFrame, levels: Sequence[float], apart: Apart
) -> tuple[list[dict[int, int]], pl.DataFrame]:
    """For each level the smallest row of the group of every row of `edges`; and the pairs that were refused."""
    groups = _Groups(apart, edges)
    refused: list[tuple[int, int, float]] = []
    merged: list[dict[int, int]] = []
    ordered = edges.sort("match_weight", "l", "r", descending=[True, False, False]).iter_rows()
    following = next(ordered, None)
    for level in levels:
        while following is not None and following[2] >= level:
            if not groups.merge(following[0], following[1], following[2] >= CERTAIN):
                refused.append(following)
            following = next(ordered, None)
        merged.append(groups.smallest())
    schema = {"l": pl.UInt32, "r": pl.UInt32, "match_weight": pl.Float64}
    return merged, pl.DataFrame(refused, schema=schema, orient="row")


class _Groups:
    """Groups of rows that grow by merging."""

    def __init__(self, apart: Apart, edges: pl.DataFrame):
        rows = pl.concat([edges["l"], edges["r"].alias("l")]).unique().sort()
        self.parent = {row: row for row in rows}
        given = {kind: numbers.gather(rows).to_list() for kind, numbers in apart.numbers.items()}
        self.numbers: dict[str, dict[int, set[str]]] = {
            kind: {row: {number} for row, number in zip(rows, values, strict=True) if number is not None}
            for kind, values in given.items()
        }
        self.enemies: dict[int, set[int]] = {}
        for one, other in apart.pairs:
            self.enemies.setdefault(one, set()).add(other)
            self.enemies.setdefault(other, set()).add(one)

    def find(self, row: int) -> int:
        """The smallest row of a row's group."""
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def merge(self, one: int, other: int, certain: bool) -> bool:
        """Make the groups of two rows one; False where they must stay apart."""
        keep, gone = sorted((self.find(one), self.find(other)))
        if keep == gone:
            return True
        if self._are_two(keep, gone) or (not certain and self._contradict(keep, gone)):
            return False
        self.parent[gone] = keep
        for held in self.numbers.values():
            if gone in held:
                held.setdefault(keep, set()).update(held.pop(gone))
        if gone in self.enemies:
            self.enemies.setdefault(keep, set()).update(self.enemies.pop(gone))
        return True

    def smallest(self) -> dict[int, int]:
        """Of every row, the smallest of its group."""
        return {row: self.find(row) for row in self.parent}

    def _are_two(self, one: int, other: int) -> bool:
        return any(
            enemy in self.parent and self.find(enemy) == theirs
            for ours, theirs in ((one, other), (other, one))
            for enemy in self.enemies.get(ours, ())
        )

    def _contradict(self, one: int, other: int) -> bool:
        both = [(held[one], held[other]) for held in self.numbers.values() if one in held and other in held]
        return bool(both) and not any(ours & theirs for ours, theirs in both)
