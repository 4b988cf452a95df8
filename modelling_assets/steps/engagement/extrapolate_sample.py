"""Extrapolates the requirements whose notes were read to all requirements not linked (report 2.1).

Belongs here: the share engaged of the sample as labelled, what it makes of all requirements, and what missing results
could do to it. Does not belong here: wrong labels (correct_for_label_error.py), the arithmetic (design_based.py).
"""

from dataclasses import dataclass

import polars as pl

from modelling_assets.steps.engagement.design_based import Estimate, share_of_population
from modelling_assets.steps.records.requirements_where import count_where, of_type

AS_LABELLED = "as labelled"
AS_NOT_ENGAGED, AS_ENGAGED = "no result counts as not engaged", "no result counts as engaged"


@dataclass(frozen=True)
class Unlinked:
    """Requirements of one type: how many, how many linked, and the sample of those not linked that was read.

    sample: the analysis frame's rows of sampled requirements not linked; decoys, which are linked, are not in it.
    """

    requirements: int
    linked: int
    sample: pl.DataFrame

    @property
    def unlinked(self) -> int:
        """Requirements not linked to structured treatment, which the sample stands for."""
        return self.requirements - self.linked

    @property
    def with_a_result(self) -> pl.DataFrame:
        """The sample without requirements whose unlabelled notes could still say something."""
        return self.sample.drop_nulls("any_engaged")

    def engaged_requirements(self, share: Estimate) -> Estimate:
        """A share of those not linked as a number of requirements."""
        return share.times(self.unlinked)

    def any_treatment(self, share: Estimate) -> Estimate:
        """The share in any treatment: linked, and the given share of the rest. No error of linkage is in its limits."""
        return share.times(self.unlinked / self.requirements, self.linked / self.requirements)


def unlinked_of_type(analysis_frame: pl.DataFrame, kind: str) -> Unlinked:
    """Who the sample of one requirement type stands for."""
    group = of_type(analysis_frame, kind)
    return Unlinked(
        group.height,
        count_where(group, pl.col("linked_structured")),
        group.filter(pl.col("note_sampled") & ~pl.col("linked_structured")),
    )


def shares_as_labelled(unlinked: Unlinked, level: float) -> dict[str, Estimate | None]:
    """Share engaged of those not linked: results only, and with missing results taken as either answer."""
    readings = {
        AS_LABELLED: unlinked.with_a_result,
        AS_NOT_ENGAGED: unlinked.sample.with_columns(pl.col("any_engaged").fill_null(False)),
        AS_ENGAGED: unlinked.sample.with_columns(pl.col("any_engaged").fill_null(True)),
    }
    return {
        basis: share_of_population(sample, "any_engaged", unlinked.unlinked, level)
        for basis, sample in readings.items()
    }
