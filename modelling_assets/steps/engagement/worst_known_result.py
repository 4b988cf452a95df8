"""What the estimates of engagement would be if labels were as wrong as what reads the notes is known to have been.

Belongs here: the worst result that was measured of the engine of a run, on notes whose answer is known, and the share
corrected with it. Does not belong here: the correction that is published first (correct_for_label_error.py), which
rests on reviewed requirements of the run.
"""

from dataclasses import dataclass

import polars as pl

from modelling_assets.steps.engagement.correct_for_label_error import corrected_share
from modelling_assets.steps.engagement.design_based import Estimate, share_of_population
from modelling_assets.steps.engagement.extrapolate_sample import Unlinked

MEASURED = "requirement level on synthetic notes"  # group of rows in the section "engine" of note_reading_quality
HELD_OUT = "held-out wordings"
AT_WORST = "worst known result"  # basis of an estimate


@dataclass(frozen=True)
class WorstKnown:
    """Sensitivity and specificity of labelling a requirement, as shares, where the specificity was lowest.

    wordings: which notes it was measured on.
    """

    wordings: str
    sensitivity: Estimate
    specificity: Estimate

    @property
    def is_of_unseen_wordings(self) -> bool:
        """Whether the notes had wordings that the engine was not trained on."""
        return self.wordings == HELD_OUT


def worst_known_result(note_reading_quality: pl.DataFrame) -> WorstKnown | None:
    """The result with the lowest specificity of those that were measured; None where none was."""
    measured = note_reading_quality.filter(
        pl.col("section") == "engine", pl.col("row_group") == MEASURED, pl.col("status") == "shown"
    )
    found = {
        (row["row_label"], row["measure"]): Estimate(row["value"] / 100, row["lower"] / 100, row["upper"] / 100, 0)
        for row in measured.drop_nulls(["value", "lower", "upper"]).iter_rows(named=True)
    }
    known = [
        WorstKnown(wordings, found[wordings, "sensitivity"], specificity)
        for (wordings, measure), specificity in found.items()
        if measure == "specificity" and (wordings, "sensitivity") in found
    ]
    return min(known, key=lambda each: (each.specificity.value, each.wordings), default=None)


def share_at_worst(unlinked: Unlinked, worst: WorstKnown, level: float) -> Estimate | None:
    """Share engaged of those not linked, if labels were as wrong as `worst`; None where they would say nothing.

    Limits are cautious: all three intervals at the same end. Requirements without a keyword note are not corrected.
    """
    sample = unlinked.with_a_result
    labelled = share_of_population(sample, "any_engaged", unlinked.unlinked, level)
    if labelled is None or worst.sensitivity.lower + worst.specificity.lower <= 1:
        return None
    with_keyword = float(sample.select((pl.col("keyword_notes") > 0).mean()).item())

    def corrected(share: float, sensitivity: float, specificity: float) -> float:
        return min(max(corrected_share(share, sensitivity, specificity, with_keyword), 0.0), with_keyword)

    right, rejected = worst.sensitivity, worst.specificity
    return Estimate(
        corrected(labelled.value, right.value, rejected.value),
        corrected(labelled.lower, right.upper, rejected.lower),
        corrected(labelled.upper, right.lower, rejected.upper),
        labelled.base,
    )
