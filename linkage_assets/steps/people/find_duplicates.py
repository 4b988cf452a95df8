"""Finds identifiers of one system that are one person (methodology 2.5.1).

Belongs here: the deduplication of either side: 44,551 probation identifiers to 44,459 people, and 580,086 NDTMS
identifiers. Does not belong here: linking the two, which does not depend on it (methodology 2.5.2).

At so low a prior a pair needs 30 bits of evidence: in practice the same initials and date of birth and nearly the same
place. Places of one identifier never compete: whichever pair of places agrees best speaks for the pair of people.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from splink import Linker, SettingsCreator

from linkage_assets.steps.model.count_agreement import count_within, pairs_within, state_chance
from linkage_assets.steps.model.settle_estimates import LEAST_PROBABILITY
from linkage_assets.steps.model.splink_model import blocking_rules
from linkage_assets.steps.people.deduplication_model import CLIENTS, OFFENDERS, Deduplication, deduplication_comparisons
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from resources.settings.study_settings import Linkage

ROW, PERSON = "row_number", "person_number"


def cluster_offenders(standardised_offenders: pl.DataFrame, backend: SplinkBackend, settings: Linkage) -> pl.DataFrame:
    """One row per probation identifier: crn, cluster_id (the smallest crn of the person), linkable; sorted by crn.

    linkable: a record of the crn has enough identifiers to be linked. Raises SplinkFailed.
    """
    pairs = duplicate_pairs(standardised_offenders, OFFENDERS, settings.dedupe_threshold, backend, settings)
    people = standardised_offenders.group_by(crn="person_id").agg(pl.col("linkable").any()).sort("crn")
    return people.with_columns(cluster_id=smallest_connected(people["crn"], pairs)).select(
        "crn", "cluster_id", "linkable"
    )


def cluster_clients(standardised_clients: pl.DataFrame, backend: SplinkBackend, settings: Linkage) -> pl.DataFrame:
    """One row per NDTMS identifier: client_id, client_cluster_id (the smallest of the person); sorted by client_id.

    Raises SplinkFailed.
    """
    pairs = duplicate_pairs(
        standardised_clients.filter("linkable"), CLIENTS, settings.client_dedupe_threshold, backend, settings
    )
    people = standardised_clients.select(client_id="person_id").unique().sort("client_id")
    return people.with_columns(client_cluster_id=smallest_connected(people["client_id"], pairs))


def duplicate_pairs(
    records: pl.DataFrame, deduplication: Deduplication, threshold: float, backend: SplinkBackend, settings: Linkage
) -> pl.DataFrame:
    """Pairs of person_id (l, r) with a pair of records at or above `threshold`, sorted. Raises SplinkFailed."""
    people = records["person_id"].n_unique()
    if people < 2:
        return pl.DataFrame(schema={"l": pl.String, "r": pl.String})
    used = (
        records.drop("source", "record_id", "linkable")
        .with_row_index(ROW)
        .with_columns(
            pl.col(ROW).cast(pl.Int64),  # Spark has no unsigned numbers
            pl.col("person_id").cast(pl.Categorical).to_physical().cast(pl.Int64).alias(PERSON),
        )
    )
    with backend.open(f"finding duplicate {deduplication.system} identifiers") as database:
        compared = deduplication_comparisons(settings)
        for comparison in compared:
            counts = count_within(database, records, comparison, settings.dedupe_sampling_pairs, settings.seed)
            state_chance(comparison, counts, unseen=LEAST_PROBABILITY)
        model = {
            "link_type": "dedupe_only",
            "unique_id_column_name": ROW,
            "comparisons": compared,
            "blocking_rules_to_generate_predictions": _rules(deduplication),
            "probability_two_random_records_match": _prior(records, deduplication, people),
            "retain_matching_columns": False,
            "linker_uid": "pathways",
        }
        table = register_frame(database, used.drop("person_id"), deduplication.system)
        linker = Linker(table, SettingsCreator.from_path_or_dict(model), log_level=None, validate_settings=False)
        scored = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
        rows = query_frame(database, f"SELECT {ROW}_l AS l, {ROW}_r AS r FROM {scored.physical_name}")
    found = pl.DataFrame({side: used["person_id"][rows[side]] for side in ("l", "r")})
    return found.select(l=pl.min_horizontal("l", "r"), r=pl.max_horizontal("l", "r")).unique().sort("l", "r")


def _rules(deduplication: Deduplication) -> list[dict[str, str]]:
    """The blocking rules, which bring no two places of one person together."""
    rules = blocking_rules(list(deduplication.blocking_rules))
    return [rule | {"blocking_rule": f"{rule['blocking_rule']} AND l.{PERSON} <> r.{PERSON}"} for rule in rules]


def _prior(records: pl.DataFrame, deduplication: Deduplication, people: int) -> float:
    """Probability that two identifiers are of one person, from the pairs that are almost sure to be."""
    rule = list(deduplication.sure_rule)
    shared = records.drop_nulls(rule).filter(pl.len().over(rule) > 1)
    sure = pairs_within(shared, rule) - pairs_within(shared, ["person_id", *rule])
    # One is added so that a small extract without any sure pair still has a prior.
    prior = (sure + 1) / deduplication.sure_rule_recall / (people * (people - 1) / 2)
    return min(prior, 0.5)


def smallest_connected(ids: pl.Series, pairs: pl.DataFrame) -> pl.Series:
    """For each of `ids` (distinct, ascending) the smallest that it is connected to by `pairs` (l, r), or itself."""
    left, right = (ids.search_sorted(pairs[side]).to_numpy() for side in ("l", "r"))
    edges = coo_matrix((np.ones(pairs.height), (left, right)), shape=(ids.len(), ids.len()))
    people = pl.DataFrame({"id": ids, "component": connected_components(edges, directed=False)[1]})
    return people.select(pl.col("id").min().over("component")).to_series()


def cluster_sizes(clusters: pl.Series) -> pl.Series:
    """Identifiers per person, largest first; `clusters` holds the person of each identifier."""
    return clusters.value_counts()["count"].sort(descending=True)
