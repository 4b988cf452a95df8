"""The folder of a review: where samples, decisions, signed files and findings of a quarter lie.

Belongs here: names of files, reading the zone's tables and a drawn sample. Does not belong here: what is judged, and in
which zone (folder.py of pairs, links and notes), drawing it (draw.py). Everything is closed to other accounts.
"""

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from pathways.refresh.receipts_of_run import receipts_of, scanned_table
from pathways.refresh.stale_tables import stale_tables
from pathways.refresh.zone_order import ZONE_NAMES
from pathways.review.shared.decisions import Names
from resources.extracts.extract_declaration import Extract
from resources.extracts.synthetic_mark import synthetic_mark
from resources.receipts.receipts import file_hash
from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.settings.study_settings import load_study_settings
from resources.zone.zone_tables import TableNotUsable

NAME = re.compile(r"[a-z][a-z0-9_-]{0,29}")


class ReviewNotPossible(Exception):
    """A step of the review cannot be done yet, or not any more; says which and what to do, counts only."""


@dataclass(frozen=True)
class ReviewFolder(ABC):
    """Files of the review of `quarter` under the data folder `root`; a simulated review has a folder of its own.

    `stages`: names of the samples, in order. `tables`: what a sample consists of. `names`: what decisions call what is
    judged. `zone_name`, `extracts`: of the zone that it belongs to. `command`: what its reviewers type. `refresh`: what
    makes the zone's tables; of the zones of its study, `study_zones`, whose extracts lie in the folder `sources`.
    """

    root: Path
    quarter: str
    simulated: bool = False

    stages: ClassVar[tuple[str, ...]]
    tables: ClassVar[Collection[str]]
    names: ClassVar[Names]
    zone_name: ClassVar[str]
    extracts: ClassVar[Collection[Extract]]
    command: ClassVar[str]
    refresh: ClassVar[str] = "pathways refresh"
    study_zones: ClassVar[tuple[str, ...]] = ZONE_NAMES
    sources: ClassVar[str] = ""

    @property
    def zone(self) -> Path:
        """Tables of the zone that the review belongs to."""
        return self.root / self.zone_name / self.quarter

    @property
    @abstractmethod
    def path(self) -> Path:
        """The folder itself."""

    @property
    def synthetic(self) -> bool:
        """Whether the quarter's extracts are synthetic."""
        return synthetic_mark(self.root / self.sources / "extracts" / self.quarter, self.extracts) is not None

    @property
    def truth(self) -> Path:
        """Folder of the truth that was written with synthetic extracts."""
        return self.root / self.sources / "truth" / self.quarter

    def sample(self, stage: str) -> Path:
        """Receipt of a stage's sample; its tables lie beside it."""
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

    def table(self, name: str) -> pl.DataFrame:
        """A table of the zone. Raises ReviewNotPossible when it is not there, or not as the zone wrote it."""
        return self.scanned(name).collect()

    def scanned(self, name: str) -> pl.LazyFrame:
        """The same of a table that may be too large to be read whole."""
        try:
            return scanned_table(self.root, self.zone_name, name, self.quarter)
        except TableNotUsable as fault:
            raise ReviewNotPossible(f"{fault} `{self.refresh} --quarter {self.quarter}`.") from None

    def require_current(self, *names: str) -> None:
        """Raise ReviewNotPossible when a table was made of what has changed since: what is judged would be void."""
        found = list(receipts_of(self.root, self.quarter, self.study_zones))
        stale = stale_tables(self.root, self.quarter, found, load_study_settings(), self.sources)
        if changed := sorted(set(names) & stale):
            raise ReviewNotPossible(
                f"What would be judged is made anew by the next refresh, as extracts or settings have changed since: "
                f"{', '.join(changed)}. Run it first: `{self.refresh} --quarter {self.quarter}`."
            )

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
        """A table of a stage's sample."""
        return pl.read_parquet(self.path / f"{stage}_{table}.parquet")

    def sample_hash(self, stage: str) -> str:
        """Hash that stands for a whole sample: its receipt holds the hashes of its tables and of their origin."""
        return file_hash(self.sample(stage))

    def about(self, stage: str, reviewer: str) -> dict[str, str]:
        """What every file of decisions says of itself first."""
        return {"reviewer": reviewer, "quarter": self.quarter, "stage": stage, "sample": self.sample_hash(stage)}

    @abstractmethod
    def items(self, stage: str) -> set[int]:
        """Numbers of everything that a reviewer judges."""

    @abstractmethod
    def is_answer(self, answer: Any) -> bool:
        """Whether this can be said of what is judged."""


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
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
