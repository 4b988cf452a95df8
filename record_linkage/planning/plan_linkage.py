"""A specification for two sides that nobody has seen before: which rules train, which pairs are looked at.

Belongs here: choices that follow from the records alone. Does not belong here: what a field is compared at
(comparisons/), training and scoring, which are the same for every specification.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from record_linkage.comparisons.field import Field
from record_linkage.planning.chance import Chance, agreement
from record_linkage.planning.choose_blocks import Blocked, choose_blocks
from record_linkage.specification import LinkageSpecification, Rule, TrainingPlan

SESSIONS = 4
SURE_RULES_RECALL = 0.8  # assumed share of true pairs that sure rules find: moves every pair's weight alike
CHANCE_PAIRS = 4_000_000
TRAINING_PAIRS = 5_000_000
# A level that no match shows loses some twenty digits in each iteration, and Splink stops with an error at 1e-300.
MOST_ITERATIONS = 12
LOWEST_WEIGHT = -7.0  # bits; pairs below one chance in 128 are not kept


@dataclass(frozen=True)
class Plan:
    """specification: what to do. blocked: both sides with the columns that it needs, and the rules by what they cost.

    duplicates: for either side, rules whose agreement within it is hardly ever chance.
    """

    specification: LinkageSpecification
    blocked: Blocked
    duplicates: tuple[Sequence[Rule], Sequence[Rule]]
    warnings: list[str]


def plan_linkage(left: pl.DataFrame, right: pl.DataFrame, fields: Sequence[Field], name: str, seed: int) -> Plan:
    """A plan to link two sides by these fields; either has record_id, person_id and the columns of the fields."""
    columns = [column for field in fields for column in field.columns]
    left, right = left.with_columns(columns), right.with_columns(columns)
    fields = [_given_others(field, fields, left, right) for field in fields]
    exact = [field.comparison.exact for field in fields]
    chance = Chance(left, right, exact)
    warnings: list[str] = []
    sure: list[Rule] = [chosen for chosen, _ in chance.sure_rules()]
    prior = None
    if not sure:
        prior = min(min(left.height, right.height) / max(left.height * right.height, 2), 0.5)
        warnings.append("No set of fields identifies a record: the prior is one match in the smaller file's rows.")
    training = TrainingPlan(
        seed=seed,
        chance_pairs=CHANCE_PAIRS,
        sure_rules=tuple(sure),
        sure_recall=SURE_RULES_RECALL,
        prior=prior,
        rules={" + ".join(chosen): chosen for chosen in _training_rules(fields, chance)},
        em_pairs=TRAINING_PAIRS,
        unattended=True,
        convergence=1e-4,
        most_iterations=MOST_ITERATIONS,
    )
    blocked = choose_blocks(left, right, [key for field in fields for key in field.keys])
    compared = tuple(field.comparison for field in fields)
    within = [
        [chosen for chosen, _ in Chance(side, side, exact, same_file=True).sure_rules()] for side in (left, right)
    ]
    specification = LinkageSpecification(name, compared, blocked.named, training, LOWEST_WEIGHT)
    return Plan(specification, blocked, (within[0], within[1]), warnings)


def _given_others(field: Field, fields: Sequence[Field], left: pl.DataFrame, right: pl.DataFrame) -> Field:
    """The field, its comparison settled where a column of another that determines it agrees: the coarsest such column.

    Postcode and county are one fact where they agree: counted twice, neighbours would look like one person.
    """
    exact = field.comparison.exact
    by_chance = agreement(left[exact], right[exact])
    determining: list[tuple[float, str]] = []
    for other in fields:
        chance = Chance(left, right, [one.comparison.exact for one in fields if one not in (other, field)])
        for column in (other.comparison.exact, *other.coarser) if other is not field else ():
            rarer = agreement(left[column], right[column])
            if rarer < by_chance and chance.determines(column, exact):
                determining.append((rarer, column))
    if not determining:
        return field
    settled = (*field.comparison.settled_by, (max(determining)[1],))
    return replace(field, comparison=replace(field.comparison, settled_by=settled))


def _training_rules(fields: Sequence[Field], chance: Chance) -> list[tuple[str, ...]]:
    """Columns to block training on: those whose sharing is least often chance, until every comparison is trained."""
    size = 2 if len(chance.columns) > 2 else 1
    found = {chosen: chance.pairs_sharing(chosen) for chosen in combinations(chance.columns, size)}
    best = sorted(
        (chosen for chosen in found if found[chosen]),
        key=lambda chosen: chance.everybody * chance.together(chosen) / found[chosen],
    )
    rules: list[tuple[str, ...]] = []
    for field in fields:
        trains = [chosen for chosen in best if not set(chosen) & _columns_of(field, fields)]
        if trains and not set(trains) & set(rules):
            rules.append(trains[0])
    rules += [chosen for chosen in best if chosen not in rules][: max(SESSIONS - len(rules), 0)]
    return rules


def _columns_of(field: Field, fields: Sequence[Field]) -> set[str]:
    """Exact columns of the comparisons that must be free to differ for this one to be trained."""
    settling = {column for rule in field.comparison.settled_by for column in rule}
    return {field.comparison.exact} | {
        other.comparison.exact for other in fields if settling & {other.comparison.exact, *other.coarser}
    }
