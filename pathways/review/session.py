"""One reviewer at work on one sample: which pair comes next, saving and undoing.

Belongs here: the order of pairs and the state that the page shows. Does not belong here: HTTP (server.py) and files
(decisions.py). Nothing of the model and nothing of another reviewer is in a state.
"""

from dataclasses import asdict
from hashlib import sha256

import numpy as np

from linkage_assets.steps.review_records import compare_records
from pathways.review.decisions import Clock, now
from pathways.review.folder import ReviewFolder
from pathways.review.signing import open_decisions
from resources.study_settings import Review

TENTHS = 10


class NotThisPair(Exception):
    """A score for a pair that is not the one on the page, or that is not a tenth between 0 and 1."""


class ReviewSession:
    """The review of one stage by one reviewer; holds the file of decisions open until `close`."""

    def __init__(self, folder: ReviewFolder, stage: str, reviewer: str, settings: Review, clock: Clock = now):
        folder.receipt(stage)
        records = folder.sampled(stage, "review_records")
        self._sides = {(row["pair"], row["side"]): row for row in records.iter_rows(named=True)}
        pairs = sorted({pair for pair, _ in self._sides})
        start = sha256(f"{settings.seed} {reviewer} {folder.sample_hash(stage)}".encode()).digest()
        generator = np.random.default_rng(int.from_bytes(start))
        self.order = [pairs[place] for place in generator.permutation(len(pairs))]
        self.about = {
            "stage": stage,
            "reviewer": reviewer,
            "quarter": folder.quarter,
            "synthetic": folder.synthetic,
            "total": len(pairs),
        }
        self._decisions = open_decisions(folder, stage, reviewer, clock)
        self._taken_back: dict[int, float] = {}

    @property
    def current(self) -> int | None:
        """The pair to judge now: the one last taken back, else the first in order without a score."""
        if self._taken_back:
            return next(reversed(self._taken_back))
        scores = self._decisions.scores
        return next((pair for pair in self.order if pair not in scores), None)

    def state(self) -> dict:
        """What the page shows."""
        pair, scores = self.current, self._decisions.scores
        return {
            **self.about,
            "judged": len(scores),
            "can_undo": bool(scores),
            "pair": None if pair is None else self._shown(pair),
        }

    def save(self, pair: int, score: float) -> None:
        """Keep the score of the current pair. Raises NotThisPair."""
        if pair != self.current or round(score * TENTHS) != score * TENTHS or not 0 <= score <= 1:
            raise NotThisPair
        self._decisions.save(pair, score)
        self._taken_back.pop(pair, None)

    def undo(self) -> None:
        """Take back the last score; its pair is the current one again."""
        if undone := self._decisions.undo():
            pair, score = undone
            self._taken_back[pair] = score

    def close(self) -> None:
        """Release the file of decisions."""
        self._decisions.close()

    def _shown(self, pair: int) -> dict:
        lines = compare_records(self._sides[pair, "probation"], self._sides[pair, "treatment"])
        return {"number": pair, "score": self._taken_back.get(pair), "lines": [asdict(line) for line in lines]}
