"""Turns links between records into the key file: which NDTMS people are which probation person (methodology 3.3).

Belongs here: what happens when links contradict each other. Does not belong here: the threshold (link_pairs.py).
"""

import polars as pl


def key_people(linked_pairs: pl.DataFrame, standardised_clients: pl.DataFrame) -> pl.DataFrame:
    """One row per probation person (cluster) and NDTMS person: cluster_id, client_id, match_probability; sorted.

    1. An NDTMS person belongs to the probation person with the best match. Two equally good ones: to neither, because
       nothing in the records says which.
    2. A probation person may be several NDTMS people, since NDTMS holds duplicates, but only such that share initials
       and date of birth with the best of them: a twin or a neighbour does not.
    """
    best_of_client = linked_pairs.filter(
        pl.col("match_weight") == pl.col("match_weight").max().over("client_id")
    ).filter(pl.len().over("client_id") == 1)
    identity = standardised_clients.select("person_id", "initials", "dob").unique("person_id")
    ranked = best_of_client.join(identity, left_on="client_id", right_on="person_id", how="left").sort(
        "cluster_id", pl.col("match_weight").neg(), "client_id"
    )
    first = ["initials", "dob"]
    same_identity = pl.all_horizontal(
        (pl.col(name) == pl.col(name).first().over("cluster_id")).fill_null(False) for name in first
    )
    is_best = pl.int_range(pl.len()).over("cluster_id") == 0
    return (
        ranked.filter(is_best | same_identity)
        .select("cluster_id", "client_id", "match_probability")
        .sort("cluster_id", "client_id")
    )
