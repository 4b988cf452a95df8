"""Turns links between records into the key file: which NDTMS people are which probation person (methodology 3.3).

Belongs here: what happens when links contradict each other, and the key under pseudonyms. Does not belong here: the
threshold (link_pairs.py), nor the pseudonyms themselves (assign_pseudonyms.py).
"""

import polars as pl

IDENTITY = ["initials", "dob"]
DIGEST_LETTERS = 12


def key_people(linked_pairs: pl.DataFrame, standardised_clients: pl.DataFrame) -> pl.DataFrame:
    """One row per probation person and NDTMS person: cluster_id, client_cluster_id, match_probability; sorted.

    `linked_pairs` has the best pair of records of each, with its client_id.

    1. An NDTMS person belongs to the probation person with the best match. Two equally good ones: to neither, because
       nothing in the records says which.
    2. A probation person may be several NDTMS people, since NDTMS holds duplicates, but only such that have the same
       initials and date of birth as the best of them: a twin or a neighbour does not. Equally good best ones that
       differ in these: none, for the same reason. The initials and date of birth of an NDTMS person are those of the
       identifier that matched best.
    """
    weight = pl.col("match_weight")
    of_client = linked_pairs.filter(weight == weight.max().over("client_cluster_id"))
    of_client = of_client.filter(pl.len().over("client_cluster_id") == 1)
    identity = standardised_clients.unique("person_id").select(
        pl.col("person_id").alias("client_id"), pl.struct(IDENTITY).alias("identity")
    )
    candidates = of_client.join(identity, on="client_id", how="left").sort(
        "cluster_id", weight.neg(), "client_cluster_id"
    )
    is_best = weight == weight.max().over("cluster_id")
    same_as_best = pl.col("identity") == pl.col("identity").first().over("cluster_id")
    best_agree = (same_as_best | ~is_best).all().over("cluster_id")
    return (
        candidates.filter(best_agree & same_as_best)
        .select("cluster_id", "client_cluster_id", "match_probability")
        .sort("cluster_id", "client_cluster_id")
    )


def key_under_pseudonyms(
    links: pl.DataFrame, probation_pseudonyms: pl.DataFrame, treatment_pseudonyms: pl.DataFrame, run_id: str
) -> pl.DataFrame:
    """The key file: person_pseudonym, client_pseudonym, match_probability, run_id; sorted by both pseudonyms.

    `links` is what `key_people` returns.
    """
    people = probation_pseudonyms.select("cluster_id", "person_pseudonym").unique()
    clients = treatment_pseudonyms.select("client_cluster_id", "client_pseudonym").unique()
    return (
        links.join(people, on="cluster_id", validate="m:1")
        .join(clients, on="client_cluster_id", validate="m:1")
        .select("person_pseudonym", "client_pseudonym", "match_probability", run_id=pl.lit(run_id))
        .sort("person_pseudonym", "client_pseudonym")
    )


def linkage_run(quarter: str, linkage_model: pl.DataFrame) -> str:
    """Name of a linkage run: the quarter and the first letters of the model's digest, such as 2023Q1-1a2b3c4d5e6f."""
    return f"{quarter}-{linkage_model['sha256'].item()[:DIGEST_LETTERS]}"
