"""What the headline shares would be if linkage missed people in treatment, or linked people who are not.

Belongs here: the correction of shares of requirements. Does not belong here: the same for odds ratios
(sensitivity_models.py), tables and words.

Linkage is taken as a test of being in structured treatment: its sensitivity is the share of those in treatment that are
linked, its specificity the share of those not in treatment that are not linked (Rogan and Gladen 1978). What differs
between groups, or between the reconvicted and the others, is corrected apart and added up (matrix method).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from modelling_assets.steps.engagement.correct_for_label_error import corrected_share


@dataclass(frozen=True)
class Stratum:
    """Requirements that linkage treats alike: how many, how many linked, all reconvicted or none; its errors."""

    requirements: int
    linked: int
    reconvicted: bool
    sensitivity: float
    specificity: float

    @property
    def in_treatment(self) -> float:
        """Requirements in treatment that, with these errors, give the number linked; may be impossible."""
        if not self.requirements:
            return 0.0
        share = corrected_share(self.linked / self.requirements, self.sensitivity, self.specificity)
        return self.requirements * share

    @property
    def possible(self) -> bool:
        """Whether linkage with these errors could have given the number linked."""
        return -1e-9 <= self.in_treatment <= self.requirements + 1e-9


@dataclass(frozen=True)
class Corrected:
    """Shares from 0 to 1; None without requirements to divide by."""

    in_treatment: float | None
    reconvicted_in_treatment: float | None
    reconvicted_not_in_treatment: float | None


IMPOSSIBLE = Corrected(None, None, None)


def correct_strata(strata: Iterable[Stratum]) -> Corrected:
    """Share in treatment, and share reconvicted of those in treatment and of the others, corrected for wrong links.

    IMPOSSIBLE when the errors assumed contradict the number linked in some stratum.
    """
    strata = list(strata)
    if not all(stratum.possible for stratum in strata):
        return IMPOSSIBLE
    treated = {hit: sum(s.in_treatment for s in strata if s.reconvicted == hit) for hit in (True, False)}
    whole = {hit: sum(s.requirements for s in strata if s.reconvicted == hit) for hit in (True, False)}
    return Corrected(
        _share(sum(treated.values()), sum(whole.values())),
        _share(treated[True], sum(treated.values())),
        _share(whole[True] - treated[True], sum(whole.values()) - sum(treated.values())),
    )


def _share(part: float, whole: float) -> float | None:
    # A whole that is nothing but rounding error has no share.
    return min(max(part / whole, 0.0), 1.0) if whole > 1e-6 else None
