"""Counts analysed requirements by quarter of sentence and by local authority: what of both leaves the zone.

Belongs here: the counts, and which authorities are counted with the rest of their region. Does not belong here: which
authority a requirement has (steps/requirements/describe_authority.py), which counts are shown (publication).

An authority stands by itself when, of every type of requirement, it has at least `minimum_base` requirements and at
least `disclosure_threshold` that are linked and that are not. What is left of a region must have no linked or not
linked that are fewer than the threshold, else the smallest authority that stands by itself joins it, and so on.
"""

from collections.abc import Sequence

import polars as pl

from contracts.crossings import LOCAL_AUTHORITY, QUARTER_OF_SENTENCE, RequirementCounts
from resources.settings.study_settings import Publication

COUNTED = ("requirements", "linked", "followed_in_full", "reconvicted_in_full")
_SIZE = {"requirements": pl.len(), "linked": pl.col("linked_structured").sum()}
_FOLLOWED = {
    "followed_in_full": pl.col("followed_in_full").sum(),
    "reconvicted_in_full": (pl.col("followed_in_full") & pl.col("reconvicted")).sum(),
}


def count_by_quarter_and_authority(
    analysed: pl.DataFrame, types: Sequence[str], publication: Publication, synthetic: bool
) -> pl.DataFrame:
    """contracts/crossings.py RequirementCounts of the `analysed` requirements, of the `types` that are studied."""
    columns = list(RequirementCounts.to_schema().columns)
    parts = [_by_quarter(analysed), _by_authority(analysed, types, publication)]
    return (
        pl.concat(parts, how="diagonal")
        .with_columns(pl.col(COUNTED).cast(pl.Int32), synthetic=pl.lit(synthetic))
        .select(columns)
        .sort(columns[:4], nulls_last=True)
    )


def _by_quarter(analysed: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("disposal_date").dt
    quarters = analysed.with_columns(level=pl.format("{}Q{}", day.year(), day.quarter()))
    counted = quarters.group_by("requirement_type", "level").agg(**_SIZE, **_FOLLOWED)
    return counted.with_columns(grouping=pl.lit(QUARTER_OF_SENTENCE))


def _by_authority(analysed: pl.DataFrame, types: Sequence[str], publication: Publication) -> pl.DataFrame:
    alone = [
        {"region": str(region), "authority": authority, "level": authority}
        for (region,), rows in analysed.partition_by("region", as_dict=True).items()
        for authority in _standing_alone(rows, types, publication)
    ]
    names = pl.DataFrame(alone, schema=dict.fromkeys(("region", "authority", "level"), pl.String))
    named = analysed.join(names, on=["region", "authority"], how="left")
    counted = named.group_by("requirement_type", "region", "level").agg(**_SIZE)
    return counted.with_columns(grouping=pl.lit(LOCAL_AUTHORITY))


def _standing_alone(region: pl.DataFrame, types: Sequence[str], publication: Publication) -> list[str]:
    """Authorities of one region that are not counted with the rest of it, the largest first."""
    sizes = (
        region.drop_nulls("authority").group_by("authority").len().sort("len", "authority", descending=[True, False])
    )
    of_each = {name: region.filter(authority=name) for name in sizes["authority"]}
    alone = [name for name in of_each if _is_large(of_each[name], types, publication)]
    threshold = publication.disclosure_threshold
    while alone:
        rest = region.filter(~pl.col("authority").is_in(alone).fill_null(False))
        if all(number == 0 or number >= threshold for pair in _sides(rest, types) for number in pair):
            break
        alone.pop()
    return alone


def _is_large(rows: pl.DataFrame, types: Sequence[str], publication: Publication) -> bool:
    return all(
        sum(pair) >= publication.minimum_base and min(pair) >= publication.disclosure_threshold
        for pair in _sides(rows, types)
    )


def _sides(rows: pl.DataFrame, types: Sequence[str]) -> list[tuple[int, int]]:
    """Linked and not linked requirements of each type."""
    of_types = [rows.filter(requirement_type=kind)["linked_structured"] for kind in types]
    return [(int(linked.sum()), int((~linked).sum())) for linked in of_types]
