"""Counts what labels say against what is known, and the shares that follow, with intervals.

Belongs here: the two-by-two table and its measures. Does not belong here: which cases are compared
(evaluate_labels.py), and what of it may be shown (reading_cells.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from resources.drift import proportions


@dataclass(frozen=True)
class Estimate:
    """A share or coefficient with its interval, of `base` cases; all empty when there is no case to estimate from."""

    value: float | None
    lower: float | None
    upper: float | None
    base: int


@dataclass(frozen=True)
class Confusion:
    """Cases by truth and by what was said of them; positive means engaged.

    `slack`: by how much each count may differ from the true one, because it was rounded; intervals allow for it.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    slack: int = 0

    @property
    def cases(self) -> int:
        """All of them."""
        return self.true_positives + self.false_positives + self.false_negatives + self.true_negatives

    @property
    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "true positives": self.true_positives,
            "false negatives": self.false_negatives,
            "false positives": self.false_positives,
            "true negatives": self.true_negatives,
        }

    def shares(self, level: float) -> dict[str, Estimate]:
        """Sensitivity, specificity, predictive values and accuracy, with Wilson intervals of coverage `level`."""
        positive, negative = self.true_positives, self.true_negatives

        def share(part: int, whole: int) -> Estimate:
            return wilson(part, whole, level, self.slack)

        return {
            "sensitivity": share(positive, positive + self.false_negatives),
            "specificity": share(negative, negative + self.false_positives),
            "positive predictive value": share(positive, positive + self.false_positives),
            "negative predictive value": share(negative, negative + self.false_negatives),
            "accuracy": share(positive + negative, self.cases),
        }

    def kappa(self, level: float, seed: int, replicates: int) -> Estimate:
        """Cohen's kappa of truth and what was said, with a bootstrap interval over cases.

        Empty when chance alone gives full agreement.
        """
        counts = np.array(list(self.counts.values()), dtype=float)
        if not counts.sum():
            return Estimate(None, None, None, 0)
        value = float(proportions.kappas(counts.reshape(-1, 2, 2))[0])
        if np.isnan(value):
            return Estimate(None, None, None, self.cases)
        drawn = np.random.default_rng(seed).multinomial(self.cases, counts / counts.sum(), replicates)
        lower, upper = np.nanquantile(proportions.kappas(drawn.reshape(-1, 2, 2)), [(1 - level) / 2, (1 + level) / 2])
        return Estimate(value, float(lower), float(upper), self.cases)


def confusion(truth: pl.Series, said: pl.Series) -> Confusion:
    """Compare two series of true and false; cases where either is empty are left out."""
    known = pl.DataFrame({"truth": truth, "said": said}).drop_nulls()
    truth, said = known["truth"], known["said"]
    return Confusion(
        int((truth & said).sum()), int((~truth & said).sum()), int((truth & ~said).sum()), int((~truth & ~said).sum())
    )


def wilson(part: int, whole: int, level: float, slack: int = 0) -> Estimate:
    """A share of `whole` cases with its Wilson interval; with `slack`, of every part that may have been rounded."""
    if not whole:
        return Estimate(None, None, None, 0)
    lowest, highest = (
        proportions.wilson(min(max(part + change, 0), whole) / whole, whole, level) for change in (-slack, slack)
    )
    return Estimate(part / whole, lowest[0], highest[1], whole)
