"""Links two sides by a plan, or one with itself, from training to posteriors, with nobody looking on.

Belongs here: the order of the work. Does not belong here: any of it.
"""

from dataclasses import dataclass

import polars as pl

from record_linkage.entities.competing_records import Duplicates, compare_competing, competing
from record_linkage.entities.posteriors import posterior_weights
from record_linkage.planning.plan_linkage import Plan
from record_linkage.scoring.score_pairs import count_candidates, score_pairs
from record_linkage.specification import PRIOR
from record_linkage.splink_backend import SplinkBackend
from record_linkage.training.train_model import train_model

HALVES = 17  # seed of which records are of the first half
KEY = bytes(32)  # of the model's values: the model is not kept


@dataclass(frozen=True)
class Linked:
    """pairs: the best of each two ids: left_id, right_id, weight, one_sided and two_sided (posteriors.py), in bits;
    sorted. candidates: pairs of records looked at.
    """

    pairs: pl.DataFrame
    candidates: int
    left: Duplicates
    right: Duplicates
    warnings: list[str]


def link_files(plan: Plan, backend: SplinkBackend) -> Linked:
    """Train on both sides, score the blocked pairs, and compare competing records of either side with each other."""
    specification, sides = plan.specification, (plan.blocked.left, plan.blocked.right)
    model, warnings = train_model(*sides, specification, backend, {"synthetic": None}, KEY)
    pairs = (
        score_pairs(*sides, model, specification, KEY, backend)
        .group_by(left_id="left_person_id", right_id="right_person_id")
        .agg(weight=pl.col("match_weight").max())
        .sort("left_id", "right_id")
    )
    ids = competing(pairs, "left_id", "right_id"), competing(pairs, "right_id", "left_id")
    left, right = (
        compare_competing(side, some, rules, model, specification, KEY, backend)
        for side, some, rules in zip(sides, ids, plan.duplicates, strict=True)
    )
    pairs = posterior_weights(pairs, model.splink[PRIOR], left, right)
    candidates = count_candidates(*sides, specification.blocking_rules, backend)
    return Linked(pairs, candidates, left, right, warnings)


def link_file_with_itself(plan: Plan, backend: SplinkBackend) -> tuple[pl.DataFrame, int, list[str]]:
    """The pairs within a side that is both sides of the plan, once each; how many were looked at; warnings.

    Trained on two halves of it, drawn by chance: a record paired with itself would teach that all values always agree.
    """
    specification, side = plan.specification, plan.blocked.left
    first = pl.col("record_id").hash(HALVES) % 2 == 0
    model, warnings = train_model(
        side.filter(first), side.filter(~first), specification, backend, {"synthetic": None}, KEY
    )
    scored = score_pairs(side, side, model, specification, KEY, backend)
    pairs = (
        scored.select(left_id="left_person_id", right_id="right_person_id", weight="match_weight")
        .filter(pl.col("left_id") < pl.col("right_id"))
        .group_by("left_id", "right_id")
        .agg(pl.col("weight").max())
        .sort("left_id", "right_id")
    )
    looked_at = count_candidates(side, side, specification.blocking_rules, backend) - side.height
    return pairs, looked_at // 2, warnings
