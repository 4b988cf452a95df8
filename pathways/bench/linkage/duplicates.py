"""What the records of one file say about each other, where two of them compete for one record of the other file.

Belongs here: competing records of one file, their evidence of being one entity, the share of duplicates in the file.
Does not belong here: links (link.py), what becomes of the evidence (measure.py).
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import polars as pl
from splink import Linker, SettingsCreator

from pathways.bench.linkage.chance import Chance
from pathways.bench.linkage.fields import Comparison
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame

STRONG_WEIGHT = -2.0  # bits of a pair that competes in earnest
MOST_COMPETITORS = 20  # of one record
SURE_RULES_RECALL = 0.8  # assumed share of true pairs that sure rules find: moves every pair's weight alike
MOST_SURE_PAIRS = 2_000_000
SCHEMA = {"id": pl.String, "id_other": pl.String, "evidence": pl.Float64}


@dataclass(frozen=True)
class Duplicates:
    """expected: pairs of records of one file that are one entity; prior: their share of all pairs of the file.

    evidence: of ids that compete, both ways round: id, id_other, evidence (bits for being one entity, prior apart).
    """

    expected: float
    prior: float
    evidence: pl.DataFrame


def competing(pairs: pl.DataFrame, side: str, other: str) -> pl.DataFrame:
    """Two ids of `side` that are both strong candidates of one id of `other`: id, id_other, distinct, both ways round.

    `pairs`: the two id columns and weight.
    """
    strong = pairs.filter(pl.col("weight") >= STRONG_WEIGHT).filter(
        pl.col("weight").rank("ordinal", descending=True).over(other) <= MOST_COMPETITORS
    )
    both = strong.select(other, id=side).join(strong.select(other, id_other=side), on=other)
    return both.filter(pl.col("id") != pl.col("id_other")).select("id", "id_other").unique().sort("id", "id_other")


def duplicate_pairs_expected(records: pl.DataFrame, comparisons: list[Comparison]) -> float:
    """Number of pairs of records of one file that are one entity but have different ids, from sure agreements."""
    pairs = []
    for columns, found in Chance(records, records, [one.exact for one in comparisons], same_file=True).sure_rules():
        if found <= MOST_SURE_PAIRS:
            side = records.select("record", "id", *columns).drop_nulls()
            both = side.join(side, on=list(columns), suffix="_other").filter(
                pl.col("record") < pl.col("record_other"), pl.col("id") != pl.col("id_other")
            )
            pairs.append(both.select("record", "record_other"))
    return pl.concat(pairs).unique().height / SURE_RULES_RECALL if pairs else 0.0


def find_duplicates(
    records: pl.DataFrame,
    ids: pl.DataFrame,
    comparisons: list[Comparison],
    model: dict[str, Any],
    backend: SplinkBackend,
) -> Duplicates:
    """What the records of one file say about the pairs of `ids` (id, id_other), compared by the model of the link."""
    expected = duplicate_pairs_expected(records, comparisons)
    everybody = max(records.height * (records.height - 1) / 2, 1.0)
    row = records.select("id", "record")
    wanted = (
        ids.join(row, on="id")
        .join(row.select(id_other="id", other="record"), on="id_other")
        .filter(pl.col("record") < pl.col("other"))
        .select(match_key=pl.lit("0"), join_key_l="record", join_key_r="other")
    )
    if not (expected and wanted.height):
        return Duplicates(expected, min(expected / everybody, 0.5), pl.DataFrame(schema=SCHEMA))
    own = deepcopy(model) | {
        "link_type": "dedupe_only",
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.record = r.record", "sql_dialect": "duckdb"}],
        "probability_two_random_records_match": 0.5,  # even odds: the weight is then the evidence alone
    }
    with backend.open("comparing competing records of a benchmark") as database:
        linker = Linker(
            register_frame(database, records, "a_left"), SettingsCreator.from_path_or_dict(own), log_level=None
        )
        linker.table_management.register_blocked_pairs_for_predict(register_frame(database, wanted, "competing"))
        scored = linker.inference.predict(warning_mode="never").physical_name
        compared = query_frame(
            database,
            f"""SELECT record_l AS "record", record_r AS other, match_weight AS evidence
            FROM {scored}""",
        )
    one_way = compared.join(row, on="record").join(row.select(id_other="id", other="record"), on="other")
    one_way = one_way.select(*SCHEMA)
    both_ways = pl.concat([one_way, one_way.select(id="id_other", id_other="id", evidence="evidence")])
    evidence = both_ways.group_by("id", "id_other").agg(pl.col("evidence").max()).sort("id", "id_other")
    return Duplicates(expected, min(expected / everybody, 0.5), evidence)
