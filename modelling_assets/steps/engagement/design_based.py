"""Estimates from a random sample without replacement, with intervals that know how the sample was drawn.

Belongs here: shares and means with design-based limits. Does not belong here: which requirements are sampled, label
error (correct_for_label_error.py).

Requirements are drawn at random without replacement, so what is left to chance shrinks with the share of the
population that was drawn. Several requirements of one person resemble each other: the variance is taken over totals
by person wherever that makes it larger.
"""

from dataclasses import dataclass
from math import inf, sqrt

import polars as pl

from resources.drift.proportions import wilson

LEAST_PEOPLE = 2  # a variance between people needs as many


@dataclass(frozen=True)
class Estimate:
    """A figure with its limits. base: requirements that it is computed from."""

    value: float
    lower: float
    upper: float
    base: int

    def times(self, factor: float, plus: float = 0.0) -> "Estimate":
        """The estimate and its limits, each times `factor` and `plus` a constant."""
        return Estimate(factor * self.value + plus, factor * self.lower + plus, factor * self.upper + plus, self.base)


def share_of_population(sample: pl.DataFrame, hit: str, population: float, level: float) -> Estimate | None:
    """Share of true `hit` in a population of `population` requirements, from a random sample without replacement.

    sample: person_key and `hit`, one row per requirement, nothing empty. A ratio estimator with the variance by
    person, in a Wilson interval of the effective number of records; with the whole population sampled nothing is
    left to chance. `population` is infinite where the share is a property of a process. None without a sample.
    """
    base = sample.height
    if base == 0:
        return None
    share = float(sample.select(pl.col(hit).mean()).item())
    drawn_alone = share * (1 - share) / base
    design_effect = max(1.0, _variance(sample, hit, share) / drawn_alone) if drawn_alone else 1.0
    left_out = 1 - base / population
    effective = base / (design_effect * left_out) if left_out > 0 else inf
    return Estimate(share, *wilson(share, effective, level), base)


def mean_of_population(sample: pl.DataFrame, column: str, population: int, level: float) -> Estimate | None:
    """Mean of `column` in a population, from a random sample without replacement; limits by t over people.

    None with fewer than two people.
    """
    # Here, so that who only names the bases of estimates, such as a walk of a published cell, does not wait for it.
    from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs]

    people = sample["person_key"].n_unique()
    if people < LEAST_PEOPLE:
        return None
    mean = float(sample.select(pl.col(column).mean()).item())
    left_out = max(0.0, 1 - sample.height / population)
    quantile = float(stdtrit(people - 1, (1 + level) / 2))
    reach = quantile * sqrt(left_out * _variance(sample, column, mean))
    return Estimate(mean, mean - reach, mean + reach, sample.height)


def _variance(sample: pl.DataFrame, column: str, mean: float) -> float:
    """Variance of a ratio mean over totals of residuals by person, as if drawn with replacement."""
    # In order: a sum in another order differs in its last digit, and tables are to be equal byte for byte.
    totals = sample.group_by("person_key", maintain_order=True).agg(
        (pl.col(column).cast(pl.Float64) - mean).sum().alias("total")
    )
    people = totals.height
    if people < LEAST_PEOPLE:
        return 0.0
    squares = float(totals.select((pl.col("total") ** 2).sum()).item())
    return people / (people - 1) * squares / sample.height**2
