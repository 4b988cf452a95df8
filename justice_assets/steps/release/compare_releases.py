"""What became of the ids of the last release: kept, split, merged; and whose are new.

Belongs here: two releases of person_link side by side. Does not belong here: giving ids (assign_person_ids.py).
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS
from justice_assets.steps.release.assign_person_ids import numbered_ids, places_in_release, shared_records

CHANGES = {
    "threshold": pl.String,
    "change": pl.String,
    "last_id": pl.String,
    "person_id": pl.String,
    "records": pl.Int64,
}
COUNTS = {"threshold": pl.String, "change": pl.String, "people": pl.Int64, "records": pl.Int64}


def compare_releases(link: pl.DataFrame, last: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """schemas/linking.py IdChanges and IdChangeCounts of a person_link beside that of the release before.

    kept: all records that an id had and that are still there have it, with no records of another id. merged: an id of
    this release has records of several before. split: records of an id before are under several now, none of them
    merged. new: a person with no record of the last release.
    """
    place = places_in_release(link, last)
    found = [_compared(link, last, level, place) for level in LEVELS]
    return pl.concat(changes for changes, _ in found), pl.concat(counts for _, counts in found)


def _compared(
    link: pl.DataFrame, last: pl.DataFrame | None, level: str, place: npt.NDArray[np.int64]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same of one threshold. place: row of each record in the last release, -1 where it has none."""
    column = f"person_{level}"
    people, number = numbered_ids(link[column])
    then, last_number = numbered_ids(pl.Series([], dtype=pl.String) if last is None else last[column])
    there = place >= 0
    shared = shared_records(number[there], last_number[place[there]])
    merged, split = (pl.len().over(side) > 1 for side in ("cluster", "last"))
    change = pl.when(merged).then(pl.lit("merged")).when(split).then(pl.lit("split")).otherwise(pl.lit("kept"))
    shared = shared.with_columns(change=change)
    counted = shared.group_by("change").agg(people=pl.col("last").n_unique(), records=pl.col("records").sum())
    new = np.ones(people.len(), dtype=np.bool_)
    new[number[there]] = False
    of_new = pl.DataFrame({"change": "new", "people": int(new.sum()), "records": int(new[number].sum())})
    counts = [counted.sort("change").cast(of_new.schema), of_new]
    changed = shared.filter(pl.col("change") != "kept")
    named = changed.with_columns(last_id=then[changed["last"]], person_id=people[changed["cluster"]])
    changes = named.sort("change", "last_id", "person_id").with_columns(threshold=pl.lit(level))
    counts = pl.concat(counts).with_columns(threshold=pl.lit(level))
    return changes.select(list(CHANGES)).cast(CHANGES), counts.select(list(COUNTS)).cast(COUNTS)  # pyright: ignore[reportArgumentType]
