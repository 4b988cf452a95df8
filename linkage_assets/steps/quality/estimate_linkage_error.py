"""Estimates how many links are false and how many are missed, from the probabilities of the candidates.

Belongs here: expected errors over pairs and per person. Does not belong here: errors by group (profile_linked.py), and
anything that knows the truth.

What the estimates rest on: the model's probabilities, which clerical review may confirm or not. What they leave out:
true pairs that no blocking rule looked at, pairs scored below `linkage.lowest_probability`, people without enough
identifiers to be compared, and people who are known under details that do not resemble each other.
"""

from math import inf

import polars as pl

from linkage_assets.steps.quality.count_links import SCORES
from resources.drift.proportions import wilson

PAIR = ["cluster_id", "client_cluster_id"]
DIGITS = 6  # sums depend on the order of rows in the last digits, and that on threads


def estimate_linkage_errors(person_pairs: pl.DataFrame, linked_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per score: score, links, expected_false (sum of 1 - probability over links), expected_missed (sum of the
    probability over candidates that are no link).

    The pair probability takes each candidate alone, so candidates of one person can count as more than one missed
    match; normalised over the person's candidates they cannot.
    """
    candidates = person_pairs.join(linked_pairs.select(*PAIR, linked=pl.lit(True)), on=PAIR, how="left").with_columns(
        pl.col("linked").fill_null(False)
    )
    return pl.concat(
        candidates.select(
            score=pl.lit(score),
            links=pl.col("linked").sum().cast(pl.Int64),
            expected_false=(1 - pl.col(column)).filter("linked").sum().round(DIGITS),
            expected_missed=pl.col(column).filter(~pl.col("linked")).sum().round(DIGITS),
        )
        for score, column in SCORES.items()
    )


def limits_of_missed(
    linked: int, false: float, missed: float, false_variance: float, missed_variance: float, level: float
) -> tuple[float, float] | None:
    """Limits of coverage `level` of the share of true links that are missed, 0 to 1; None where none is expected.

    linked: a count; false, missed: expected numbers, with the variance that chance gives them when the probabilities of
    the model are right. Wilson, of the number of cases in which a share has that variance (delta method). That the
    model may be wrong is not in them.
    """
    found = linked - false
    true = found + missed
    if true <= 0:
        return None
    share = missed / true
    variance = ((found / true**2) ** 2) * missed_variance + ((missed / true**2) ** 2) * false_variance
    return wilson(share, share * (1 - share) / variance if variance else inf, level)


def estimate_errors_by_person(
    probation_pseudonyms: pl.DataFrame, person_pairs: pl.DataFrame, linked_pairs: pl.DataFrame, person_key: pl.DataFrame
) -> pl.DataFrame:
    """One row per probation person: person_pseudonym, linkable, linked, expected_false, expected_missed; sorted.

    linked: the key file holds the person. expected_false: probability that none of the person's links is right, null
    when not linked. expected_missed: probability that one of the candidates is right although none was linked, null
    when linked. Both from the normalised probability.
    """
    normalised = pl.col("normalised_probability")
    candidates = person_pairs.group_by("cluster_id").agg(any_candidate=normalised.sum().clip(0, 1).round(DIGITS))
    links = linked_pairs.group_by("cluster_id").agg(any_link=normalised.sum().clip(0, 1).round(DIGITS))
    linked = pl.col("person_pseudonym").is_in(person_key["person_pseudonym"].unique().implode())
    return (
        probation_pseudonyms.group_by("cluster_id", "person_pseudonym")
        .agg(pl.col("linkable").any())
        .join(candidates, on="cluster_id", how="left")
        .join(links, on="cluster_id", how="left")
        .select(
            "person_pseudonym",
            "linkable",
            linked=linked,
            expected_false=pl.when(linked).then((1 - pl.col("any_link").fill_null(0)).round(DIGITS)),
            expected_missed=pl.when(~linked).then(pl.col("any_candidate").fill_null(0)),
        )
        .sort("person_pseudonym")
    )
