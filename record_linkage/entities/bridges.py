"""Clusters that one pair holds together: a chain of two people, where that pair is wrong.

Belongs here: finding them. Does not belong here: clustering (nested_clusters.py).
"""

import numpy as np
import numpy.typing as npt
import polars as pl


def bridged(labels: npt.NDArray[np.int64], higher: npt.NDArray[np.int64], edges: pl.DataFrame) -> pl.Series:
    """Clusters (`labels`) with a bridge: the only pair between two parts that fall apart without it.

    `higher`: the parts, clusters of a higher threshold, to each of which its identities belong surely. `edges`: rows l
    and r. A part of one identity counts as well: whoever it is, one pair alone brought it in.
    """
    left, right = edges["l"].to_numpy(), edges["r"].to_numpy()
    crossing = (higher[left] != higher[right]) & (labels[left] == labels[right])
    ends = np.sort(np.stack([higher[left[crossing]], higher[right[crossing]]], axis=1), axis=1)
    between = (
        pl.DataFrame({"one": ends[:, 0], "other": ends[:, 1], "cluster": labels[left[crossing]]})
        .group_by("cluster", "one", "other")
        .agg(pairs=pl.len())
    )
    joints = between.with_columns(joints=pl.len().over("cluster"), single=(pl.col("pairs") == 1).any().over("cluster"))
    of_two = joints.filter((pl.col("joints") == 1) & pl.col("single"))["cluster"].to_list()
    larger = joints.filter((pl.col("joints") > 1) & pl.col("single"))
    of_more = [rows["cluster"][0] for rows in larger.partition_by("cluster") if _has_bridge(rows)]
    return pl.Series("cluster", of_two + of_more, dtype=pl.Int64).sort()


def _has_bridge(rows: pl.DataFrame) -> bool:
    """Whether some single pair is on no circle of parts."""
    neighbours: dict[int, set[int]] = {}
    for one, other in rows.select("one", "other").iter_rows():
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    singles = rows.filter(pl.col("pairs") == 1).select("one", "other").rows()
    return any(not _reaches(neighbours, one, other) for one, other in singles)


def _reaches(neighbours: dict[int, set[int]], start: int, goal: int) -> bool:
    """Whether `goal` is reached from `start` on another way than directly."""
    seen, waiting = {start}, [part for part in neighbours[start] if part != goal]
    while waiting:
        part = waiting.pop()
        if part == goal:
            return True
        if part not in seen:
            seen.add(part)
            waiting.extend(neighbours[part] - seen)
    return False
