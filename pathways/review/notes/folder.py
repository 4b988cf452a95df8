"""The folder of a review of notes. It lies in the notes zone, closed to other accounts.

Belongs here: names of files, and what may be said of a note. Does not belong here: drawing the sample (draw.py).
Decisions and signed files hold numbers and answers; note text is in the sample alone.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.schemas.reviewing import ANSWERS, PHENOMENA, TABLES
from nlp_assets.steps.quality.reading_quality import REVIEWED_CASES
from pathways.review.shared.decisions import Names
from pathways.review.shared.folder import ReviewFolder

STAGE = "first"


@dataclass(frozen=True)
class NotesFolder(ReviewFolder):
    """Files of the review of a quarter's notes; a simulated review has a folder of its own."""

    stages = (STAGE,)
    tables = tuple(TABLES)
    names = Names(item="item", answer="mark")
    zone_name = "nlp"
    extracts = NOTES_EXTRACTS
    command = "pathways review-notes"

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.cases.parent

    @property
    def cases(self) -> Path:
        """What reviewers signed, as a table: the notes zone reads it with the next refresh."""
        return self.root / REVIEWED_CASES[self.simulated].format(quarter=self.quarter)

    def items(self, stage: str) -> set[int]:
        """Numbers of everything that a reviewer judges: notes, and requirements as a whole."""
        return set(self.sampled(stage, "review_items")["item"])

    def is_answer(self, answer: Any) -> bool:
        """Whether this can be said of a note: {answer, phenomenon}."""
        return (
            isinstance(answer, dict)
            and set(answer) == {"answer", "phenomenon"}
            and answer["answer"] in ANSWERS
            and answer["phenomenon"] in (None, *PHENOMENA)
        )
