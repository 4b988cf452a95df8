"""How often a requirement is labelled wrongly: sensitivity and specificity, from two sources.

Belongs here: the counts of reviewed cases, and what linked decoys say. Does not belong here: correcting an estimate
(correct_for_label_error.py).

Reviewed cases were read by people who did not see the label. Decoys are requirements whose notes were read although
they are linked to structured treatment: they are known to be in treatment, so the share that is labelled engaged is a
second, independent estimate of the sensitivity. Both are about requirements, under the rule that makes a requirement
engaged.

Reviewers, and the notes zone, do not know who is a decoy, so decoys are among the reviewed. The share that is corrected
is of requirements not linked, and notes of linked people are easier to read: so the correction rests on reviewed
requirements that are not linked, and the figure with decoys stands beside it.

Counts are disclosed before anything is computed from them, as corrected shares of three groups would give them away:

    exact, unless a count is from 1 to one below the disclosure threshold, or the count of decoys that follows by
    subtraction is: then all four are rounded to the threshold, and limits cover whatever the count may have been
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

import polars as pl

from modelling_assets.steps.engagement.design_based import Estimate, share_of_population
from modelling_assets.steps.records.requirements_where import of_type
from resources.drift.proportions import wilson
from resources.records.shown_counts import rounded

REVIEWED_SECTION = "reviewed requirements"
NOT_LINKED, WITH_DECOYS = "not linked", "with linked decoys"
NOBODY_REVIEWED: Mapping[str, "ReviewedCases | None"] = MappingProxyType({NOT_LINKED: None, WITH_DECOYS: None})


@dataclass(frozen=True)
class ReviewedCases:
    """Reviewed requirements by what the reviewer and the label say; positive means engaged.

    `slack`: by how much each count may differ from the true one, because it was rounded.
    """

    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int
    slack: int = 0

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
        return self._share(self.true_positives, self.engaged, level)

    def specificity(self, level: float) -> Estimate:
        """Share labelled not engaged of the not engaged, with Wilson limits."""
        return self._share(self.true_negatives, self.not_engaged, level)

    def _share(self, right: int, base: int, level: float) -> Estimate:
        lowest, highest = (max(0, right - self.slack) / base, min(base, right + self.slack) / base)
        return Estimate(right / base, wilson(lowest, base, level)[0], wilson(highest, base, level)[1], base)


def reviewed_cases(
    analysis_frame: pl.DataFrame, reviewed_requirements: pl.DataFrame, disclosure_threshold: int
) -> Mapping[str, ReviewedCases | None]:
    """Reviewed requirements against their labels: those NOT_LINKED, and all of them, WITH_DECOYS, disclosed.

    `reviewed_requirements` is the crossing table. Cases that the reviewers left undecided, or that have no result, are
    in no count. None where no case was reviewed, or where the cases are of one kind only.
    """
    compared = (
        analysis_frame.filter("note_sampled")
        .select("requirement_key", "linked_structured", "any_engaged")
        .join(reviewed_requirements.select("requirement_key", "engaged"), on="requirement_key")
        .drop_nulls(["any_engaged", "engaged"])
    )
    every, not_linked = _counts(compared), _counts(compared.filter(~pl.col("linked_structured")))
    decoys = [whole - part for whole, part in zip(every, not_linked, strict=True)]
    return {
        NOT_LINKED: _disclosed(not_linked, [*not_linked, *decoys], disclosure_threshold),
        WITH_DECOYS: _disclosed(every, every, disclosure_threshold),
    }


def _counts(compared: pl.DataFrame) -> list[int]:
    """True positives, false negatives, false positives, true negatives."""
    truth, said = pl.col("engaged"), pl.col("any_engaged")
    return list(
        compared.select(
            right=(truth & said).sum(),
            missed=(truth & ~said).sum(),
            wrong=(~truth & said).sum(),
            neither=(~truth & ~said).sum(),
        ).row(0)
    )


def _disclosed(counts: list[int], seen: list[int], threshold: int) -> ReviewedCases | None:
    """The counts as they may be shown, where `seen` are all that follow from them."""
    slack = threshold // 2 if any(0 < number < threshold for number in seen) else 0
    shown = [rounded(number, threshold) for number in counts] if slack else counts
    cases = ReviewedCases(*shown, slack=slack)
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
