"""Turns scored pairs of records into pairs of people, with the second score (methodology 2.4.1, 2.5.2).

Belongs here: the best pair of records of two people, and the probability normalised over a person's candidates. Does
not belong here: which pairs are links (link_pairs.py).
"""

import polars as pl

from record_linkage.entities.posteriors import share_of_candidates


def pair_people(
    scored_pairs: pl.DataFrame, offender_clusters: pl.DataFrame, client_clusters: pl.DataFrame
) -> pl.DataFrame:
    """One row per probation person (cluster_id) and NDTMS person (client_cluster_id), sorted by both.

    Columns as scored_pairs for their best pair of records, then cluster_id, client_cluster_id and
    normalised_probability: the pair's odds over one plus the odds of all candidates of the probation person, which can
    be one of them only. Places and identifiers of one person never compete: the best of them speaks.
    """
    best = (
        scored_pairs.join(offender_clusters.select("crn", "cluster_id"), on="crn", how="inner")
        .join(client_clusters, on="client_id", how="inner")
        .sort("cluster_id", "client_cluster_id", pl.col("match_weight").neg(), "offender_record_id", "client_record_id")
        .unique(["cluster_id", "client_cluster_id"], keep="first", maintain_order=True)
    )
    return best.with_columns(normalised_probability=share_of_candidates("cluster_id")).select(
        *scored_pairs.columns, "cluster_id", "client_cluster_id", "normalised_probability"
    )
