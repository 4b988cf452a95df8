"""The folder of a review: where samples, decisions, signed files and findings of a quarter lie.

Belongs here: names of files, reading the zone's tables and a drawn sample. Does not belong here: drawing it (draw.py).
Everything lies in the linkage zone, closed to other accounts; a review of notes has its own folder in the notes zone
(pathways/review/notes/folder.py).
"""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.schemas.reviewing import TABLES
from pathways.refresh.receipts_of_run import believed_table
from pathways.review.pairs.decisions import PAIRS, Names
from resources.extracts.extract_declaration import Extract
from resources.extracts.synthetic_mark import synthetic_mark
from resources.receipts.receipts import file_hash
from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.zone.zone_tables import TableNotUsable

STAGES = ("first", "second")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,29}")


class ReviewNotPossible(Exception):
    """A step of the review cannot be done yet, or not any more; says which and what to do, counts only."""


@dataclass(frozen=True)
class ReviewFolder:
    """Files of the review of `quarter` under the data folder `root`; a simulated review has a folder of its own."""

    root: Path
    quarter: str
    simulated: bool = False

    stages: ClassVar[tuple[str, ...]] = STAGES
    tables: ClassVar[Collection[str]] = tuple(TABLES)
    names: ClassVar[Names] = PAIRS
    zone_name: ClassVar[str] = "linkage"
    extracts: ClassVar[Collection[Extract]] = LINKAGE_EXTRACTS
    command: ClassVar[str] = "pathways review"

    @property
    def zone(self) -> Path:
        """Tables of the zone that the review belongs to."""
        return self.root / self.zone_name / self.quarter

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.zone / ("review_simulated" if self.simulated else "review")

    @property
    def synthetic(self) -> bool:
        """Whether the quarter's extracts are synthetic."""
        return synthetic_mark(self.root / "extracts" / self.quarter, self.extracts) is not None

    def sample(self, stage: str) -> Path:
        """Receipt of a stage's sample; its two tables lie beside it."""
        return self.path / f"{stage}_sample.json"

    def decisions(self, stage: str, reviewer: str) -> Path:
        """A reviewer's own decisions of a stage; raises ReviewNotPossible for a name that cannot be a file name."""
        return self.path / "reviewers" / reviewer_name(reviewer) / f"{stage}_decisions.jsonl"

    def signed(self, stage: str, reviewer: str) -> Path:
        """Signed decisions of a reviewer."""
        return self.path / "signed" / f"{stage}_{reviewer_name(reviewer)}.json"

    def key(self, reviewer: str) -> Path:
        """Signing key of a reviewer, of all quarters; a simulated reviewer's lies with the simulated review."""
        keys = self.path / "keys" if self.simulated else self.root / self.zone_name / "review_keys"
        return keys / f"{reviewer_name(reviewer)}.key"

    @property
    def findings(self) -> Path:
        """What the review found; a page of the same name lies beside it."""
        return self.path / "review_findings.json"

    def table(self, name: str) -> pl.DataFrame:
        """A table of the zone. Raises ReviewNotPossible when it is not there, or not as the zone wrote it."""
        try:
            return believed_table(self.root, self.zone_name, name, self.quarter)
        except TableNotUsable as fault:
            raise ReviewNotPossible(f"{fault} `pathways refresh --quarter {self.quarter}`.") from None

    def stage(self) -> str:
        """The latest stage whose sample is drawn. Raises ReviewNotPossible when none is."""
        drawn = [stage for stage in self.stages if self.sample(stage).exists()]
        if not drawn:
            raise ReviewNotPossible(f"No sample is drawn. Draw it: `{self.command} sample --quarter {self.quarter}`.")
        return drawn[-1]

    def reviewers(self, stage: str) -> list[str]:
        """Who has begun a stage, in alphabetical order."""
        return sorted(path.parent.name for path in self.path.glob(f"reviewers/*/{stage}_decisions.jsonl"))

    def receipt(self, stage: str) -> dict:
        """What a stage's sample was drawn from. Raises ReviewNotPossible when it is missing or its tables changed."""
        if not self.sample(stage).exists():
            raise ReviewNotPossible(f"The {stage} sample is not drawn. Draw it: `{self.command} sample`.")
        remedy = f"Restore it, or archive {self.path.name} and begin the review again."
        try:
            receipt = read_kept(self.sample(stage), {"sha256": dict, "made_from": dict}, remedy)
        except KeptFileDamaged as damaged:
            raise ReviewNotPossible(str(damaged)) from None
        for table in self.tables:
            path = self.path / f"{stage}_{table}.parquet"
            if not path.is_file() or file_hash(path) != receipt["sha256"].get(table):
                raise ReviewNotPossible(
                    f"{stage}_{table}.parquet is not the file that was drawn. Restore it, or archive {self.path.name} "
                    "and begin the review again."
                )
        return receipt

    def sampled(self, stage: str, table: str) -> pl.DataFrame:
        """`review_sample` or `review_records` of a stage."""
        return pl.read_parquet(self.path / f"{stage}_{table}.parquet")

    def sample_hash(self, stage: str) -> str:
        """Hash that stands for a whole sample: its receipt holds the hashes of its tables and of their origin."""
        return file_hash(self.sample(stage))

    def about(self, stage: str, reviewer: str) -> dict[str, str]:
        """What every file of decisions says of itself first."""
        return {
            "reviewer": reviewer,
            "quarter": self.quarter,
            "stage": stage,
            "sample": self.sample_hash(stage),
            "model": self.receipt(stage)["made_from"]["linkage_model"],
        }

    def items(self, stage: str) -> set[int]:
        """Numbers of everything that a reviewer judges."""
        return set(self.sampled(stage, "review_sample")["pair"])

    def is_answer(self, answer: Any) -> bool:
        """Whether this can be said of a pair: a score from 0 to 1."""
        return 0 <= answer <= 1


def reviewer_name(name: str) -> str:
    """`name` when it can be a reviewer's: short, lower case, fit for a file name. Raises ReviewNotPossible."""
    if not NAME.fullmatch(name):
        raise ReviewNotPossible(
            "A reviewer's name has 1 to 30 characters: lower case letters, digits, - and _, beginning with a letter."
        )
    return name


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, by rename."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.partial")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
