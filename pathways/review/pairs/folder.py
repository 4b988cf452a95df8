"""The folder of a review of pairs. It lies in the linkage zone, closed to other accounts.

Belongs here: names of files, and what may be said of a pair. Does not belong here: drawing the samples (draw.py).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.schemas.reviewing import TABLES
from pathways.review.shared.decisions import Names
from pathways.review.shared.folder import ReviewFolder

STAGES = ("first", "second")


@dataclass(frozen=True)
class PairsFolder(ReviewFolder):
    """Files of the review of a quarter's pairs; a simulated review has a folder of its own."""

    stages = STAGES
    tables = tuple(TABLES)
    names = Names(item="pair", answer="score")
    zone_name = "linkage"
    extracts = LINKAGE_EXTRACTS
    command = "pathways review"

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.zone / ("review_simulated" if self.simulated else "review")

    @property
    def findings(self) -> Path:
        """What the review found; a page of the same name lies beside it."""
        return self.path / "review_findings.json"

    def about(self, stage: str, reviewer: str) -> dict[str, str]:
        """What every file of decisions says of itself first, with the model that scored the pairs."""
        return {**super().about(stage, reviewer), "model": self.receipt(stage)["made_from"]["linkage_model"]}

    def items(self, stage: str) -> set[int]:
        """Numbers of the pairs."""
        return set(self.sampled(stage, "review_sample")["pair"])

    def is_answer(self, answer: Any) -> bool:
        """Whether this can be said of a pair: a score from 0 to 1."""
        return 0 <= answer <= 1
