"""Chooses which pairs of records are looked at: the rules that find most for a bounded number of pairs.

Belongs here: counting what a rule would cost, choosing rules. Does not belong here: which keys there are
(comparisons/), and scoring (scoring/).

A rule is a set of keys that two records must share. Looser rules find more and cost more: single keys are tried first,
then pairs and triples of keys that an accepted rule does not already cover. A value so frequent that its block would
explode (a placeholder date, a common name) is left out of the rule; a rule that would lose too much by it is not used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from record_linkage.comparisons.field import Key
from record_linkage.planning.chance import agreement
from record_linkage.specification import Rule

PAIRS_PER_RECORD = 100
FEWEST_PAIRS, MOST_PAIRS = 2_000_000, 20_000_000
SHARE_OF_ONE_RULE = 1 / 5
SHARE_OF_ONE_BLOCK = 1 / 10  # of what one rule may cost
LARGEST_SHARE_LEFT_OUT = 0.1  # of records that a rule could be used for
MOST_RULES = 24
HOPELESS = 50  # times its budget: a rule expected to cost so much is not counted


@dataclass(frozen=True)
class BlockingRule:
    """Keys that must be shared, and the pairs of records that share them."""

    keys: tuple[Key, ...]
    pairs: int

    @property
    def name(self) -> str:
        """The keys in words."""
        return " + ".join(key.name for key in self.keys)

    @property
    def facts(self) -> frozenset[str]:
        """What the shared keys say."""
        return frozenset(fact for key in self.keys for fact in key.facts)


@dataclass(frozen=True)
class Blocked:
    """Chosen rules, and both sides with a column block_0, block_1, ... per rule: equal values are a pair to score."""

    rules: list[BlockingRule]
    left: pl.DataFrame
    right: pl.DataFrame

    @property
    def named(self) -> dict[str, Rule]:
        """The rules by name, as a specification wants them."""
        return {rule.name: (f"block_{place}",) for place, rule in enumerate(self.rules)}


def choose_blocks(left: pl.DataFrame, right: pl.DataFrame, keys: Sequence[Key]) -> Blocked:
    """Rules within a bounded number of pairs, from the keys that the two sides may share."""
    most = min(max(PAIRS_PER_RECORD * (left.height + right.height), FEWEST_PAIRS), MOST_PAIRS)
    per_rule = most * SHARE_OF_ONE_RULE
    chance = {key: agreement(left[key.left], right[key.right]) for key in keys}
    everybody = left.height * right.height
    rules: list[BlockingRule] = []
    columns: list[tuple[pl.Series, pl.Series]] = []
    spent = 0
    for combination in _by_size_then_cost(keys, chance):
        facts = frozenset(fact for key in combination for fact in key.facts)
        expected = everybody
        for key in combination:
            expected *= chance[key]
        if any(rule.facts <= facts for rule in rules) or expected > HOPELESS * per_rule:
            continue
        counted = _block(left, right, combination, per_rule * SHARE_OF_ONE_BLOCK)
        if counted is None or not 0 < counted[0] <= min(per_rule, most - spent):
            continue
        pairs, *pair = counted
        rules.append(BlockingRule(combination, pairs))
        columns.append((pair[0], pair[1]))
        spent += pairs
        if len(rules) == MOST_RULES:
            break
    return Blocked(
        rules,
        left.with_columns(pair[0].alias(f"block_{place}") for place, pair in enumerate(columns)),
        right.with_columns(pair[1].alias(f"block_{place}") for place, pair in enumerate(columns)),
    )


def blocked_pairs_among(pairs: pl.DataFrame, blocked: Blocked) -> int:
    """How many of `pairs` (left_id, right_id) are looked at: a row of the one shares a block with one of the other."""
    blocks = [f"block_{place}" for place in range(len(blocked.rules))]
    found = [
        pairs.join(blocked.left.select(left_id="person_id", block=block).drop_nulls(), on="left_id")
        .join(blocked.right.select(right_id="person_id", block=block).drop_nulls(), on=["right_id", "block"])
        .select("left_id", "right_id")
        for block in blocks
    ]
    return pl.concat(found).unique().height if found else 0


def _by_size_then_cost(keys: Sequence[Key], chance: dict[Key, float]) -> Iterable[tuple[Key, ...]]:
    def expected(combination: tuple[Key, ...]) -> float:
        product = 1.0
        for key in combination:
            product *= chance[key]
        return product

    for size in (1, 2, 3):
        disjoint = (
            combination
            for combination in combinations(keys, size)
            if all(not (a.about & b.about) for a, b in combinations(combination, 2))
        )
        yield from sorted(disjoint, key=expected)


def _block(
    left: pl.DataFrame, right: pl.DataFrame, keys: tuple[Key, ...], largest_block: float
) -> tuple[int, pl.Series, pl.Series] | None:
    """Pairs and block numbers of either side, or None when too many records would be left out."""
    sides = [
        frame.select(
            pl.when(pl.all_horizontal(pl.col(column).is_not_null() for column in columns))
            .then(pl.struct(pl.col(column).cast(pl.String).alias(str(n)) for n, column in enumerate(columns)).hash())
            .reinterpret(signed=True)
            .alias("block")
        )
        for frame, columns in ((left, [key.left for key in keys]), (right, [key.right for key in keys]))
    ]
    sizes = [side.drop_nulls().group_by("block").len("rows").cast({"rows": pl.Float64}) for side in sides]
    both = sizes[0].join(sizes[1], on="block").with_columns(pairs=pl.col("rows") * pl.col("rows_right"))
    large = both.filter(pl.col("pairs") > largest_block)
    in_some_block = sum(side["block"].count() for side in sides)
    left_out = float(large["rows"].sum()) + float(large["rows_right"].sum())
    if left_out > LARGEST_SHARE_LEFT_OUT * max(in_some_block, 1):
        return None
    kept = [
        side.select(pl.when(~pl.col("block").is_in(large["block"].implode())).then("block")).to_series()
        for side in sides
    ]
    return int(float(both["pairs"].sum()) - float(large["pairs"].sum())), kept[0], kept[1]
