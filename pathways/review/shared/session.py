"""One reviewer at work on one sample: what comes next, saving and undoing.

Belongs here: the order of what is judged. Does not belong here: what is shown and may be answered
(pairs_session.py, notes/session.py), the page (review_page.py), HTTP (server.py), files (decisions.py).
"""

from hashlib import sha256
from typing import Any

import numpy as np

from pathways.review.shared.decisions import Clock, now
from pathways.review.shared.folder import ReviewFolder
from pathways.review.shared.review_page import Page
from pathways.review.shared.signing import open_decisions


class NotTheOneShown(Exception):
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
            "command": folder.command,
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
            raise NotTheOneShown
        self._decisions.save(number, answer)
        self._taken_back.pop(number, None)
