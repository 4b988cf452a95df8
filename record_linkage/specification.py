"""A linkage, declared: what is compared at which levels, which pairs are looked at, and how the model is trained.

Belongs here: the parts of a specification, and what Splink is told of them. Does not belong here: any one linkage (the
study's are in linkage_assets, one of two unknown files is made by planning/), and running it (training/, scoring/).

Records are frames with the columns record_id (one row each), person_id (the identifier that they share) and those that
comparisons and rules name.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# Columns that must agree; two names where the two sides differ.
Rule = tuple[str | tuple[str, str], ...]

ELSE = "anything else"
PRIOR = "probability_two_random_records_match"


@dataclass(frozen=True)
class Level:
    """One level of a comparison: its words, and its condition in SQL over columns x_l and x_r ("ELSE": all others).

    frequency_of: a column whose rare values weigh more at this level than common ones. m, u: probabilities that are
    stated, where training could not tell them.
    """

    label: str
    condition: str
    frequency_of: str = ""
    m: float | None = None
    u: float | None = None

    def for_splink(self) -> dict[str, Any]:
        """The level as Splink wants it."""
        level: dict[str, Any] = {"sql_condition": self.condition, "label_for_charts": self.label}
        for letter, stated in (("m", self.m), ("u", self.u)):
            if stated is not None:
                level |= {f"{letter}_probability": stated, f"fix_{letter}_probability": True}
        return level | ({"tf_adjustment_column": self.frequency_of} if self.frequency_of else {})


@dataclass(frozen=True)
class Comparison:
    """A comparison: its levels, best first, the last of them ELSE; `missing`: when there is nothing to compare.

    settled_by: rules where agreement leaves this comparison nothing to say, as another has said it: missing as well.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    settled_by: tuple[Rule, ...] = ()

    @property
    def exact(self) -> str:
        """The column that is the same on both sides at the highest level."""
        return self.levels[0].condition.partition("_l = ")[0]

    def at(self, *labels: str) -> tuple[int, ...]:
        """Numbers of the levels with these words: 0 anything else, the highest exact."""
        numbers = {level.label: number for number, level in enumerate(reversed(self.levels))}
        return tuple(numbers[label] for label in labels)

    def stating(self, m: Sequence[float]) -> "Comparison":
        """The comparison with these m, one for each level."""
        return replace(self, levels=tuple(replace(each, m=p) for each, p in zip(self.levels, m, strict=True)))

    def for_splink(self) -> dict[str, Any]:
        """The comparison as Splink wants it, a level for what is missing first."""
        agreed = (
            " AND ".join(f"{left}_l = {right}_r" for left, right in column_pairs(rule)) for rule in self.settled_by
        )
        missing = " OR ".join([self.missing, *(f"coalesce({condition}, FALSE)" for condition in agreed)])
        void = {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}
        levels = [void, *(level.for_splink() for level in self.levels)]
        return {"output_column_name": self.name, "comparison_levels": levels}


@dataclass(frozen=True)
class TrainingPlan:
    """How a model is trained.

    sure_rules: pairs that agree in one of them are almost surely one person; sure_recall: the share of true pairs that
    they find, assumed; prior: stated instead, where no rule is sure. chance_pairs: about how many pairs of values are
    compared for u, at most. rules: each trains the comparisons that it does not use; em_pairs: about how many pairs it
    looks at, at most. usual: m and u of levels, by their words, for where training saw none. largest_disagreement: bits
    by which rules may differ on a common level. unattended: nobody looks at the model before it is used, as on files
    never seen before: what training cannot tell is replaced by plain values and said, where otherwise the model is
    refused.
    """

    seed: int
    chance_pairs: int
    sure_rules: tuple[Rule, ...]
    sure_recall: float
    prior: float | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    em_pairs: int = 2_000_000
    usual: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    largest_disagreement: float = 1.0
    unattended: bool = False
    convergence: float = 1e-5
    most_iterations: int = 15


@dataclass(frozen=True)
class Adjustment:
    """Bits added to pairs that are at some of the given levels in each of several comparisons.

    For what the comparisons together say, and none of them alone: the same in all but the forename are twins.
    `levels`: comparison to the numbers of its levels, 0 anything else, the highest exact, -1 missing (Comparison.at).
    """

    name: str
    levels: Mapping[str, tuple[int, ...]]
    bits: float


@dataclass(frozen=True)
class LinkageSpecification:
    """A linkage of two sets of records, or of one with itself. lowest_weight: bits below which pairs are not kept."""

    name: str
    comparisons: tuple[Comparison, ...]
    blocking_rules: Mapping[str, Rule]
    training: TrainingPlan
    lowest_weight: float
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Columns that comparisons, blocking rules and training rules look at, sorted."""
        return sorted({*self.training_columns, *columns_in(self.blocking_rules.values())})

    @property
    def training_columns(self) -> list[str]:
        """Columns that comparisons and training rules look at, sorted."""
        return sorted({*self.compared_columns, *columns_in(self.training.rules.values())})

    @property
    def compared_columns(self) -> list[str]:
        """Columns that comparisons look at, sorted."""
        return sorted({column for each in self.comparisons for column in compared_columns(each.for_splink())})

    @property
    def adjusted_by(self) -> list[str]:
        """Comparisons that adjustments look at, sorted."""
        return sorted({name for each in self.adjustments for name in each.levels})

    def keeping_all(self) -> "LinkageSpecification":
        """The same, without a weight below which pairs are not kept."""
        return replace(self, lowest_weight=-math.inf)

    @property
    def frequency_columns(self) -> list[str]:
        """Columns whose rare values weigh more at some level, sorted."""
        return sorted({level.frequency_of for each in self.comparisons for level in each.levels} - {""})

    def without_frequencies(self) -> "LinkageSpecification":
        """The same, every value weighing alike."""
        plain = (
            replace(each, levels=tuple(replace(level, frequency_of="") for level in each.levels))
            for each in self.comparisons
        )
        return replace(self, comparisons=tuple(plain))

    def for_splink(self) -> dict[str, Any]:
        """Splink's settings before training."""
        return {
            "link_type": "link_only",
            "unique_id_column_name": "record_id",
            "source_dataset_column_name": "source",
            "additional_columns_to_retain": ["person_id"],
            "comparisons": [comparison.for_splink() for comparison in self.comparisons],
            "blocking_rules_to_generate_predictions": rules_for_splink(self.blocking_rules),
            "retain_matching_columns": True,
            "em_convergence": self.training.convergence,
            "max_iterations": self.training.most_iterations,
            "linker_uid": self.name,
        }


def rules_for_splink(rules: Mapping[str, Rule], dialect: str = "duckdb", also: str = "") -> list[dict[str, str]]:
    """Blocking rules as Splink wants them for an engine; `also`: a further condition of each."""
    conditions = (same(rule) + (f" AND {also}" if also else "") for rule in rules.values())
    return [{"blocking_rule": condition, "sql_dialect": dialect} for condition in conditions]


def same(columns: Rule) -> str:
    """Condition in SQL that a left record l and a right record r agree in these columns."""
    return " AND ".join(f"l.{left} = r.{right}" for left, right in column_pairs(columns))


def columns_in(rules: Iterable[Rule]) -> set[str]:
    """Columns that some rules ask for."""
    return {column for rule in rules for pair in column_pairs(rule) for column in pair}


def column_pairs(columns: Rule) -> list[tuple[str, str]]:
    """The columns of a rule, on the left and on the right."""
    return [(column, column) if isinstance(column, str) else column for column in columns]


def compared_columns(comparison: dict[str, Any]) -> list[str]:
    """Columns that a comparison looks at, sorted; as Splink describes it."""
    conditions = " ".join(level["sql_condition"] for level in comparison["comparison_levels"])
    return sorted(set(re.findall(r"\b(\w+)_[lr]\b", conditions)))


def weight_of(probability: float) -> float:
    """Match weight of a match probability, bits."""
    return math.log2(probability / (1 - probability))
