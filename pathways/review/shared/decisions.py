"""A reviewer's decisions on disk: lines that are only ever added, each dated and bound to the one before it.

Belongs here: writing a decision so that nothing is lost, reading it back, noticing a changed line. Does not belong
here: closing the file (signing.py), and which pair comes next (session.py).

Line 1 says whose decisions these are and of which sample; then lines with an answer (`score`, `mark`) and `undo`
lines. `mac` is the HMAC-SHA256, under the reviewer's key, of the line and the mac before it: the reviewer's own account
notices a changed line. What others can verify is the signed file. Lines hold numbers of what is judged and what was
said of it, no identifier.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Names:
    """What lines call the thing that is judged and what is said of it: pair and score, item and mark."""

    item: str
    answer: str


class DecisionsDamaged(Exception):
    """A file of decisions is not what its reviewer wrote; says which file and line, never a value."""


class DecisionsInUse(Exception):
    """Another review page of the same reviewer is open."""


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


class Decisions:
    """Decisions of one reviewer on one sample, held open for writing; `scores` is what stands after every undo."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        about: dict[str, str],
        names: Names,
        clock: Clock = now,
        durable: bool = True,
    ):
        """`about`: who, quarter, stage, sample and model, which must be those of an existing file. `durable`: each
        line is on the disk itself before it counts; a simulation, which can be played again, does without.

        A last line without its end, as a kill leaves it, was never acknowledged and is taken off. Raises
        DecisionsDamaged, DecisionsInUse.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._key, self._clock, self._names, self._durable = path, key, clock, names, durable
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise DecisionsInUse("A review page of this reviewer is open already. Close it first.") from None
        try:
            self._resume(about)
        except Exception:  # whatever it is, the lock is given back and the error goes on
            self._file.close()
            raise

    def _resume(self, about: dict[str, str]) -> None:
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(self._file.fileno(), whole)
        lines = read_decisions(content[:whole], self._key, about, self._path.name)
        self._mac = lines[-1]["mac"] if lines else ""
        self._saved = surviving(lines)
        self._answers = {line[self._names.item]: line[self._names.answer] for line in self._saved}
        if not lines:
            self._append({"kind": "opened", **about})
            _sync_folder(self._path.parent)

    @property
    def scores(self) -> dict[int, Any]:
        """Number of the pair (or note) to what was said of it, in the order given. Not to be changed."""
        return self._answers

    def save(self, item: int, answer: Any) -> None:
        """Add an answer, a score or other JSON value; it is on disk when this returns."""
        names = self._names
        self._saved.append(self._append({"kind": names.answer, names.item: item, names.answer: answer}))
        self._answers[item] = answer

    def undo(self) -> tuple[int, Any] | None:
        """Take back the last answer that stands. Returns its pair (or note) and the answer, None when there is none."""
        if not self._saved:
            return None
        last, item = self._saved[-1], self._names.item
        self._append({"kind": "undo", item: last[item]})
        self._saved.pop()
        del self._answers[last[item]]
        return last[item], last[self._names.answer]

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def _append(self, entry: dict) -> dict:
        entry = entry | {"at": self._clock().isoformat(timespec="seconds")}
        entry["mac"] = line_mac(self._key, self._mac, entry)
        self._file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
        if self._durable:
            os.fsync(self._file.fileno())
        self._mac = entry["mac"]
        return entry


def read_decisions(content: bytes, key: bytes, about: dict[str, str], name: str) -> list[dict]:
    """Lines of a file of decisions, checked one by one against `key` and, the first, against `about`.

    Raises DecisionsDamaged that names the file and the line.
    """
    lines, mac = [], ""
    for number, text in enumerate(content.splitlines(), 1):
        try:
            line = json.loads(text)
            sound = hmac.compare_digest(line["mac"], line_mac(key, mac, line))
        except (ValueError, KeyError, TypeError, AttributeError):
            sound, line = False, {}
        if not sound:
            raise DecisionsDamaged(
                f"{name}: line {number} was changed after it was written, or was written under another key. "
                "Restore the file from a copy; decisions in it cannot be used."
            )
        if number == 1 and (differs := [item for item in about if line.get(item) != about[item]]):
            raise DecisionsDamaged(
                f"{name} belongs to another review: its {', '.join(differs)} differ(s) from this one. "
                "Use the folder that it came from."
            )
        lines.append(line)
        mac = line["mac"]
    return lines


def surviving(lines: list[dict]) -> list[dict]:
    """Lines with an answer that no later undo took back, in order."""
    kept: list[dict] = []
    for line in lines:
        if line["kind"] == "undo":
            kept.pop()
        elif line["kind"] != "opened":
            kept.append(line)
    return kept


def line_mac(key: bytes, mac_before: str, line: dict) -> str:
    """HMAC-SHA256 of a line without its own mac, and of the mac before it."""
    content = json.dumps({name: value for name, value in line.items() if name != "mac"}, sort_keys=True)
    return hmac.digest(key, f"{mac_before}\n{content}".encode(), "sha256").hex()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
