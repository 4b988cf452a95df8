"""The three months that the world goes on by. Does not belong here: what happens in them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Period:
    """Three months: first and last day, the seed of their draws, and the stretch of keys that new records take."""

    first: int
    last: int
    seed: int
    stretch: int


def in_quarter(rng: np.random.Generator, period: Period, size: int) -> np.ndarray:
    """Days of the quarter."""
    return rng.integers(period.first, period.last + 1, size)
