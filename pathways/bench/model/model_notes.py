"""What a reader of a fit should know beside its numbers, in sentences.

Belongs here: remarks on a fit that stands. Does not belong here: why there is no fit (steps/models/causes.py).
"""

from collections import Counter

import numpy as np

from mixed_models.centred_columns import centred_columns
from mixed_models.fit_mixed_logistic import CALLED_SINGULAR
from modelling_assets.steps.models.estimate_terms import TermEstimates
from pathways.bench.model.model_terms import Terms

SAME = 1e-7
FEW_GROUPS = 5  # fewer say next to nothing about the sd of the random intercept


def is_singular(fit: TermEstimates) -> bool:
    """Whether the sd of the random intercept is at its boundary, 0."""
    return fit.random_intercept_sd is not None and fit.random_intercept_sd < CALLED_SINGULAR


def notes_of(fit: TermEstimates, terms: Terms, outcome: np.ndarray, groups: list[str] | None) -> list[str]:
    """Remarks on a fit, most general first; none where there is nothing to say."""
    notes = _of_groups(groups, outcome) if groups is not None else []
    if groups is not None and is_singular(fit):
        why = (
            "the terms tell the groups apart already"
            if _told_apart(terms.design, groups)
            else "groups differ no more than chance makes them"
        )
        notes.append(
            f"The sd of the random intercept is 0 (singular fit): {why}. The estimates are those of ordinary logistic "
            "regression."
        )
    if fit.laplace and fit.laplace.poor:
        poor = "The Laplace approximation is poor here: groups have few records for so large an sd."
        notes.append(f"{poor} {_shift(fit)}")
    for column, others in fit.aliases.items():
        names = ", ".join(terms.names[other] for other in others)
        notes.append(
            f"{terms.names[column]} is a combination of {names or 'nothing: no record has it'}. It is left out, as R "
            f"does; what the others say holds for it too."
        )
    if fit.check and not fit.check.agrees:
        notes.append(f"The second engine does not agree: {fit.check.reason}. Do not use these estimates.")
    return notes


def _told_apart(design: np.ndarray, groups: list[str]) -> bool:
    """Whether every group is a combination of terms, so that none is left for a random intercept."""
    number = np.unique(groups, return_inverse=True)[1]
    if number.max() >= design.shape[1]:
        return False
    basis, _ = np.linalg.qr(centred_columns(design)[0])
    members = np.eye(number.max() + 1)[number]
    return bool(np.abs(members - basis @ (basis.T @ members)).max() < SAME)


def _of_groups(groups: list[str], outcome: np.ndarray) -> list[str]:
    sizes, notes = Counter(groups), []
    hits = Counter(group for group, hit in zip(groups, outcome, strict=True) if hit)
    decided = sum(size > 1 and hits[group] in (0, size) for group, size in sizes.items())
    if 1 < len(sizes) < FEW_GROUPS:
        notes.append(
            f"There are {len(sizes)} groups only. Their sd cannot be estimated well: a factor for the group, instead "
            "of the random intercept, is safer."
        )
    if decided > len(sizes) / 2:
        notes.append(
            f"In {decided} of {len(sizes)} groups all records have the same outcome. They draw the sd upwards, without "
            "limit if all did."
        )
    alone = sum(size == 1 for size in sizes.values())
    if len(sizes) < len(groups) and alone > len(sizes) / 2:
        notes.append(
            f"{alone} of {len(sizes)} groups have one record. They say nothing about how records of a group resemble "
            "each other."
        )
    return notes


def _shift(fit: TermEstimates) -> str:
    found = fit.laplace
    if found is None or not found.settled:
        return "Quadrature found no maximum: do not use the sd."
    return (
        f"By quadrature the sd is {found.random_intercept_sd:.3g} instead of {fit.random_intercept_sd:.3g}, and an "
        f"estimate moves by up to {found.largest_shift:.2f} standard errors. Take quadrature_estimate."
    )
