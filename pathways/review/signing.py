"""Closes a reviewer's decisions into a dated, signed file, and checks such a file.

Belongs here: keys, signatures, what a signature covers. Does not belong here: collecting decisions (decisions.py).

The signature is HMAC-SHA256 under a key that only the reviewer's account can read. It shows that decisions are as they
were signed; it does not show it to somebody who does not hold the key.
"""

import hmac
import json
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from pathways.review.decisions import Clock, Decisions, now, read_decisions, surviving
from pathways.review.folder import ReviewFolder, ReviewNotPossible, write_private

KEY_BYTES = 32


class SignatureWrong(Exception):
    """A signed file is not what its reviewer signed, or belongs elsewhere; names the file, never a value."""


def reviewer_key(path: Path) -> bytes:
    """The key of a reviewer, made on first use, readable by this account only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="ascii")
        if len(text) != 2 * KEY_BYTES:
            raise ValueError
        return bytes.fromhex(text)
    except FileNotFoundError:
        raise SignatureWrong(f"The key {path.name} is not here. Put it back into {path.parent.name}.") from None
    except ValueError:
        raise SignatureWrong(f"The key {path.name} is damaged. Put its copy back into {path.parent.name}.") from None


def open_decisions(folder: ReviewFolder, stage: str, reviewer: str, clock: Clock = now) -> Decisions:
    """A reviewer's decisions, for writing. Raises ReviewNotPossible when they are signed."""
    if folder.signed(stage, reviewer).exists():
        raise ReviewNotPossible(f"{reviewer} has signed the {stage} sample: its decisions are closed.")
    key = reviewer_key(folder.key(reviewer))
    described = folder.about(stage, reviewer)
    path = folder.decisions(stage, reviewer)
    return Decisions(path, key, described, clock, folder.names, durable=not folder.simulated)


def sign(folder: ReviewFolder, stage: str, reviewer: str, clock: Clock = now) -> Path:
    """Close the decisions of a stage into a signed file. Raises ReviewNotPossible when some are missing."""
    item = folder.names.item
    if not folder.decisions(stage, reviewer).exists():
        raise ReviewNotPossible(f"{reviewer} has judged no {item} of the {stage} sample.")
    open_decisions(folder, stage, reviewer).close()  # checks every line and takes off what a kill left half written
    key, path = _read_key(folder.key(reviewer)), folder.decisions(stage, reviewer)
    content, described = path.read_bytes(), folder.about(stage, reviewer)
    lines = surviving(read_decisions(content, key, described, path.name))
    missing = len(folder.items(stage) - {line[item] for line in lines})
    if missing:
        raise ReviewNotPossible(f"{missing} {item}(s) of the {stage} sample are not judged by {reviewer} yet.")
    statement = {
        **described,
        "signed_at": clock().isoformat(timespec="seconds"),
        "file": sha256(content).hexdigest(),
        "decisions": [{name: line[name] for name in (item, folder.names.answer, "at")} for line in lines],
    }
    signed = {"statement": statement, "signature": _signature(key, statement)}
    write_private(folder.signed(stage, reviewer), json.dumps(signed, indent=1, sort_keys=True))
    return folder.signed(stage, reviewer)


def signed_scores(folder: ReviewFolder, stage: str, reviewer: str) -> dict[int, Any]:
    """Pair to score (note to mark) from a signed file, after checking the signature, the sample and that none lacks.

    Raises SignatureWrong; ReviewNotPossible when the reviewer has not signed.
    """
    path = folder.signed(stage, reviewer)
    if not path.exists():
        raise ReviewNotPossible(f"{reviewer} has not signed the {stage} sample: `{folder.command} sign`.")
    key = _read_key(folder.key(reviewer))
    try:
        signed = json.loads(path.read_text(encoding="utf-8"))
        statement = signed["statement"]
        sound = hmac.compare_digest(signed["signature"], _signature(key, statement))
    except (ValueError, KeyError, TypeError):
        sound, statement = False, {}
    if not sound:
        raise SignatureWrong(f"{path.name} was changed after it was signed, or was signed with another key.")
    expected = folder.about(stage, reviewer)
    if differs := [name for name in expected if statement[name] != expected[name]]:
        raise SignatureWrong(f"{path.name} belongs to another review: its {', '.join(differs)} differ(s).")
    item, answer = folder.names.item, folder.names.answer
    scores = {line[item]: line[answer] for line in statement["decisions"]}
    wanted = folder.items(stage)
    if set(scores) != wanted or not all(folder.is_answer(score) for score in scores.values()):
        raise SignatureWrong(f"{path.name} does not hold one {answer} for each of {len(wanted)} {item}s.")
    return scores


def _signature(key: bytes, statement: dict) -> str:
    return hmac.digest(key, json.dumps(statement, sort_keys=True).encode(), "sha256").hex()


def signed_on(folder: ReviewFolder, stage: str, reviewer: str) -> str:
    """Day of a signature, ISO; of a file that signed_scores accepts."""
    return json.loads(folder.signed(stage, reviewer).read_text(encoding="utf-8"))["statement"]["signed_at"][:10]
