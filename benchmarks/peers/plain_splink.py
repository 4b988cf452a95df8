"""The linkage written as Splink's documentation shows, by a user who knows it: the peer of our own.

    python benchmarks/peers/plain_splink.py FOLDER

Belongs here: comparisons of Splink's own library, rules of `block_on`, default settings. Does not belong here: any of
our code. Reads offenders.parquet and clients.parquet of FOLDER (the standardised records, with latitude and longitude)
and writes FOLDER/peer: who is linked to whom, every score, the rules, seconds per stage and peak memory.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LINK_THRESHOLD, OFFENDER_THRESHOLD, CLIENT_THRESHOLD = 0.985, 0.99, 0.95
SEED = 20260319

COMPARISONS = [
    cl.ForenameSurnameComparison(
        "forename_initial", "surname_initial", jaro_winkler_thresholds=[], forename_surname_concat_col_name="initials"
    ),
    cl.DateOfBirthComparison("dob", input_is_string=True, datetime_format="%Y-%m-%d"),
    cl.ExactMatch("sex"),
    cl.ExactMatch("ethnicity"),
    cl.CustomComparison(
        output_column_name="location",
        comparison_levels=[
            cll.NullLevel("postcode_sector"),
            cll.ExactMatchLevel("postcode_sector"),
            cll.DistanceInKMLevel("latitude", "longitude", 0.5),
            cll.DistanceInKMLevel("latitude", "longitude", 1),
            cll.DistanceInKMLevel("latitude", "longitude", 6),
            cll.ExactMatchLevel("utla_code"),
            cll.ElseLevel(),
        ],
    ),
]
# As loose as the tutorials' rules, which find about as many of the true pairs as ours do: with tighter ones the peer
# would do less work for less recall.
LINK_RULES: list[Any] = [
    block_on("dob"),
    block_on("initials", "postcode_sector"),
    block_on("initials", "utla_code"),
    block_on("initials", "substr(dob, 1, 7)"),
    block_on("initials", "substr(dob, 6, 5)"),
    block_on("postcode_sector", "substr(dob, 1, 4)"),
]
DUPLICATE_RULES: list[Any] = [
    block_on("initials", "dob"),
    block_on("initials", "postcode_sector"),
    block_on("dob", "postcode_sector"),
]


def train(linker: Linker, recall: float, duplicates: bool = False) -> None:
    """Estimate the model as the tutorial does.

    For the duplicates of one system the m-probabilities stay at Splink's defaults: with so few of them among so many
    pairs, expectation maximisation underflows at the published size, and Splink stops.
    """
    linker.training.estimate_probability_two_random_records_match(
        [block_on("initials", "dob", "sex", "utla_code")], recall=recall
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    if duplicates:
        return
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("initials", "dob"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("initials", "postcode_sector"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob", "postcode_sector"))


def find_duplicates(records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Cluster of each person of one system: person_id, person_cluster."""
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=COMPARISONS,
        blocking_rules_to_generate_predictions=DUPLICATE_RULES,
        additional_columns_to_retain=["person_id"],
    )
    linker = Linker(database.register(records.to_arrow()), settings)
    train(linker, recall=0.7, duplicates=True)
    predictions = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold)
    frame = pl.DataFrame(pl.from_arrow(clusters.as_pyarrow_table()))
    return frame.group_by("person_id").agg(person_cluster=pl.col("cluster_id").min())


def link(offenders: pl.DataFrame, clients: pl.DataFrame, seconds: dict[str, tuple[float, float]]) -> pl.DataFrame:
    """Scored pairs of records: crn, client_id, match_probability, match_weight. Notes its stages in `seconds`."""
    started = _now()
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        comparisons=COMPARISONS,
        blocking_rules_to_generate_predictions=LINK_RULES,
        additional_columns_to_retain=["person_id"],
    )
    tables = [
        database.register(offenders.to_arrow(), dataset_display_name="a_ndelius"),
        database.register(clients.to_arrow(), dataset_display_name="b_ndtms"),
    ]
    linker = Linker(tables, settings)
    train(linker, recall=0.7)
    seconds["train"] = _since(started)
    started = _now()
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    frame = pl.DataFrame(pl.from_arrow(predictions.as_pyarrow_table()))
    seconds["score"] = _since(started)
    return frame.select(crn="person_id_l", client_id="person_id_r", weight="match_weight", same="match_probability")


def key_people(pairs: pl.DataFrame, offenders: pl.DataFrame, clients: pl.DataFrame) -> pl.DataFrame:
    """Links at the threshold, each NDTMS person with the best of its probation people: crn, client_id."""
    links = (
        pairs.filter(pl.col("same") >= LINK_THRESHOLD)
        .join(offenders.select(crn="person_id", person="person_cluster"), on="crn")
        .join(clients.select(client_id="person_id", client="person_cluster"), on="client_id")
        .sort("weight", "person", "client", descending=[True, False, False])
        .unique("client", keep="first", maintain_order=True)
    )
    return (
        links.select("person", "client")
        .join(offenders.select(crn="person_id", person="person_cluster"), on="person")
        .join(clients.select(client_id="person_id", client="person_cluster"), on="client")
        .select("crn", "client_id")
    )


def _now() -> tuple[float, float]:
    return perf_counter(), process_time()


def _since(started: tuple[float, float]) -> tuple[float, float]:
    """Seconds and processor seconds."""
    return perf_counter() - started[0], process_time() - started[1]


def main(folder: Path) -> None:
    """Link, and write what was found and what it cost."""
    given = folder / "peer"
    given.mkdir(exist_ok=True)
    offenders, clients = (pl.read_parquet(folder / f"{name}.parquet") for name in ("offenders", "clients"))
    offenders, clients = offenders.drop("source").filter("linkable"), clients.drop("source").filter("linkable")
    seconds: dict[str, tuple[float, float]] = {}
    started = _now()
    offender_clusters = find_duplicates(offenders, OFFENDER_THRESHOLD)
    seconds["find_duplicate_offenders"] = _since(started)
    started = _now()
    client_clusters = find_duplicates(clients, CLIENT_THRESHOLD)
    seconds["find_duplicate_clients"] = _since(started)
    pairs = link(offenders, clients, seconds)
    started = _now()
    key = key_people(pairs, offender_clusters, client_clusters)
    seconds["key"] = _since(started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    key.write_parquet(given / "key.parquet")
    pairs.group_by("crn", "client_id").agg(pl.col("weight").max()).write_parquet(given / "scores.parquet")
    rules = [rule.get_blocking_rule("duckdb").blocking_rule_sql for rule in LINK_RULES]
    report = {"seconds": seconds, "peak_mb": peak, "rules": rules}
    (given / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
