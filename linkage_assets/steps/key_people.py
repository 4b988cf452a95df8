"""Turns links between records into the key file: which NDTMS people are which probation person (methodology 3.3).

Belongs here: what happens when links contradict each other. Does not belong here: the threshold (link_pairs.py).
"""

import polars as pl

IDENTITY = ["initials", "dob"]


def key_people(linked_pairs: pl.DataFrame, standardised_clients: pl.DataFrame) -> pl.DataFrame:
    """One row per probation person (cluster) and NDTMS person: cluster_id, client_id, match_probability; sorted.

    1. An NDTMS person belongs to the probation person with the best match. Two equally good ones: to neither, because
       nothing in the records says which.
    2. A probation person may be several NDTMS people, since NDTMS holds duplicates, but only such that have the same
       initials and date of birth as the best of them: a twin or a neighbour does not. Equally good best ones that
       differ in these: none, for the same reason.
    """
    weight = pl.col("match_weight")
    of_client = linked_pairs.filter(weight == weight.max().over("client_id"))
    of_client = of_client.filter(pl.len().over("client_id") == 1)
    identity = standardised_clients.unique("person_id").select(
        pl.col("person_id").alias("client_id"), pl.struct(IDENTITY).alias("identity")
    )
    candidates = of_client.join(identity, on="client_id", how="left").sort("cluster_id", weight.neg(), "client_id")
    is_best = weight == weight.max().over("cluster_id")
    same_as_best = pl.col("identity") == pl.col("identity").first().over("cluster_id")
    best_agree = (same_as_best | ~is_best).all().over("cluster_id")
    return (
        candidates.filter(best_agree & same_as_best)
        .select("cluster_id", "client_id", "match_probability")
        .sort("cluster_id", "client_id")
    )
