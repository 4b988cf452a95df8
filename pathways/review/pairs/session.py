"""One reviewer at work on one sample: which pair comes next, saving and undoing.

Belongs here: the order of pairs and the state that the page shows. Does not belong here: HTTP (server.py) and files
(decisions.py). Nothing of the model and nothing of another reviewer is in a state.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from linkage_assets.steps.review.review_records import compare_records
from pathways.review.pairs.decisions import Clock, now
from pathways.review.pairs.folder import ReviewFolder
from pathways.review.pairs.signing import open_decisions
from resources.settings.study_settings import Review

TENTHS = 10
PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Page:
    """The page of a kind of review: files by the path they answer at, paths of its calls, and what it counts."""

    files: dict[str, Path]
    show: str
    save: str
    counts: str


PAIRS_PAGE = Page(
    {"/": PAGE / "review.html", **{f"/{name}": PAGE / name for name in ("review.css", "calls.js", "review.js")}},
    "/api/pair",
    "/api/score",
    "pairs",
)


class NotThisPair(Exception):
    """An answer for what is not on the page, or one that cannot be given: such as a score that is not a tenth."""


class ReviewerAtWork:
    """One reviewer going through a sample; holds the file of decisions open until `close`."""

    page: Page

    def __init__(
        self, folder: ReviewFolder, stage: str, reviewer: str, groups: list[list[int]], seed: int, clock: Clock = now
    ):
        """`groups`: numbers of what is judged together, in their order; groups come in an order of the reviewer's."""
        folder.receipt(stage)
        start = sha256(f"{seed} {reviewer} {folder.sample_hash(stage)}".encode()).digest()
        generator = np.random.default_rng(int.from_bytes(start))
        self.order = [number for place in generator.permutation(len(groups)) for number in groups[place]]
        self.about = {
            "stage": stage,
            "reviewer": reviewer,
            "quarter": folder.quarter,
            "synthetic": folder.synthetic,
            "total": len(self.order),
        }
        self._decisions = open_decisions(folder, stage, reviewer, clock)
        self._taken_back: dict[int, Any] = {}
        self._place = 0  # only ever grows: what is taken back behind it comes first anyway

    @property
    def current(self) -> int | None:
        """What to judge now: what was last taken back, else the first in order that is not judged."""
        if self._taken_back:
            return next(reversed(self._taken_back))
        given = self._decisions.scores
        while self._place < len(self.order) and self.order[self._place] in given:
            self._place += 1
        return self.order[self._place] if self._place < len(self.order) else None

    def undo(self) -> None:
        """Take back the last answer; what it was of is the current one again."""
        if undone := self._decisions.undo():
            number, answer = undone
            self._taken_back[number] = answer

    def close(self) -> None:
        """Release the file of decisions."""
        self._decisions.close()

    def _keep(self, number: int, answer: Any) -> None:
        if number != self.current:
            raise NotThisPair
        self._decisions.save(number, answer)
        self._taken_back.pop(number, None)


class ReviewSession(ReviewerAtWork):
    """The review of one stage of pairs by one reviewer."""

    page = PAIRS_PAGE

    def __init__(self, folder: ReviewFolder, stage: str, reviewer: str, settings: Review, clock: Clock = now):
        folder.receipt(stage)
        records = folder.sampled(stage, "review_records")
        self._sides = {(row["pair"], row["side"]): row for row in records.iter_rows(named=True)}
        pairs = sorted({pair for pair, _ in self._sides})
        super().__init__(folder, stage, reviewer, [[pair] for pair in pairs], settings.seed, clock)

    def state(self) -> dict:
        """What the page shows."""
        pair, scores = self.current, self._decisions.scores
        return {
            **self.about,
            "judged": len(scores),
            "can_undo": bool(scores),
            "pair": None if pair is None else self._shown(pair),
        }

    def answer(self, given: dict) -> None:
        """Keep what the page sent: {pair, score}. Raises NotThisPair, ValueError, KeyError, TypeError."""
        self.save(int(given["pair"]), float(given["score"]))

    def save(self, pair: int, score: float) -> None:
        """Keep the score of the current pair. Raises NotThisPair."""
        if round(score * TENTHS) != score * TENTHS or not 0 <= score <= 1:
            raise NotThisPair
        self._keep(pair, score)

    def _shown(self, pair: int) -> dict:
        lines = compare_records(self._sides[pair, "probation"], self._sides[pair, "treatment"])
        return {"number": pair, "score": self._taken_back.get(pair), "lines": [asdict(line) for line in lines]}
