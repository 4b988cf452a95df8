"""One reviewer at work on pairs: the two records of each, and its score.

Belongs here: what is shown and what may be answered. Does not belong here: order, undo and files (session.py), the
fields of a record (ScoredPairsFolder.lines). Nothing of the model and nothing of another reviewer is in a state.
"""

from dataclasses import asdict

from pathways.review.shared.decisions import Clock, now
from pathways.review.shared.pairs_folder import ScoredPairsFolder
from pathways.review.shared.review_page import PAGE, Page
from pathways.review.shared.session import NotTheOneShown, ReviewerAtWork

TENTHS = 10
PAIRS_PAGE = Page(
    "pairs",
    PAGE,
    show="/api/pair",
    save="/api/score",
    counts="pairs",
    words={"title": "Clerical review", "records": "records", "item": "pair", "answer": "score"},
)


class ReviewSession(ReviewerAtWork):
    """The review of one stage of pairs by one reviewer. `seed`: of the reviewer's own order."""

    page = PAIRS_PAGE

    def __init__(self, folder: ScoredPairsFolder, stage: str, reviewer: str, seed: int, clock: Clock = now):
        folder.receipt(stage)
        self._folder = folder
        records = folder.sampled(stage, folder.records_table)
        self._sides = {(row["pair"], row["side"]): row for row in records.iter_rows(named=True)}
        pairs = sorted({pair for pair, _ in self._sides})
        super().__init__(folder, stage, reviewer, [[pair] for pair in pairs], seed, clock)

    def state(self) -> dict:
        """What the page shows."""
        pair, scores = self.current, self._decisions.scores
        return {
            **self.about,
            "sides": list(self._folder.sides.values()),
            "judged": len(scores),
            "can_undo": bool(scores),
            "pair": None if pair is None else self._shown(pair),
        }

    def answer(self, given: dict) -> None:
        """Keep what the page sent: {pair, score}. Raises NotTheOneShown, ValueError, KeyError, TypeError."""
        self.save(int(given["pair"]), float(given["score"]))

    def save(self, pair: int, score: float) -> None:
        """Keep the score of the current pair. Raises NotTheOneShown."""
        if round(score * TENTHS) != score * TENTHS or not 0 <= score <= 1:
            raise NotTheOneShown
        self._keep(pair, score)

    def _shown(self, pair: int) -> dict:
        lines = self._folder.lines(*(self._sides[pair, side] for side in self._folder.sides))
        return {"number": pair, "score": self._taken_back.get(pair), "lines": [asdict(line) for line in lines]}
