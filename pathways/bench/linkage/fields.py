"""What the linkage of a benchmark works on: both files in comparable form, their comparisons and blocking keys.

Belongs here: the containers, and leaving out fields that tell nothing. Does not belong here: what is made of a kind of
field (compare_fields.py, compare_names.py), which keys are used (blocking.py).
"""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pathways.bench.linkage.standardise import Pair


@dataclass(frozen=True)
class Comparison:
    """A comparison for Splink: name, its exact column, and the levels between exact and else, best first.

    between: label, condition and, where a rare value should weigh more at that level, its column. coarser: columns
    that say less of the same thing, finest first. given: a column of another comparison, if agreement in it hardly
    leaves this one a choice: where it agrees, this one says nothing more.
    """

    name: str
    exact: str
    between: list[tuple[str, str] | tuple[str, str, str]]
    void: str = ""
    coarser: tuple[str, ...] = ()
    given: str = ""

    def for_splink(self) -> dict[str, Any]:
        """The comparison as Splink wants it, with term frequencies on the exact level."""
        void = self.void or f"{self.exact}_l IS NULL OR {self.exact}_r IS NULL"
        if self.given:
            void = f"({void}) OR coalesce({self.given}_l = {self.given}_r, FALSE)"
        exact = f"{self.exact}_l = {self.exact}_r"
        levels = [
            {"sql_condition": void, "label_for_charts": "missing", "is_null_level": True},
            {"sql_condition": exact, "label_for_charts": "same", "tf_adjustment_column": self.exact},
            *(
                {"sql_condition": condition, "label_for_charts": label}
                | ({"tf_adjustment_column": column[0]} if column else {})
                for label, condition, *column in self.between
            ),
            {"sql_condition": "ELSE", "label_for_charts": "anything else"},
        ]
        return {"output_column_name": self.name, "comparison_levels": levels}


@dataclass(frozen=True)
class Key:
    """Something that two records of one entity may share: a column of the left file equal to one of the right.

    `facts` are what sharing it says, so that a key that says more is known to be covered by one that says less;
    `about` are the fields it is made of, which no other key of the same rule may use.
    """

    name: str
    left: str
    right: str
    facts: frozenset[str]
    about: frozenset[str]


@dataclass
class Fields:
    """Both files in comparable form (columns record, id and those of the comparisons), and what to do with them."""

    left: pl.DataFrame
    right: pl.DataFrame
    comparisons: list[Comparison] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, name: str, pair: Pair) -> None:
        """Give both files a column."""
        self.left = self.left.with_columns(pair[0].alias(name))
        self.right = self.right.with_columns(pair[1].alias(name))

    def key(self, name: str, facts: str, about: str, left: str = "", right: str = "") -> None:
        """Add a blocking key; `facts` and `about` are words."""
        self.keys.append(Key(name, left or name, right or name, frozenset(facts.split()), frozenset(about.split())))

    def tells(self, name: str, pair: Pair) -> bool:
        """Whether a field can tell records apart; says so when not."""
        values = [series.drop_nulls().unique() for series in pair]
        if not all(len(side) for side in values):
            empty = " and ".join(side for side, value in zip(("left", "right"), values, strict=True) if not len(value))
            reason = f"it is empty, or cannot be read, in every row of the {empty} file"
        elif len(pl.concat([side.alias("") for side in values]).unique()) < 2:
            reason = "all its values are the same"
        elif not values[0].is_in(values[1].implode()).any():
            reason = "no value of it is in both files, so it may be written in different ways"
        else:
            return True
        self.warnings.append(f"Field {name} is left out: {reason}.")
        return False
