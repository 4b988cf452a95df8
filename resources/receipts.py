"""Receipts: what a stored table is, what it was made from, and what its blocking checks said of it.

Belongs here: the form of a receipt on disk, and the hash of a file's content. Does not belong here: whether a table is
current or may be read (zone_store.py).

A receipt holds hashes, counts, measurements and measures of checks only. One that is missing, cut short or of another
form is no receipt: its table is made again.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resources.gates import Acceptance
from resources.private_files import put_in_place

CLOCK_TICK_SECONDS = 0.1
_hashes: dict[tuple, str] = {}  # of this process, by everything that changes when the content of a file does


class CheckRecord(BaseModel):
    """What a blocking check said: whether the run may go on, what was refused or accepted, and what was judged.

    `judged`: hashes of code, settings and tables that the check read. `refused`: measures (resources/gates.py).
    """

    model_config = ConfigDict(extra="forbid")

    passed: bool
    judged: dict[str, str]
    message: str = ""
    acceptable: bool = False
    refused: list[dict[str, Any]] = Field(default_factory=list)
    accepted: list[Acceptance] = Field(default_factory=list)


class Receipt(BaseModel):
    """What a table is and was made from. `checks`: record of each blocking check by name, None before it has judged.

    `held_by`: checks ("table: check") of tables before this one that refused what they found; while there is one, the
    table may not be read.
    """

    model_config = ConfigDict(extra="forbid")

    table: str
    quarter: str
    rows: int
    columns: int
    bytes: int
    sha256: str
    code: str
    settings: str
    made_from: dict[str, str]
    seconds: float
    peak_mb: int
    checks: dict[str, CheckRecord | None]
    held_by: list[str] = Field(default_factory=list)

    def open_checks(self) -> list[str]:
        """Why the table may not be read: its checks that have not passed, and those of tables before it."""
        own = [f"{self.table}: {name}" for name, record in self.checks.items() if record is None or not record.passed]
        return own + self.held_by


def read_receipt(path: Path) -> Receipt | None:
    """The receipt in a file, or None when there is no whole one."""
    try:
        return Receipt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def receipts_of(root: Path, quarter: str) -> Iterator[tuple[str, Receipt]]:
    """Folder ("linkage", "crossings") and receipt of every table of a quarter, in all zones that lie under `root`."""
    for folder in ("linkage", "nlp", "modelling", "crossings/*"):
        for path in sorted(root.glob(f"{folder}/{quarter}/*.json")):
            if receipt := read_receipt(path):
                yield folder.partition("/")[0], receipt


def write_receipt(receipt: Receipt, path: Path, root: Path) -> None:
    """Write a receipt under the data root by rename, so that a kill leaves the old or the new, never half."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(receipt.model_dump(mode="json"), indent=1, sort_keys=True), encoding="utf-8")
    put_in_place(root, partial, path)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes. Read once per process while neither the file nor its dates change."""
    state = file_state(path)
    if state in _hashes:
        return _hashes[state]
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    # A file written within one tick of the clock may be written again without a trace: it is not remembered.
    if file_state(path) == state and time() - path.stat().st_ctime > CLOCK_TICK_SECONDS:
        _hashes[state] = digest.hexdigest()
    return digest.hexdigest()


def file_state(path: Path) -> tuple:
    """What changes whenever a file is replaced or written to. `st_ctime_ns` cannot be set back, other dates can."""
    stat = path.stat()
    return str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
