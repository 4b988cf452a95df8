"""How often a requirement is labelled wrongly: sensitivity and specificity, from two sources.

Belongs here: the counts of reviewed cases, and what linked decoys say. Does not belong here: correcting an estimate
(correct_for_label_error.py).

Reviewed cases were read by people who did not see the label. Decoys are requirements whose notes were read although
they are linked to structured treatment: they are known to be in treatment, so the share that is labelled engaged is a
second, independent estimate of the sensitivity. Both are about requirements, under the rule that makes a requirement
engaged.
"""

from dataclasses import dataclass
from math import inf

import polars as pl

from modelling_assets.steps.engagement.design_based import Estimate, share_of_population
from modelling_assets.steps.tables.declared_table import of_type
from resources.proportions import wilson

REVIEWED_SECTION = "reviewed requirements"
OUTCOMES = ("true positives", "false negatives", "false positives", "true negatives")


@dataclass(frozen=True)
class ReviewedCases:
    """Reviewed requirements by what the reviewer and the label say; positive means engaged."""

    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int

    @property
    def engaged(self) -> int:
        """Cases that the reviewers call engaged."""
        return self.true_positives + self.false_negatives

    @property
    def not_engaged(self) -> int:
        """Cases that the reviewers call not engaged."""
        return self.false_positives + self.true_negatives

    def sensitivity(self, level: float) -> Estimate:
        """Share labelled engaged of the engaged, with Wilson limits."""
        share = self.true_positives / self.engaged
        return Estimate(share, *wilson(share, self.engaged, level), self.engaged)

    def specificity(self, level: float) -> Estimate:
        """Share labelled not engaged of the not engaged, with Wilson limits."""
        share = self.true_negatives / self.not_engaged
        return Estimate(share, *wilson(share, self.not_engaged, level), self.not_engaged)


def reviewed_cases(note_reading_quality: pl.DataFrame) -> ReviewedCases | None:
    """The reviewed requirements under the rule in use, as the notes zone counted them.

    None when no case was reviewed, when a count is withheld, or when the cases are of one kind only.
    """
    counted = note_reading_quality.filter(
        (pl.col("section") == REVIEWED_SECTION) & pl.col("measure").str.to_lowercase().is_in(OUTCOMES)
    ).select(pl.col("measure").str.to_lowercase(), "value")
    counts = dict(counted.drop_nulls("value").unique("measure", keep="first", maintain_order=True).iter_rows())
    if set(counts) != set(OUTCOMES):
        return None
    cases = ReviewedCases(*(round(counts[outcome]) for outcome in OUTCOMES))
    return cases if cases.engaged and cases.not_engaged else None


def review_was_simulated(note_reading_quality: pl.DataFrame) -> bool:
    """Whether a program played the reviewers, which it does on synthetic extracts only."""
    return not note_reading_quality.filter(
        pl.col("section") == REVIEWED_SECTION, pl.col("measure") == "reviewers", pl.col("words") == "simulated"
    ).is_empty()


def decoys_with_a_result(analysis_frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Requirements of one type that are linked to structured treatment, were read all the same, and have a result."""
    return of_type(analysis_frame, kind).filter(
        pl.col("note_sampled") & pl.col("linked_structured") & pl.col("any_engaged").is_not_null()
    )


def sensitivity_on_decoys(analysis_frame: pl.DataFrame, kind: str, level: float) -> Estimate | None:
    """Share labelled engaged among the decoys of one type, with limits for readings of any number of requirements."""
    return share_of_population(decoys_with_a_result(analysis_frame, kind), "any_engaged", inf, level)
