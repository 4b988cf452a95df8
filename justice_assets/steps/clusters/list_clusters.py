"""Clusters that people should look at: too large, or held together by one pair alone. Sizes only.

Belongs here: counting them. Does not belong here: clustering.
"""

import numpy as np
import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS, forms_of_one_record
from record_linkage.entities.bridges import bridged
from record_linkage.identities.score_identities import as_rows
from resources.settings.justice_settings import JusticeLinkage

RECORD = ["source", "record_key"]
CLUSTERS = [f"cluster_{level}" for level in LEVELS]
SIZES = (1, 2, 3, 5, 10, 20, 50, 100, 200, 400)


def list_clusters(
    clusters: pl.LazyFrame, members: pl.LazyFrame, scored: pl.LazyFrame, settings: JusticeLinkage
) -> pl.DataFrame:
    """schemas/linking.py ClusterSizes, of scans of PersonClusters, JusticeMembers and ScoredIdentities.

    A bridge is the only pair that joins two parts, each of which is one person at the next higher threshold.
    """
    numbered = clusters.with_row_index("record")
    joined = members.join(numbered, on=RECORD, how="left", maintain_order="left")
    forms = joined.select("identity", "record", *CLUSTERS).collect()
    identities = forms.unique("identity", keep="first", maintain_order=True).sort("identity")
    row = np.searchsorted(identities["identity"].to_numpy(), forms["identity"].to_numpy()).astype(np.uint32)
    of_one = forms_of_one_record(forms.select("record", pl.Series("identity", row)))
    pairs = scored.filter(pl.col("l") != pl.col("r")).select("l", "r", "match_weight").collect()
    edges = pl.concat([as_rows(pairs, identities), of_one])
    labels = [identities[cluster].to_numpy() for cluster in CLUSTERS]
    levels = sorted(settings.thresholds, reverse=True)
    found: list[pl.DataFrame] = []
    for place, level in enumerate(LEVELS):
        cluster = CLUSTERS[place]
        sizes = clusters.group_by(cluster).agg(size=pl.len().cast(pl.Int64)).collect()
        higher = labels[place - 1] if place else None
        held = (
            bridged(labels[place], higher, edges.filter(pl.col("match_weight") >= levels[place]))
            if higher is not None
            else pl.Series([], dtype=pl.Int64)
        )
        counted = (
            sizes.sort("size")
            .join_asof(pl.DataFrame({"size_from": SIZES}), left_on="size", right_on="size_from")
            .with_columns(
                bridged=pl.col(cluster).is_in(held.implode()),
                too_large=pl.col("size") > settings.largest_cluster,
            )
            .group_by("size_from")
            .agg(
                clusters=pl.len().cast(pl.Int64),
                records=pl.col("size").sum().cast(pl.Int64),
                held_by_one_pair=pl.col("bridged").sum().cast(pl.Int64),
                too_large=pl.col("too_large").sum().cast(pl.Int64),
            )
            .with_columns(threshold=pl.lit(level))
        )
        found.append(counted)
    return (
        pl.concat(found)
        .select("threshold", "size_from", "clusters", "records", "held_by_one_pair", "too_large")
        .sort(pl.col("threshold").replace_strict({name: place for place, name in enumerate(LEVELS)}), "size_from")
    )
