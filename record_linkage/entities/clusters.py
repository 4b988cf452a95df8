"""People made of pairs of identifiers: who is connected to whom. Does not belong here: finding the pairs."""

from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix  # pyright: ignore[reportMissingTypeStubs]
from scipy.sparse.csgraph import (  # pyright: ignore[reportMissingTypeStubs]
    connected_components,  # pyright: ignore[reportUnknownVariableType]
)


def smallest_connected(ids: pl.Series, pairs: pl.DataFrame) -> pl.Series:
    """For each of `ids` (distinct, ascending) the smallest that it is connected to by `pairs` (l, r), or itself."""
    left, right = (ids.search_sorted(pairs[side]).to_numpy() for side in ("l", "r"))
    edges = coo_matrix((np.ones(pairs.height), (left, right)), shape=(ids.len(), ids.len()))
    component = cast("npt.NDArray[np.int32]", connected_components(edges, directed=False)[1])
    people = pl.DataFrame({"id": ids, "component": component})
    return people.select(pl.col("id").min().over("component")).to_series()


def cluster_sizes(clusters: pl.Series) -> pl.Series:
    """Identifiers per person, largest first; `clusters` holds the person of each identifier."""
    return clusters.value_counts()["count"].sort(descending=True)
