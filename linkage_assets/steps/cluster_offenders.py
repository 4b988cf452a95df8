"""Finds nDelius identifiers that are one person (methodology 2.5.1: 44,551 identifiers, 44,459 people).

Belongs here: the deduplication of probation identifiers. Does not belong here: linking them to NDTMS, which does not
depend on it (methodology 2.5.2).

Some 90 duplicates among a billion pairs are too few to train on, so how often two records of one person agree is
stated in splink_model.py; only how often strangers agree is measured. At that prior a pair needs 30 bits of evidence:
in practice the same initials and date of birth and nearly the same place.
"""

import polars as pl
from splink import Linker, SettingsCreator

from linkage_assets.steps.splink_model import DEDUPLICATION_RULES, blocking_rules, deduplication_comparisons
from resources.splink_backend import SplinkBackend, query_frame, register_frame
from resources.study_settings import Linkage

SURE_RULE = "l.initials = r.initials AND l.dob = r.dob AND l.sex = r.sex AND l.postcode_sector = r.postcode_sector"
SURE_RULE_RECALL = 0.5


def cluster_offenders(standardised_offenders: pl.DataFrame, backend: SplinkBackend, settings: Linkage) -> pl.DataFrame:
    """One row per probation identifier: crn, cluster_id (the smallest crn of the person), linkable; sorted by crn.

    linkable: a record of the crn has enough identifiers to be linked. Raises SplinkFailed.
    """
    clusters = smallest_connected(duplicate_pairs(standardised_offenders, backend, settings))
    return (
        standardised_offenders.group_by(pl.col("person_id").alias("crn"))
        .agg(pl.col("linkable").any())
        .with_columns(pl.col("crn").replace(clusters).alias("cluster_id"))
        .select("crn", "cluster_id", "linkable")
        .sort("crn")
    )


def duplicate_pairs(
    standardised_offenders: pl.DataFrame, backend: SplinkBackend, settings: Linkage
) -> list[tuple[str, str]]:
    """Pairs of crn at or above `settings.dedupe_threshold`, sorted."""
    people = standardised_offenders["person_id"].n_unique()
    if people < 2:
        return []
    with backend.open("finding duplicate probation identifiers") as database:
        records = register_frame(database, standardised_offenders.sort("record_id"), "ndelius")
        sure = query_frame(
            database,
            f"""SELECT count(*) AS pairs FROM {records.physical_name} l, {records.physical_name} r
                WHERE l.person_id < r.person_id AND {SURE_RULE}""",
        )["pairs"].item()
        # One is added so that a small extract without any sure pair still has a prior.
        prior = (sure + 1) / SURE_RULE_RECALL / (people * (people - 1) / 2)
        model = {
            "link_type": "dedupe_only",
            "unique_id_column_name": "record_id",
            "additional_columns_to_retain": ["person_id"],
            "comparisons": deduplication_comparisons(settings),
            "blocking_rules_to_generate_predictions": blocking_rules(DEDUPLICATION_RULES),
            "probability_two_random_records_match": min(prior, 0.5),
            "linker_uid": "pathways",
        }
        linker = Linker(records, SettingsCreator.from_path_or_dict(model), log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=settings.u_sampling_pairs, seed=settings.seed)
        scored = linker.inference.predict(
            threshold_match_probability=settings.dedupe_threshold, warning_mode="never"
        )
        pairs = query_frame(
            database,
            f"""SELECT DISTINCT person_id_l AS l, person_id_r AS r
                FROM {scored.physical_name} WHERE person_id_l <> person_id_r""",
        )
    return sorted(pairs.rows())


def smallest_connected(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Each crn that occurs in `pairs` with the smallest crn it is connected to."""
    leader: dict[str, str] = {}

    def find(crn: str) -> str:
        while leader.setdefault(crn, crn) != crn:
            crn = leader[crn]
        return crn

    for left, right in pairs:
        first, second = sorted((find(left), find(right)))
        leader[second] = first
    return {crn: find(crn) for crn in list(leader)}
