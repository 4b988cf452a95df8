"""Corrects the share of requirements labelled engaged for wrong labels (Rogan and Gladen, 1978).

Belongs here: the correction and its interval. Does not belong here: where sensitivity and specificity come from
(label_errors.py), the uncorrected share (extrapolate_sample.py).

    share labelled engaged = sensitivity x share engaged + (1 - specificity) x (1 - share engaged)

solved for the share engaged. It leaves 0 to 1 when the labels disagree with what the reviewed cases say of them, and
runs away when sensitivity and specificity add up to little more than 1.

Sensitivity and specificity are of reviewed requirements not linked, as the corrected ones are (label_errors.py).
Reviewed cases have a keyword note, so only requirements with one are corrected. Those without count as not engaged, as
the study assumes (report 1.5), and no label can be wrong about them.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl

from modelling_assets.steps.engagement.design_based import Estimate
from modelling_assets.steps.engagement.label_errors import ReviewedCases
from resources.settings.modelling_settings import Engagement

RESAMPLES_AT_ONCE = 200
Shares = TypeVar("Shares", float, np.ndarray)


@dataclass(frozen=True)
class Correction:
    """A corrected share, and what it was before it was cut to 0 and the share with a keyword note."""

    estimate: Estimate
    uncut: float

    @property
    def cut(self) -> bool:
        """Whether the correction left what is possible."""
        return self.uncut != self.estimate.value


def corrected_share(
    observed: Shares, sensitivity: Shares, specificity: Shares, with_keyword: Shares | float = 1.0
) -> Shares:
    """The share engaged behind a share labelled engaged, of requirements of which `with_keyword` have a keyword note.

    Numbers or arrays. Below 0 or above `with_keyword` when they contradict each other.
    """
    return (observed + (specificity - 1) * with_keyword) / (sensitivity + specificity - 1)


def labels_too_weak(cases: ReviewedCases, settings: Engagement, level: float) -> bool:
    """Whether sensitivity and specificity add up to too little above 1 for a correction to mean anything."""
    telling = cases.sensitivity(level).value + cases.specificity(level).value - 1
    return telling < settings.least_informative_labels


def correct(
    samples: dict[str, pl.DataFrame],
    populations: dict[str, int],
    cases: ReviewedCases,
    settings: Engagement,
    level: float,
) -> dict[str, Correction]:
    """Corrected share of each sample with percentile limits of a bootstrap by person.

    samples: person_key, any_engaged and keyword_notes by name, e.g. "All" and "ATR", none empty; they are resampled
    together. populations: how many requirements each stands for. Every resample draws people with replacement, shrinks
    what they change by the share of the population that was drawn, and draws sensitivity and specificity from what the
    reviewed cases leave possible (Beta distributions with Jeffreys' prior; of rounded counts any that they may have
    been). A resample whose labels would say too little counts as 0 in the lower and as all in the upper limit. Limits
    hold the estimate.
    """
    random = np.random.default_rng(settings.seed)
    size, tail = settings.bootstrap_replicates, (1 - level) / 2
    sensitivity = _possible(cases.true_positives, cases.false_negatives, cases.slack, random, size)
    specificity = _possible(cases.true_negatives, cases.false_positives, cases.slack, random, size)
    telling = sensitivity + specificity - 1 >= settings.least_informative_labels
    known = cases.sensitivity(level).value, cases.specificity(level).value
    corrections: dict[str, Correction] = {}
    for name, (shares, resampled) in _resampled(samples, populations, random, size).items():
        uncut = float(corrected_share(shares[0], *known, shares[1]))
        value = min(shares[1], max(0.0, uncut))
        hits, keyword = resampled.T
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.clip(corrected_share(hits, sensitivity, specificity, keyword), 0, keyword)
        lower = float(np.quantile(np.where(telling, drawn, 0.0), tail))
        upper = float(np.quantile(np.where(telling, drawn, keyword), 1 - tail))
        estimate = Estimate(value, min(value, lower), max(value, upper), samples[name].height)
        corrections[name] = Correction(estimate, uncut)
    return corrections


def _possible(right: int, wrong: int, slack: int, random: np.random.Generator, size: int) -> np.ndarray:
    """Shares that `right` of `right` and `wrong` cases leave possible, each count off by at most `slack`."""
    counts = [
        np.maximum(0, count + random.integers(-slack, slack, size, endpoint=True)) if slack else count
        for count in (right, wrong)
    ]
    return random.beta(counts[0] + 0.5, counts[1] + 0.5, size)


def _resampled(
    samples: dict[str, pl.DataFrame], populations: dict[str, int], random: np.random.Generator, size: int
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By sample: the shares labelled engaged and with a keyword note, and the same of every resample of people."""
    people = pl.Series("person_key", sorted(set[str]().union(*(sample["person_key"] for sample in samples.values()))))
    totals = {name: _totals_by_person(sample, people) for name, sample in samples.items()}
    shares: dict[str, list[np.ndarray]] = {name: [] for name in samples}
    for start in range(0, size, RESAMPLES_AT_ONCE):
        batch = min(RESAMPLES_AT_ONCE, size - start)
        times = random.multinomial(len(people), np.full(len(people), 1 / len(people)), batch).astype(np.float64)
        for name, counted in totals.items():
            shares[name].append(times @ counted)
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, counted in totals.items():
        drawn, whole = np.concatenate(shares[name]), counted.sum(axis=0)
        share = whole[:2] / whole[2]
        resampled = np.where(drawn[:, 2:] > 0, drawn[:, :2] / np.maximum(drawn[:, 2:], 1), share)
        left_out = max(0.0, 1 - whole[2] / populations[name])
        shrink = np.sqrt(left_out * len(people) / max(1, len(people) - 1))
        found[name] = (share, np.clip(share + shrink * (resampled - share), 0, 1))
    return found


def _totals_by_person(sample: pl.DataFrame, people: pl.Series) -> np.ndarray:
    """Columns: requirements labelled engaged, with a keyword note, all; one row per person."""
    by_person = sample.group_by("person_key", maintain_order=True).agg(
        pl.col("any_engaged").sum(), (pl.col("keyword_notes") > 0).sum(), pl.len().alias("requirements")
    )
    joined = people.to_frame().join(by_person, on="person_key", how="left", maintain_order="left")
    return joined.drop("person_key").select(pl.all().fill_null(0).cast(pl.Float64)).to_numpy()
