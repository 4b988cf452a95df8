"""A data folder with a small synthetic quarter, which is refreshed, disturbed and compared with an undisturbed one.

Belongs here: running commands on the folder, and what of it must be the same to the byte. Does not belong here: faults.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from time import sleep, time

from contracts.zones import RECEIPTS
from publication_assets.steps.lineage.prov_tables import PROV_FILE
from publishing.research_crate import CRATE_FILE
from resources.process.data_root import REPOSITORY
from tests.faults.marked_processes import MARK, living, new_mark

QUARTER = "2023Q1"
EARLIEST, LATEST = 0.15, 0.85  # shares of the tables of a refresh between which one is disturbed
GIVEN = ("extracts", "truth")  # made by the generator, not by a refresh
# Tables that list what a run made, when and by whom
OF_THE_RUN = {*RECEIPTS.values(), "release_manifest", "lineage_page", "research_object"}
# What of a publication tells of the run
FILES_OF_THE_RUN = {"manifest.json", "lineage.html", PROV_FILE, CRATE_FILE}
REFRESH = (sys.executable, "-m", "pathways", "refresh", "--quarter", QUARTER)
VERIFY = (sys.executable, "-m", "pathways", "verify", "--quarter", QUARTER)


class Refresh:
    """A command that runs on a folder, with a log of its own and a mark that all its processes carry."""

    def __init__(self, root: Path, log: Path, command: tuple[str, ...] = REFRESH, **more: str):
        self.log, self.mark = log, new_mark()
        with log.open("w", encoding="utf-8") as file:
            self.process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env={**os.environ, "PATHWAYS_VAR": str(root), MARK: self.mark, **more},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def behind(self) -> dict[int, str]:
        """Its processes with their programs."""
        return living(self.mark)

    def wait(self) -> int:
        """Its exit code, at its end."""
        return self.process.wait()

    def said(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def last_words(self) -> str:
        """Its last line: where it stopped, what stopped it and what to do."""
        return (self.said().strip().splitlines() or [""])[-1]


class QuarterFolder:
    """The folder at `root`; `logs` takes what commands print."""

    def __init__(self, root: Path, logs: Path):
        self.root, self.logs, self._refreshes = root, logs, 0
        logs.mkdir(parents=True, exist_ok=True)

    @classmethod
    def generated(cls, root: Path, logs: Path, scale: str) -> "QuarterFolder":
        """A folder with new extracts, and nothing else in it."""
        shutil.rmtree(root, ignore_errors=True)
        folder = cls(root, logs)
        made = folder.run(
            "extracts", (sys.executable, "-m", "pathways", "extracts", "--scale", scale, "--quarter", QUARTER)
        )
        assert made.wait() == 0, made.said()
        return folder

    def with_same_extracts(self, root: Path, logs: Path) -> "QuarterFolder":
        """Another folder with the extracts and the secrets of this one, and no table."""
        shutil.rmtree(root, ignore_errors=True)
        for part in GIVEN:
            shutil.copytree(self.root / part, root / part)
        for secret in self.root.glob("*/secrets/*.key"):
            copy = root / secret.relative_to(self.root)
            copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copy2(secret, copy)
        return QuarterFolder(root, logs)

    def copy(self, root: Path, logs: Path) -> "QuarterFolder":
        """Another folder with all that this one has."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.root, root)
        return QuarterFolder(root, logs)

    def run(self, name: str, command: tuple[str, ...] = REFRESH, **more: str) -> Refresh:
        """Start a command on this folder."""
        self._refreshes += 1
        return Refresh(self.root, self.logs / f"{self._refreshes:03d}_{name}.log", command, **more)

    @property
    def publication(self) -> Path:
        """What is published of the quarter."""
        return self.root / "publication" / QUARTER

    def tables(self) -> list[Path]:
        """Files of tables that are there; what was read of extracts, and parts of a table, lie deeper and are none."""
        files = (path for path in self.root.rglob("*.parquet") if path.parent.name == QUARTER)
        return sorted(path for path in files if path.relative_to(self.root).parts[0] not in GIVEN)

    def number_between(self, draw: random.Random) -> int:
        """Of a folder that a whole refresh has made: a number of tables after which another is disturbed.

        It is drawn by tables and not by seconds, so it lies after the first and before the last on any machine.
        """
        whole = len(self.tables())
        return draw.randrange(round(whole * EARLIEST), round(whole * LATEST))

    def reach(self, run: Refresh, tables: int) -> int:
        """Wait until a run has written so many tables of this folder, or has ended. How many there are."""
        while len(self.tables()) < tables and run.goes_on:
            sleep(0.05)
        return len(self.tables())

    def moments_of_tables(self) -> list[float]:
        """When each table was written, the first first; seconds since 1970."""
        return sorted(path.stat().st_mtime for path in self.tables())

    def content(self) -> dict[str, str]:
        """Hash of every table, document and score that must not differ. A score is a reading of a note."""
        tables = [path for path in self.tables() if path.stem not in OF_THE_RUN]
        published = (path for path in self.publication.rglob("*") if path.is_file())
        files = [*tables, *(path for path in published if path.name not in FILES_OF_THE_RUN)]
        found = {str(path.relative_to(self.root)): sha256(path.read_bytes()).hexdigest() for path in files}
        return found | {"labels.sqlite": self._scores()}

    def _scores(self) -> str:
        store = self.root / "nlp" / "labels.sqlite"
        if not store.exists():
            return ""
        with closing(sqlite3.connect(store)) as file:
            rows = file.execute(
                "SELECT note_hash, outcome, p1, off_choice FROM keyed_score ORDER BY 1, 2, 3"
            ).fetchall()
        return sha256(repr(rows).encode()).hexdigest()


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Names of what only one has or what differs."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def seconds_since(began: float) -> int:
    """Whole seconds."""
    return round(time() - began)
