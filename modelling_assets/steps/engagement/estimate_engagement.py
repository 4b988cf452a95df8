"""Estimates how many requirements not linked engaged in treatment, and how sure that is (report 2.1).

Belongs here: one row per estimate, of all bases side by side. Does not belong here: how each is computed
(extrapolate_sample.py, correct_for_label_error.py, label_errors.py) and what of it is published (tables_estimates.py).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.correct_for_label_error import Correction, correct, labels_too_weak
from modelling_assets.steps.engagement.design_based import Estimate
from modelling_assets.steps.engagement.extrapolate_sample import Unlinked, shares_as_labelled, unlinked_of_type
from modelling_assets.steps.engagement.label_errors import (
    NOT_LINKED,
    WITH_DECOYS,
    ReviewedCases,
    sensitivity_on_decoys,
)
from resources.settings.modelling_settings import Modelling

SHARE, REQUIREMENTS, ANY_TREATMENT = "share engaged of those not linked", "engaged, not linked", "any treatment"
SENSITIVITY, SPECIFICITY = "sensitivity", "specificity"
CORRECTED, DECOYS = "corrected for label error", "linked decoys"
REVIEWED, REVIEWED_WITH_DECOYS = "reviewed cases", "reviewed cases with linked decoys"
OK, CLIPPED, NOT_AVAILABLE = "ok", "clipped", "not available"
NOBODY_SAMPLED = "no sampled requirement has a result"
NOTHING_REVIEWED = "there are no reviewed cases of requirements that were not linked"
TOO_WEAK = "the reviewed cases show that the labels say too little"
OUTSIDE = "the correction left what is possible and was cut: the labels contradict the reviewed cases"
ESTIMATE_COLUMNS = {
    "requirement_type": pl.String,
    "quantity": pl.String,
    "basis": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "base": pl.Int64,
    "status": pl.String,
    "reason": pl.String,
}


def estimate_engagement(
    analysis_frame: pl.DataFrame, reviewed: Mapping[str, ReviewedCases | None], settings: Modelling
) -> pl.DataFrame:
    """Estimates by requirement type, quantity and basis; see the class EngagementEstimates for the columns.

    `analysis_frame` is the table of that name, `reviewed` as reviewed_cases counts. Sensitivity and specificity of the
    correction are those of reviewed cases that are not linked. Where no such case was reviewed, or they show that
    labels say next to nothing, corrected estimates are empty with the reason, never a number.
    """
    level = settings.confidence_level
    groups = {kind: unlinked_of_type(analysis_frame, kind) for kind in (ALL, *TYPES)}
    corrections, absence = _corrections(groups, reviewed[NOT_LINKED], settings)
    rows: list[tuple[object, ...]] = []
    for kind, group in groups.items():
        for basis, share in shares_as_labelled(group, level).items():
            rows += _three_ways(kind, basis, group, share, NOBODY_SAMPLED)
        correction = corrections.get(kind)
        why = absence or (None if correction else NOBODY_SAMPLED)
        rows += _three_ways(
            kind,
            CORRECTED,
            group,
            correction.estimate if correction else None,
            why,
            clipped=correction is not None and correction.cut,
        )
        rows.append(_row(kind, SENSITIVITY, DECOYS, sensitivity_on_decoys(analysis_frame, kind, level), NOBODY_SAMPLED))
    for basis, cases in ((REVIEWED, reviewed[NOT_LINKED]), (REVIEWED_WITH_DECOYS, reviewed[WITH_DECOYS])):
        for quantity in (SENSITIVITY, SPECIFICITY):
            found = getattr(cases, quantity)(level) if cases else None
            rows.append(_row(ALL, quantity, basis, found, NOTHING_REVIEWED))
    return pl.DataFrame(rows, schema=ESTIMATE_COLUMNS, orient="row")


def _corrections(
    groups: dict[str, Unlinked], cases: ReviewedCases | None, settings: Modelling
) -> tuple[dict[str, Correction], str | None]:
    if cases is None:
        return {}, NOTHING_REVIEWED
    if labels_too_weak(cases, settings.engagement, settings.confidence_level):
        return {}, TOO_WEAK
    samples = {
        kind: sample.select("person_key", "any_engaged", "keyword_notes")
        for kind, group in groups.items()
        if not (sample := group.with_a_result).is_empty()
    }
    populations = {kind: group.unlinked for kind, group in groups.items()}
    corrected = correct(samples, populations, cases, settings.engagement, settings.confidence_level)
    return corrected, None


def _three_ways(
    kind: str, basis: str, group: Unlinked, share: Estimate | None, why: str | None, clipped: bool = False
) -> list[tuple[Any, ...]]:
    """A share, the requirements it makes, and the share in any treatment."""
    made = (
        (SHARE, share),
        (REQUIREMENTS, group.engaged_requirements(share) if share else None),
        (ANY_TREATMENT, group.any_treatment(share) if share else None),
    )
    return [_row(kind, quantity, basis, estimate, why, clipped) for quantity, estimate in made]


def _row(
    kind: str, quantity: str, basis: str, estimate: Estimate | None, why: str | None, clipped: bool = False
) -> tuple[Any, ...]:
    if estimate is None:
        return (kind, quantity, basis, None, None, None, 0, NOT_AVAILABLE, why)
    numbers = (estimate.value, estimate.lower, estimate.upper, estimate.base)
    return (kind, quantity, basis, *numbers, CLIPPED if clipped else OK, OUTSIDE if clipped else None)
