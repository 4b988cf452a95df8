"""What the records of one side say about each other, where two of them compete for one record of the other side.

Belongs here: competing records, their evidence of being one person, the share of duplicates on a side. Does not belong
here: what becomes of the evidence (posteriors.py), and duplicates that are brought together (find_duplicates.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_pairs import ROW, numbered, open_linker
from record_linkage.specification import PRIOR, LinkageSpecification, Rule
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from record_linkage.training.sure_pairs import sure_pairs_within

STRONG_WEIGHT = -2.0  # bits of a pair that competes in earnest
MOST_COMPETITORS = 20  # of one record
SCHEMA = {"id": pl.String, "id_other": pl.String, "evidence": pl.Float64}


@dataclass(frozen=True)
class Duplicates:
    """expected: pairs of records of one side that are one person; prior: their share of all pairs of the side.

    evidence: of ids that compete, both ways round: id, id_other, evidence (bits for being one person, prior apart).
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


def compare_competing(
    records: pl.DataFrame,
    ids: pl.DataFrame,
    sure_rules: Sequence[Rule],
    model: TrainedModel,
    specification: LinkageSpecification,
    key: bytes,
    backend: SplinkBackend,
) -> Duplicates:
    """What the records of one side say about the pairs of `ids` (id, id_other), compared by the model of the linkage.

    How many are expected at all follows from the pairs that agree in a sure rule of the side. Raises SplinkFailed.
    """
    sure = sure_pairs_within(records, sure_rules) if sure_rules else 0
    expected = sure / specification.training.sure_recall
    prior = min(expected / max(records.height * (records.height - 1) / 2, 1.0), 0.5)
    row = records.select(id="person_id").with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
    wanted = (
        ids.join(row, on="id")
        .join(row.rename({"id": "id_other", ROW: "other"}), on="id_other")
        .filter(pl.col(ROW) < pl.col("other"))
        .select(match_key=pl.lit("0"), join_key_l=ROW, join_key_r="other")
    )
    if not (expected and wanted.height):
        return Duplicates(expected, prior, pl.DataFrame(schema=SCHEMA))
    even = replace(model, splink=model.splink | {PRIOR: 0.5})  # at even odds the weight is the evidence alone
    listed = replace(specification, blocking_rules={"listed": ((ROW, ROW),)})
    with backend.open("comparing competing records") as database:
        table = register_frame(database, numbered(records, specification), "one_side")
        linker = open_linker(
            database, table, even, listed, key, {name: records[name] for name in model.term_frequencies}
        )
        linker.table_management.register_blocked_pairs_for_predict(register_frame(database, wanted, "competing"))
        scored = linker.inference.predict(warning_mode="never").physical_name
        compared = query_frame(database, f"SELECT {ROW}_l AS l, {ROW}_r AS r, match_weight AS evidence FROM {scored}")
    people = records["person_id"]
    one_way = pl.DataFrame(
        {"id": people[compared["l"]], "id_other": people[compared["r"]], "evidence": compared["evidence"]}
    )
    both_ways = pl.concat([one_way, one_way.select(id="id_other", id_other="id", evidence="evidence")])
    evidence = both_ways.group_by("id", "id_other").agg(pl.col("evidence").max()).sort("id", "id_other")
    return Duplicates(expected, prior, evidence)
