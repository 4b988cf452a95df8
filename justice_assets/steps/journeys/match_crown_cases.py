"""Finds the magistrates' case of each Crown Court case: committals beside receipts, with a score.

Belongs here: candidates and their evidence. Does not belong here: who is one person (steps/clusters).

A case is sent by a magistrates' court and received by the Crown Court some days after, for the same defendant. The
evidence is stated in bits and not trained: few pairs are looked at, and each fact has one plain meaning.
"""

import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS

LONGEST_WAIT, EARLIEST = 180, -14  # days from committal to receipt; dates are typed late
PRIOR = -8.0  # bits that a committal of the same person within these days is the one
SAME_PERSON = {"high": 6.0, "medium": 4.0, "low": 1.0}
WAIT = ((0, 14, 6.0), (15, 42, 4.0), (43, 90, 1.0))  # days from, to, bits; else NO_WAIT
NO_WAIT = -3.0
COURT, TYPE, OFFENCE = (5.0, -5.0), (1.5, -2.0), (4.0, -1.5)  # the same, another
LEAST = 0.5  # match probability below which a Crown case has no magistrates' case
COLUMNS = (
    "crown_record_key",
    "crown_case_id",
    "magistrates_record_key",
    "magistrates_case_id",
    "match_weight",
    "match_probability",
)


def match_crown_cases(crown: pl.DataFrame, magistrates: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """schemas/linking.py MagsCrownJourney: one row per Crown case, sorted; empty and 0 where it has none.

    `crown`, `magistrates`: the extracts; `clusters`: source, record_key and the cluster at each level. A magistrates'
    case goes to the Crown case that it fits best, and a Crown case to the best that is left.
    """
    committed = magistrates.filter(pl.col("committal_date").is_not_null()).select(
        "committal_date",
        "committed_for",
        magistrates_record_key="defendant_on_case_id",
        magistrates_case_id="case_id",
        magistrates_court="court_code",
        magistrates_offence="offence_code",
    )
    received = crown.select(
        "receipt_date",
        "receipt_type",
        "sent_from_court_code",
        crown_record_key="defendant_on_case_id",
        crown_case_id="case_id",
        crown_offence="offence_code",
    )
    sides = [
        side.join(_people(clusters, source, key), on=key)
        for side, source, key in (
            (received, "crown", "crown_record_key"),
            (committed, "magistrates", "magistrates_record_key"),
        )
    ]
    pairs = sides[0].join(sides[1], on="cluster_low", suffix="_theirs")
    weighed = _weighed(pairs).select(
        "crown_record_key", "crown_case_id", "magistrates_record_key", "magistrates_case_id", "match_weight"
    )
    best = _one_to_one(weighed).with_columns(
        match_probability=(2.0 ** pl.col("match_weight") / (1 + 2.0 ** pl.col("match_weight"))).round(6)
    )
    kept = best.filter(pl.col("match_probability") >= LEAST).drop("crown_case_id")
    cases = received.select("crown_record_key", "crown_case_id")
    return (
        cases.join(kept, on="crown_record_key", how="left")
        .with_columns(pl.col("match_probability").fill_null(0.0))
        .select(COLUMNS)
        .sort("crown_record_key")
    )


def _people(clusters: pl.DataFrame, source: str, key: str) -> pl.DataFrame:
    return clusters.filter(source=source).select(pl.col("record_key").alias(key), *(f"cluster_{one}" for one in LEVELS))


def _weighed(pairs: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("receipt_date") - pl.col("committal_date")).dt.total_days()
    wait = pl.lit(NO_WAIT)
    for first, last, bits in WAIT:
        wait = pl.when(days.is_between(first, last)).then(bits).otherwise(wait)
    person = pl.lit(SAME_PERSON["low"])
    for level in ("medium", "high"):
        same = pl.col(f"cluster_{level}") == pl.col(f"cluster_{level}_theirs")
        person = pl.when(same).then(SAME_PERSON[level]).otherwise(person)
    return pairs.filter(days.is_between(EARLIEST, LONGEST_WAIT)).with_columns(
        match_weight=(
            PRIOR
            + person
            + wait
            + _agree("sent_from_court_code", "magistrates_court", COURT)
            + _agree("receipt_type", "committed_for", TYPE)
            + _agree("crown_offence", "magistrates_offence", OFFENCE)
        ).round(4)
    )


def _agree(one: str, other: str, bits: tuple[float, float]) -> pl.Expr:
    return (
        pl.when(pl.col(one) == pl.col(other))
        .then(bits[0])
        .when(pl.col(one) != pl.col(other))
        .then(bits[1])
        .otherwise(0.0)
    )


def _one_to_one(weighed: pl.DataFrame) -> pl.DataFrame:
    """Best pairs, each case in one of them: those that are best for both ends first, then among what is left."""
    keys = ["crown_record_key", "magistrates_record_key"]
    left, found = weighed.sort("match_weight", *keys, descending=[True, False, False]), list[pl.DataFrame]()
    while left.height:
        of_each = [left.unique(key, keep="first", maintain_order=True).select(keys) for key in keys]
        mutual = left.join(of_each[0], on=keys, how="semi", maintain_order="left").join(
            of_each[1], on=keys, how="semi", maintain_order="left"
        )
        found.append(mutual)
        for key in keys:
            left = left.join(mutual, on=key, how="anti", maintain_order="left")
    return pl.concat(found) if found else weighed
