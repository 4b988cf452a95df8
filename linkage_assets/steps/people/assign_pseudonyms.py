"""Gives people, requirements and orders the random pseudonyms under which their attributes are kept.

Belongs here: the working pseudonyms of both sides, and the identifiers they stand for. Does not belong here: the key
between the sides (steps/links/key_people.py) and the keys of the release (steps/release/anonymise.py).
"""

import polars as pl

from linkage_assets.steps.people.draw_at_random import random_keys
from resources.secrets.keyed_hash import subkey
from resources.settings.study_settings import StudySettings


def assign_probation_pseudonyms(offender: pl.DataFrame, offender_clusters: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    """crn, cluster_id, linkable, person_pseudonym of every CRN whose record stands, sorted by crn.

    A person is a cluster, and linkable if any CRN of the cluster is; a CRN that is in no cluster is a person.
    """
    standing = offender.filter(pl.col("soft_deleted") == "0").select("crn")
    clusters = standing.join(offender_clusters.select("crn", "cluster_id", "linkable"), on="crn", how="left")
    people = clusters.with_columns(pl.coalesce("cluster_id", "crn"), pl.col("linkable").fill_null(False)).with_columns(
        pl.col("linkable").any().over("cluster_id")
    )
    return (
        people.join(pseudonyms_for("MP", people["cluster_id"], secret), left_on="cluster_id", right_on="id")
        .select("crn", "cluster_id", "linkable", person_pseudonym="key")
        .sort("crn")
    )


def assign_requirement_pseudonyms(requirement: pl.DataFrame, settings: StudySettings, secret: bytes) -> pl.DataFrame:
    """requirement_id, crn, requirement_pseudonym, order_pseudonym of the types studied, sorted by id."""
    studied = requirement.filter(pl.col("requirement_type").is_in(settings.study.requirement_types))
    orders = pseudonyms_for("MO", studied["disposal_id"], secret).rename({"key": "order_pseudonym"})
    return (
        studied.join(pseudonyms_for("MR", studied["requirement_id"], secret), left_on="requirement_id", right_on="id")
        .join(orders, left_on="disposal_id", right_on="id")
        .rename({"key": "requirement_pseudonym"})
        .select("requirement_id", "crn", "requirement_pseudonym", "order_pseudonym")
        .sort("requirement_id")
    )


def assign_treatment_pseudonyms(
    standardised_clients: pl.DataFrame, client_clusters: pl.DataFrame, secret: bytes
) -> pl.DataFrame:
    """client_id, client_cluster_id, client_pseudonym of every consenting NDTMS client, sorted by client_id.

    A person is a cluster; a client that is in no cluster is a person.
    """
    clients = standardised_clients.select(client_id="person_id").unique()
    clustered = clients.join(
        client_clusters.select("client_id", "client_cluster_id"), on="client_id", how="left"
    ).with_columns(pl.coalesce("client_cluster_id", "client_id"))
    return (
        clustered.join(
            pseudonyms_for("DP", clustered["client_cluster_id"], secret), left_on="client_cluster_id", right_on="id"
        )
        .select("client_id", "client_cluster_id", client_pseudonym="key")
        .sort("client_id")
    )


def pseudonyms_for(prefix: str, ids: pl.Series, secret: bytes) -> pl.DataFrame:
    """id and key: a working pseudonym per distinct id, drawn with the secret of the release."""
    return random_keys(prefix, ids, subkey(secret, f"working pseudonyms {prefix}"))
