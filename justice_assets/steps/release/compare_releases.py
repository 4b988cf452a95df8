"""What became of the ids of the last release: kept, split, merged; and whose are new.

Belongs here: two releases of person_link side by side. Does not belong here: giving ids (assign_person_ids.py).
"""

import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS
from justice_assets.steps.release.assign_person_ids import RECORD, SEED

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
    if last is None:
        people = [(level, "new", link[f"person_{level}"].n_unique(), link.height) for level in LEVELS]
        return pl.DataFrame(schema=CHANGES), pl.DataFrame(people, schema=COUNTS, orient="row")
    now, before = (
        frame.select(*(f"person_{level}" for level in LEVELS), record=frame.select(RECORD).hash_rows(seed=SEED))
        for frame in (link, last)
    )
    changes: list[pl.DataFrame] = []
    counts: list[pl.DataFrame] = []
    for level in LEVELS:
        both = now.select("record", person_id=f"person_{level}").join(
            before.select("record", last_id=f"person_{level}"), on="record", how="left"
        )
        changed = _changes(both.drop_nulls("last_id"))
        people = both.group_by("person_id").agg(known=pl.col("last_id").is_not_null().any(), records=pl.len())
        new = people.filter(~pl.col("known"))
        counted = [
            changed.group_by("change").agg(people=pl.col("last_id").n_unique(), records=pl.col("records").sum()),
            pl.DataFrame({"change": ["new"], "people": [new.height], "records": [int(new["records"].sum())]}),
        ]
        changes.append(changed.filter(pl.col("change") != "kept").with_columns(threshold=pl.lit(level)))
        counts += [one.with_columns(threshold=pl.lit(level)).select(list(COUNTS)).cast(COUNTS) for one in counted]  # pyright: ignore[reportArgumentType]
    return pl.concat(changes).select(list(CHANGES)).cast(CHANGES), pl.concat(counts)  # pyright: ignore[reportArgumentType]


def _changes(both: pl.DataFrame) -> pl.DataFrame:
    shared = both.group_by("last_id", "person_id").agg(records=pl.len())
    merged, split = pl.len().over("person_id") > 1, pl.len().over("last_id") > 1
    change = pl.when(merged).then(pl.lit("merged")).when(split).then(pl.lit("split")).otherwise(pl.lit("kept"))
    return shared.with_columns(change=change).sort("change", "last_id", "person_id")
