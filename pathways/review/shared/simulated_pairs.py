"""What simulated reviewers say of pairs whose truth is known, played through the code that people's reviews go through.

Belongs here: mistakes at stated rates. Does not belong here: the truth (pairs/simulate.py, links/simulate.py), any step
of the review itself.
"""

from dataclasses import dataclass

import numpy as np

from pathways.review.shared.pairs_folder import ScoredPairsFolder
from pathways.review.shared.pairs_session import ReviewSession
from pathways.review.shared.signing import sign
from pathways.review.shared.simulated_reviewers import NAMES, generator_for, stated_times

SECONDS_PER_PAIR = 20
SURE_TENTHS = 4  # a match is scored 0.7 to 1, a non-match 0 to 0.3


@dataclass(frozen=True)
class Played:
    """How many reviewers (1 or 2) are played, and how they err. miss_rate: share of true matches that a reviewer calls
    none; false_rate: share of others called a match.
    """

    reviewers: int
    miss_rate: float
    false_rate: float


def play(folder: ScoredPairsFolder, stage: str, truth: dict[int, bool], seed: int, played: Played) -> None:
    """Have reviewers judge and sign a stage. `truth`: whether each sampled pair is one person, by its number."""
    for name in NAMES[: played.reviewers]:
        draws = generator_for(seed, name, stage), generator_for(seed, stage)
        scores = simulated_scores(truth, played.miss_rate, played.false_rate, *draws)
        clock = stated_times(folder.quarter, SECONDS_PER_PAIR)
        session = ReviewSession(folder, stage, name, seed, clock)
        while (pair := session.current) is not None:
            session.save(pair, scores[pair])
        session.close()
        sign(folder, stage, name, clock)


def simulated_scores(
    truth: dict[int, bool],
    miss_rate: float,
    false_rate: float,
    reviewer: np.random.Generator,
    pairs: np.random.Generator,
) -> dict[int, float]:
    """A score in tenths for each pair. `reviewer` draws the mistakes, at the stated rates; `pairs` how clear a pair is,
    which is the same to every reviewer."""
    wrong = reviewer.random(len(truth)) < np.where(list(truth.values()), miss_rate, false_rate)
    doubt = pairs.integers(0, SURE_TENTHS, len(truth))
    says = np.array(list(truth.values())) ^ wrong
    tenths = np.where(says, 10 - doubt, doubt)
    return {pair: int(tenth) / 10 for pair, tenth in zip(truth, tenths, strict=True)}
