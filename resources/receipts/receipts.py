"""Receipts: what a stored table is, what it was made from, and what its blocking checks said of it.

Belongs here: the form of a receipt, and the hash of a file's content. Does not belong here: writing and believing it
(receipt_book.py), whether a table is current or may be read (zone_store.py).

A receipt holds hashes, counts, measurements and measures of checks only.
"""

from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from resources.zone.gates import Acceptance

CLOCK_TICK_SECONDS = 0.1
_hashes: dict[tuple[Any, ...], str] = {}  # of this process, by everything that changes when the content of a file does


class CheckRecord(BaseModel):
    """What a blocking check said: whether the run may go on, what was refused or accepted, and what was judged.

    `judged`: hashes of code, settings and tables that the check read. `refused`: measures (resources/zone/gates.py).
    """

    model_config = ConfigDict(extra="forbid")

    passed: bool
    judged: dict[str, str]
    message: str = ""
    acceptable: bool = False
    refused: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    accepted: list[Acceptance] = Field(default_factory=list[Acceptance])


class Receipt(BaseModel):
    """What a table is and was made from. `checks`: record of each blocking check by name, None before it has judged.

    `held_by`: checks ("table: check") of tables before this one that refused what they found; while there is one, the
    table may not be read. `number`, `before`: how many receipts the table has had, and the SHA-256 of the one before.
    `run`, `launched_by`, `made_at`: the run of Dagster that made the table, who launched it, when it was made (UTC).
    `cpu_seconds`: processor time since the table or check before, also of processes that were started and have ended.
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
    cpu_seconds: float = 0.0
    peak_mb: int
    checks: dict[str, CheckRecord | None]
    held_by: list[str] = Field(default_factory=list[str])
    number: int = 0
    before: str = ""
    run: str = ""
    launched_by: str = ""
    made_at: str = ""

    def open_checks(self) -> list[str]:
        """Why the table may not be read: its checks that have not passed, and those of tables before it."""
        own = [f"{self.table}: {name}" for name, record in self.checks.items() if record is None or not record.passed]
        return own + self.held_by


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


def file_state(path: Path) -> tuple[Any, ...]:
    """What changes whenever a file is replaced or written to. `st_ctime_ns` cannot be set back, other dates can."""
    stat = path.stat()
    return str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
