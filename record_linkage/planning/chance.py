"""How often two records of different entities agree by chance, in one column, in several, and in one given another.

Belongs here: counting agreements. Does not belong here: what they are used for (choose_blocks.py, plan_linkage.py).

Columns are not independent: who lives in one postcode lives in one county. How much likelier two columns agree
together than apart (their lift) is counted, less the pairs that are one entity: those mostly agree in a third column
too, strangers do not. A set of columns is then taken to hang together along its strongest lifts.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations

import polars as pl

TELLING_COLUMNS = 2  # the rarest agreements that are asked whether pairs are one entity
AGREEMENT_IF_TRUE = 0.75  # assumed: how often records of one entity agree in a telling column
MOSTLY_CHANCE = 0.3  # largest share of true pairs among those that show how columns hang together by chance
DETERMINED = 0.9
FEWEST_COMPARED = 100
SURE_BY_CHANCE = 0.05  # of the pairs that a sure rule finds, how many may be chance


def agreement(left: pl.Series, right: pl.Series) -> float:
    """Share of pairs of given values that are the same."""
    if not (left.count() and right.count()):
        return 0.0
    shares = [
        series.alias("value").drop_nulls().value_counts(name="times").with_columns(pl.col("times") / series.count())
        for series in (left, right)
    ]
    both = shares[0].join(shares[1], on="value")
    return float((both["times"] * both["times_right"]).sum())


class Chance:
    """Agreement by chance in the columns of two files, or of one file with itself (`same_file`)."""

    def __init__(self, left: pl.DataFrame, right: pl.DataFrame, columns: Sequence[str], same_file: bool = False):
        self.left, self.right, self.columns, self.same_file = left, right, list(columns), same_file

    @cached_property
    def everybody(self) -> float:
        """Number of pairs of records."""
        rows = self.left.height
        return rows * (rows - 1.0) / 2 if self.same_file else rows * float(self.right.height)

    @cached_property
    def alone(self) -> dict[str, float]:
        """Probability that both records have a column and agree in it."""
        given = {column: self.left[column].count() / max(self.left.height, 1) for column in self.columns}
        given_right = {column: self.right[column].count() / max(self.right.height, 1) for column in self.columns}
        return {
            column: agreement(self.left[column], self.right[column]) * given[column] * given_right[column]
            for column in self.columns
        }

    def pairs_sharing(self, columns: Sequence[str]) -> int:
        """Number of pairs of records that are the same in all `columns`."""
        sizes = [frame.select(columns).drop_nulls().group_by(columns).len("pairs") for frame in (self.left, self.right)]
        if self.same_file:
            return int(sizes[0].select((pl.col("pairs") * (pl.col("pairs") - 1.0)).sum() / 2).item())
        both = sizes[0].join(sizes[1], on=list(columns), suffix="_right")
        return int(both.select((pl.col("pairs").cast(pl.Float64) * pl.col("pairs_right")).sum()).item())

    def true_share(self, columns: Sequence[str]) -> float:
        """Rough share of one entity's pairs among those that are the same in all `columns`; 1 when nothing tells."""
        others = [other for other in self.columns if other not in columns and self.alone[other]]
        others.sort(key=lambda other: self.alone[other])
        shares: list[float] = []
        for other in others[:TELLING_COLUMNS]:
            given = [frame.filter(pl.col(other).is_not_null()) for frame in (self.left, self.right)]
            compared = Chance(given[0], given[1], columns, self.same_file).pairs_sharing(columns)
            agree = self.pairs_sharing([*columns, other]) / max(compared, 1)
            shares.append((agree - self.alone[other]) / AGREEMENT_IF_TRUE)
        return min(max(shares, default=1.0), 1.0)

    @cached_property
    def lifts(self) -> list[tuple[float, str, str]]:
        """Pairs of columns that agree together more often than apart, strongest first: lift and both names."""
        found: list[tuple[float, str, str]] = []
        for one, other in combinations(self.columns, 2):
            expected = self.everybody * self.alone[one] * self.alone[other]
            pairs = self.pairs_sharing([one, other])
            if expected and pairs > expected:
                lift = pairs * (1 - self.true_share([one, other])) / expected
                found.append((max(lift, 1.0), one, other))
        return sorted(found, reverse=True)

    def together(self, columns: Sequence[str]) -> float:
        """Probability that two records of different entities agree in all `columns`."""
        probability = 1.0
        for column in columns:
            probability *= self.alone[column]
        tree: dict[str, str] = {column: column for column in columns}
        for lift, one, other in self.lifts:
            if one in tree and other in tree and tree[one] != tree[other]:
                probability *= lift
                joined = tree[other]
                tree = {column: tree[one] if branch == joined else branch for column, branch in tree.items()}
        return probability

    def determines(self, given: str, column: str) -> bool:
        """Whether strangers that agree in `given` hardly ever differ in `column`; neither need be of the columns."""
        both_given = [frame.filter(pl.col(column).is_not_null()) for frame in (self.left, self.right)]
        compared = Chance(both_given[0], both_given[1], [given], self.same_file).pairs_sharing([given])
        if compared < FEWEST_COMPARED or self.pairs_sharing([given, column]) < DETERMINED * compared:
            return False
        return self.true_share([given]) < MOSTLY_CHANCE

    def sure_rules(self) -> list[tuple[tuple[str, ...], int]]:
        """Sets of columns whose agreement is hardly ever chance, none containing another, and the pairs they find."""
        sure: list[tuple[tuple[str, ...], int]] = []
        for chosen in self._subsets():
            if any(set(smaller) <= set(chosen) for smaller, _ in sure):
                continue
            expected = self.everybody * self.together(chosen)
            if expected > SURE_BY_CHANCE * 10 * self.left.height:
                continue
            found = self.pairs_sharing(chosen)
            if found and expected <= SURE_BY_CHANCE * found:
                sure.append((chosen, found))
        return sure

    def _subsets(self) -> Iterator[tuple[str, ...]]:
        for size in range(2, min(len(self.columns), 5) + 1):
            yield from combinations(self.columns, size)
