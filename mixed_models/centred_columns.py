"""The columns of a design in units that no computation stumbles over, and the way back.

Belongs here: centring, scaling, orthogonal columns. Does not belong here: which columns can be estimated
(find_not_estimable.py).

Years beside shares, or seconds since 1970 beside an intercept, would lose half the digits of a fit.
"""

import numpy as np

from mixed_models.weighted_products import weighted_products

WELL_APART = 1e-2  # what is left of a column beside those before it, as a share of the longest


def centred_columns(design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns with mean 0 and sd 1 that span the design, and the matrix that takes their coefficients to the design's.

    The intercept, a column of one value, stays as it is; without one, columns keep their means.
    """
    width = design.shape[1]
    constant = np.ptp(design, axis=0) == 0
    intercept = next(iter(np.flatnonzero(constant & (design[:1] != 0).any(axis=0))), None)
    means = np.zeros(width) if intercept is None else np.where(constant, 0.0, design.mean(axis=0))
    columns = design - means
    lengths = np.where(constant, 1.0, np.sqrt((columns**2).mean(axis=0)))
    back = np.diag(1 / lengths)
    if intercept is not None:
        back[intercept] -= means / lengths / design[0, intercept]
    return columns / lengths, back


def orthogonal_columns(design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orthogonal columns that span a design of full rank, and the matrix that takes their coefficients to the design's.

    Newton's method then does not care about units.
    """
    columns, back = centred_columns(design.astype(float))
    scale = len(design) ** 0.5
    triangle = _triangle(columns)
    if triangle is None:
        q, r = np.linalg.qr(columns)
        return q * scale, back @ np.linalg.inv(r) * scale
    inverse = np.linalg.inv(triangle) * scale
    return columns @ inverse, back @ inverse


def _triangle(columns: np.ndarray) -> np.ndarray | None:
    """The triangle of a QR decomposition, from products of the columns: in a tenth of its time.

    None where columns lie so near to each other that it would lose digits: it loses twice as many as a decomposition.
    """
    try:
        triangle = np.linalg.cholesky(weighted_products(columns, np.ones(len(columns)))).T
    except np.linalg.LinAlgError:
        return None
    lengths = np.diag(triangle)
    return triangle if lengths.min() > WELL_APART * lengths.max() else None
