"""The prior: how likely two records taken at random are of one person, from the pairs that are almost sure to be.

Belongs here: counting sure pairs. Does not belong here: which rules are sure (a specification, planning/).
"""

from collections.abc import Sequence

import polars as pl

from record_linkage.specification import Rule, column_pairs
from record_linkage.training.check_model import LinkageModelNotUsable
from record_linkage.training.count_agreement import pairs_between, pairs_within

MOST_PAIRS_MADE = 5_000_000  # of one rule: beyond, it is no rule of sure pairs


def prior_between(left: pl.DataFrame, right: pl.DataFrame, rules: Sequence[Rule], recall: float) -> float:
    """Probability that a left and a right record are of one person. Raises LinkageModelNotUsable."""
    sure = sure_pairs_between(left, right, rules)
    prior = sure / recall / max(left.height * right.height, 1)
    if not 0 < prior < 1:
        agree = " or ".join(", ".join(one for one, _ in column_pairs(rule)) for rule in rules)
        raise LinkageModelNotUsable(
            f"{sure:,} pair(s) of {left.height:,} and {right.height:,} records agree in {agree}: "
            "no share of true pairs follows. Check that both systems code these alike, or train on more records."
        )
    return prior


def prior_within(records: pl.DataFrame, rule: Rule, recall: float, people: int) -> float:
    """Probability that two identifiers of the same system are of one person; `people`: how many identifiers.

    One sure pair is added, so that a few records without any still have a prior.
    """
    columns = [one for one, _ in column_pairs(rule)]
    shared = records.drop_nulls(columns).filter(pl.len().over(columns) > 1)
    sure = pairs_within(shared, columns) - pairs_within(shared, ["person_id", *columns])
    return min((sure + 1) / recall / (people * (people - 1) / 2), 0.5)


def sure_pairs_between(left: pl.DataFrame, right: pl.DataFrame, rules: Sequence[Rule]) -> int:
    """How many pairs of a left and a right record agree in one of the rules."""
    if len(rules) == 1:
        return pairs_between(left, right, rules[0])
    few = [rule for rule in rules if pairs_between(left, right, rule) <= MOST_PAIRS_MADE]
    return _distinct([_pairs(left.drop("person_id"), right.drop("person_id"), rule) for rule in few])


def sure_pairs_within(records: pl.DataFrame, rules: Sequence[Rule]) -> int:
    """How many pairs of two of the records, of different person_id, agree in one of the rules."""
    found = [
        _pairs(records, records, rule)
        for rule in rules
        if pairs_within(records, [one for one, _ in column_pairs(rule)]) <= MOST_PAIRS_MADE
    ]
    apart = (pl.col("record_id") < pl.col("record_id_right")) & (pl.col("person_id") != pl.col("person_id_right"))
    return _distinct([pairs.filter(apart) for pairs in found])


def _pairs(left: pl.DataFrame, right: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Pairs that agree in a rule; what a side does not compare by has its own name or with _right behind it."""
    ours, theirs = zip(*column_pairs(rule), strict=True)
    kept = [name for name in ("record_id", "person_id") if name in left.columns]
    sides = (left.select(*kept, *ours).drop_nulls(), right.select(*kept, *theirs).drop_nulls())
    return sides[0].join(sides[1], left_on=ours, right_on=theirs)


def _distinct(found: Sequence[pl.DataFrame]) -> int:
    pairs = [pairs.select("record_id", "record_id_right") for pairs in found]
    return pl.concat(pairs).unique().height if pairs else 0
