"""The folder of a review of pairs of records that a linkage scored: what may be said of a pair, what it was drawn from.

Belongs here: what the reviews of the study's pairs and of justice links have in common. Does not belong here: in which
zone they are (pairs/folder.py, links/folder.py), drawing the samples (draw.py).
"""

import json
from abc import abstractmethod
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from pathways.review.shared.decisions import Names
from pathways.review.shared.folder import ReviewFolder, ReviewNotPossible, write_private
from resources.receipts.receipts import file_hash
from resources.review.compare_fields import Line
from resources.review.read_findings import FINDINGS
from resources.settings.settings_section import Section
from resources.zone.schema_check import Table, check_frame


class ScoredPairsFolder(ReviewFolder):
    """Files of the review of a quarter's scored pairs; a simulated review has a folder of its own.

    `sampled_from`: the table of scored pairs; `scored_by`: that of the model. `sides`: what a record is called, by its
    side of a pair. `sample_table`, `records_table`: the two tables of a sample, pairs and what is shown of them, of the
    classes `schemas`.
    """

    names = Names(item="pair", answer="score")
    sampled_from: ClassVar[str]
    scored_by: ClassVar[str]
    sides: ClassVar[Mapping[str, str]]
    sample_table: ClassVar[str] = "review_sample"
    records_table: ClassVar[str] = "review_records"
    schemas: ClassVar[Mapping[str, type[Table]]]

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.zone / ("review_simulated" if self.simulated else "review")

    @property
    def findings(self) -> Path:
        """What the review found."""
        return self.path / FINDINGS

    def about(self, stage: str, reviewer: str) -> dict[str, str]:
        """What every file of decisions says of itself first, with the model that scored the pairs."""
        return {**super().about(stage, reviewer), "model": self.receipt(stage)["made_from"][self.scored_by]}

    def items(self, stage: str) -> set[int]:
        """Numbers of the pairs."""
        return set(self.sampled(stage, self.sample_table)["pair"])

    def is_answer(self, answer: Any) -> bool:
        """Whether this can be said of a pair: a score from 0 to 1."""
        return 0 <= answer <= 1

    @abstractmethod
    def lines(self, one: dict[str, Any], other: dict[str, Any]) -> list[Line]:
        """What is shown of a pair. Both dicts are rows of `records_table`."""

    def require_same_pairs(self, stage: str) -> None:
        """Raise ReviewNotPossible when the scored pairs are no longer those that a sample was drawn from."""
        self.scanned(self.sampled_from)
        if self.receipt(stage)["made_from"][self.sampled_from] != self._hash(self.sampled_from):
            raise ReviewNotPossible(
                f"The {stage} sample was drawn from other pairs than the quarter has now. Move the folder "
                f"{self.path.name} away to keep that review, and begin a new one."
            )

    def store(
        self, stage: str, sample: pl.DataFrame, records: pl.DataFrame, said: dict[str, Any], settings: Section
    ) -> dict[str, Any]:
        """Write a stage's sample and the records that are shown, and return its receipt. `said`: what it says of the
        draw.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        hashes = {}
        for name, frame in ((self.sample_table, sample), (self.records_table, records)):
            path = self.path / f"{stage}_{name}.parquet"
            path.touch(mode=0o600)
            check_frame(frame, self.schemas[name], name).write_parquet(path)
            hashes[name] = file_hash(path)
        self.scanned(self.scored_by)
        receipt = {
            "stage": stage,
            "quarter": self.quarter,
            "synthetic_extracts": self.synthetic,
            "simulated_reviewers": self.simulated,
            "pairs": sample.height,
            **said,
            "settings": sha256(settings.model_dump_json().encode()).hexdigest()[:16],
            "made_from": {name: self._hash(name) for name in (self.sampled_from, self.scored_by)},
            "sha256": hashes,
        }
        write_private(self.sample(stage), json.dumps(receipt, indent=1, sort_keys=True))
        return receipt

    def _hash(self, table: str) -> str:
        return file_hash(self.zone / f"{table}.parquet")
