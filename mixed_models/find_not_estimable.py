"""Finds what data cannot estimate, before the fit: terms that others determine, and terms that run away.

Belongs here: rank deficiency and separation of a design. Does not belong here: too few records (fit_models.py), fits.

Under separation some combination of terms predicts records perfectly: the likelihood has no maximum, and an engine
returns whatever number it stopped at. That no single level does so proves nothing, as two together may.
"""

import numpy as np
from scipy.optimize import linprog

from mixed_models.centred_columns import centred_columns

# What R's own engines call a combination of other columns.
SAME_AS_GLM = 1e-11
SAME_AS_GLMER = 1e-7
NO_PART = 1e-6
PREDICTED = 1e-6  # margin of a perfectly predicted record; the linear programme is exact to 1e-7


class SeparationNotDecided(Exception):
    """The linear programme that looks for separation found no answer."""


def independent_columns(design: np.ndarray, tolerance: float) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Mask of the columns that are no combination of the ones before them; of each other one the columns it combines.

    As R's glm and lme4 do, the later column of a set is the one that goes: what is left of it beside the columns before
    it is at most `tolerance` of its length. A column of zeros goes and combines nothing.
    """
    lengths = np.sqrt((design**2).sum(axis=0))
    # The triangle of a QR decomposition has the lengths and angles of the columns in far fewer rows.
    scaled = np.asarray(np.linalg.qr(design / np.where(lengths > 0, lengths, 1.0), mode="r"))
    basis = np.zeros((len(scaled), 0))
    shadows: list[np.ndarray] = []
    kept: list[int] = []
    combined: dict[int, list[int]] = {}
    for column in range(design.shape[1]):
        if lengths[column] == 0:
            combined[column] = []
            continue
        shadow, rest = _shadow(basis, scaled[:, column])
        length = float(np.linalg.norm(rest))
        if length > tolerance:
            basis = np.column_stack([basis, rest / length])
            shadows.append(np.r_[shadow, length])
            kept.append(column)
        else:
            triangle = np.column_stack([np.r_[each, np.zeros(len(kept) - len(each))] for each in shadows])
            parts = np.linalg.solve(triangle, shadow)
            combined[column] = [name for name, part in zip(kept, parts, strict=True) if abs(part) > NO_PART]
    independent = np.zeros(design.shape[1], bool)
    independent[kept] = True
    return independent, combined


def _shadow(basis: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parts of a column along an orthonormal basis, and what they leave of it. Twice, because once is not exact."""
    first = basis.T @ column
    rest = column - basis @ first
    second = basis.T @ rest
    return first + second, rest - basis @ second


def predicted_records(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Mask of the records whose outcome some combination of the terms predicts perfectly: all of them.

    Finds directions along which no record fits worse and some fit better, by linear programming (Konis 2007), until
    every record that one can improve is found. Raises SeparationNotDecided.
    """
    columns, _ = centred_columns(design)
    signed = np.where(outcome.astype(bool), 1.0, -1.0)[:, None] * columns
    patterns, pattern = np.unique(signed, axis=0, return_inverse=True)
    predicted = np.zeros(len(patterns), bool)
    while not predicted.all():
        found = linprog(
            -patterns[~predicted].sum(axis=0),
            A_ub=-patterns,
            b_ub=np.zeros(len(patterns)),
            bounds=(-1, 1),
            method="highs",
        )
        if found.x is None:
            raise SeparationNotDecided("The linear programme for separation failed. Leave out a term and fit again.")
        better = (patterns @ found.x > PREDICTED) & ~predicted
        if not better.any():
            break
        predicted |= better
    return predicted[pattern.ravel()]
