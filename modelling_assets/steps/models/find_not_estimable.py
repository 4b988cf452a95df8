"""Finds what data cannot estimate, before the fit: terms that others determine, and terms that run away.

Belongs here: rank deficiency and separation of a design. Does not belong here: too few records (fit_models.py), fits.

Under separation some combination of terms predicts records perfectly: the likelihood has no maximum, and an engine
returns whatever number it stopped at. That no single level does so proves nothing, as two together may.
"""

import numpy as np
from scipy.optimize import linprog

SAME_DIRECTION = 1e-7  # as R's glm and lme4
NO_PART = 1e-6
PREDICTED = 1e-6  # margin of a perfectly predicted record; the linear programme is exact to 1e-7


class SeparationNotDecided(Exception):
    """The linear programme that looks for separation found no answer."""


def independent_columns(design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mask of the columns that are no combination of the ones before them; mask of those no data can tell apart.

    Whatever takes part in a combination cannot be told apart, also where its column is kept. A column of zeros is left
    out and takes part in nothing else.
    """
    lengths = np.sqrt((design**2).sum(axis=0))
    # The triangle of a QR decomposition has the lengths and angles of the columns in far fewer rows.
    scaled = np.asarray(np.linalg.qr(design / np.where(lengths > 0, lengths, 1.0), mode="r"))
    kept: list[int] = []
    involved = lengths == 0
    for column in range(design.shape[1]):
        if lengths[column] == 0:
            continue
        parts, rest = _explained(scaled[:, kept], scaled[:, column])
        if rest > SAME_DIRECTION:
            kept.append(column)
        else:
            involved[column] = True
            involved[np.array(kept)[np.abs(parts) > NO_PART]] = True
    independent = np.zeros(design.shape[1], bool)
    independent[kept] = True
    return independent, involved


def predicted_records(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Mask of the records whose outcome some combination of the terms predicts perfectly: all of them.

    Finds directions along which no record fits worse and some fit better, by linear programming (Konis 2007), until
    every record that one can improve is found. Raises SeparationNotDecided.
    """
    lengths = np.abs(design).max(axis=0, initial=0.0)
    scaled = design / np.where(lengths > 0, lengths, 1.0)
    signed = np.where(outcome.astype(bool), 1.0, -1.0)[:, None] * scaled
    patterns, pattern = np.unique(signed, axis=0, return_inverse=True)
    predicted = np.zeros(len(patterns), bool)
    while not predicted.all():
        found = linprog(
            -patterns[~predicted].sum(axis=0), A_ub=-patterns, b_ub=np.zeros(len(patterns)), bounds=(-1, 1),
            method="highs",
        )
        if found.x is None:
            raise SeparationNotDecided("The linear programme for separation failed. Leave out a term and fit again.")
        better = (patterns @ found.x > PREDICTED) & ~predicted
        if not better.any():
            break
        predicted |= better
    return predicted[pattern.ravel()]


def _explained(columns: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, float]:
    """Parts of each of `columns` in `column`, and the length of what they leave unexplained."""
    if not columns.shape[1]:
        return np.zeros(0), 1.0
    q, r = np.linalg.qr(columns)
    shadow = q.T @ column
    return np.linalg.solve(r, shadow), float(np.linalg.norm(column - q @ shadow))
