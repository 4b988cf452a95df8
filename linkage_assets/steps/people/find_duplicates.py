"""Finds identifiers of one system that are one person (methodology 2.5.1).

Belongs here: the deduplication of either side: 44,551 probation identifiers to 44,459 people, and 580,086 NDTMS
identifiers. Does not belong here: linking the two, which does not depend on it (methodology 2.5.2), and how duplicates
are found (record_linkage).

At so low a prior a pair needs 30 bits of evidence: in practice the same initials and date of birth and nearly the same
place.
"""

import polars as pl

from linkage_assets.steps.people.deduplication_specifications import client_duplicates, offender_duplicates
from record_linkage.entities.clusters import smallest_connected
from record_linkage.entities.find_duplicates import duplicate_pairs
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import Linkage


def cluster_offenders(standardised_offenders: pl.DataFrame, backend: SplinkBackend, settings: Linkage) -> pl.DataFrame:
    """One row per probation identifier: crn, cluster_id (the smallest crn of the person), linkable; sorted by crn.

    linkable: a record of the crn has enough identifiers to be linked. Raises SplinkFailed.
    """
    pairs = duplicate_pairs(standardised_offenders, offender_duplicates(settings), backend)
    people = standardised_offenders.group_by(crn="person_id").agg(pl.col("linkable").any()).sort("crn")
    return people.with_columns(cluster_id=smallest_connected(people["crn"], pairs)).select(
        "crn", "cluster_id", "linkable"
    )


def cluster_clients(standardised_clients: pl.DataFrame, backend: SplinkBackend, settings: Linkage) -> pl.DataFrame:
    """One row per NDTMS identifier: client_id, client_cluster_id (the smallest of the person); sorted by client_id.

    Raises SplinkFailed.
    """
    pairs = duplicate_pairs(standardised_clients.filter("linkable"), client_duplicates(settings), backend)
    people = standardised_clients.select(client_id="person_id").unique().sort("client_id")
    return people.with_columns(client_cluster_id=smallest_connected(people["client_id"], pairs))
