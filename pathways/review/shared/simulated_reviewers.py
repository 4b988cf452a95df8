"""What simulated reviewers of pairs and of notes have in common: names, random draws, a clock of their own, and that
they are refused where nobody knows the truth.

Does not belong here: what they say (simulated_pairs.py, notes/simulate.py).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import numpy as np

from pathways.review.shared.folder import ReviewFolder
from resources.zone.partitions import quarter_end

NAMES = ("simulated_one", "simulated_two")


class SimulationRefused(Exception):
    """Simulated reviewers are asked for extracts that are not synthetic, or whose truth is not there."""


def generator_for(*parts: object) -> np.random.Generator:
    """A generator of random numbers of its own for every combination of `parts`."""
    return np.random.default_rng(int.from_bytes(sha256(" ".join(map(str, parts)).encode()).digest()))


def stated_times(quarter: str, seconds: int) -> Callable[[], datetime]:
    """A clock that goes on by `seconds` at every look: so a simulation is the same whenever it is run."""
    time_now = datetime.combine(quarter_end(quarter), time(9), UTC)

    def tick() -> datetime:
        nonlocal time_now
        time_now += timedelta(seconds=seconds)
        return time_now

    return tick


def require_synthetic(folder: ReviewFolder, truths: Sequence[str], people: str) -> None:
    """Raise SimulationRefused where the extracts are not synthetic or one of the files `truths` is not there.

    `people`: who reviews instead, and by which command.
    """
    if not folder.synthetic or not all((folder.truth / name).exists() for name in truths):
        raise SimulationRefused(
            f"Reviewers are simulated from the truth of synthetic extracts only, and {folder.quarter} has none. "
            f"{people}"
        )
