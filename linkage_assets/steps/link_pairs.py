"""Decides which scored pairs are links (methodology 2.5.3).

Belongs here: threshold and the best pair of two people. Does not belong here: one key per person (key_people.py).
"""

import polars as pl

from resources.study_settings import Linkage


def link_pairs(scored_pairs: pl.DataFrame, offender_clusters: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """The best pair at or above the threshold of each probation person (cluster) and NDTMS person.

    Columns as scored_pairs, with cluster_id last; sorted by cluster_id, client_id. Places of one person never compete:
    whichever place matched best speaks for the person.
    """
    return (
        scored_pairs.filter(pl.col("match_probability") >= settings.threshold)
        .join(offender_clusters.select("crn", "cluster_id"), on="crn", how="inner")
        .sort("cluster_id", "client_id", pl.col("match_weight").neg(), "offender_record_id", "client_record_id")
        .unique(["cluster_id", "client_id"], keep="first", maintain_order=True)
        .select(*scored_pairs.columns, "cluster_id")
    )
