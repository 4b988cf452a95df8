"""Links by exact keys, as a comparator of the model (methodology 2.4: the 2023 round tried it too).

Belongs here: the keys and the exact join. Does not belong here: holding its links against the model's
(compare_linkages.py).

What is published of the 2023 round does not name its keys. Here: both initials, date of birth, sex and upper tier
authority, all recorded and equal in one record of each side.
"""

import polars as pl

EXACT_KEYS = ["initials", "dob", "sex", "utla_code"]
PAIR = ["cluster_id", "client_cluster_id"]


def link_deterministically(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    client_clusters: pl.DataFrame,
) -> pl.DataFrame:
    """One row per pair of people with a record each that agree in EXACT_KEYS: cluster_id, client_cluster_id, ambiguous.

    ambiguous: exact keys also pair one of the two with somebody else, and nothing in the keys says which is right.
    Sorted by both ids.
    """
    offenders = standardised_offenders.select(*EXACT_KEYS, crn="person_id").join(offender_clusters, on="crn")
    clients = standardised_clients.select(*EXACT_KEYS, client_id="person_id").join(client_clusters, on="client_id")
    return (
        offenders.drop_nulls(EXACT_KEYS)
        .join(clients.drop_nulls(EXACT_KEYS), on=EXACT_KEYS)
        .select(PAIR)
        .unique()
        .with_columns(ambiguous=(pl.len().over("cluster_id") > 1) | (pl.len().over("client_cluster_id") > 1))
        .sort(PAIR)
    )
