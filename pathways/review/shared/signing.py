"""Closes a reviewer's decisions into a dated, signed file, and checks such a file.

Belongs here: keys, signatures, what a signature covers. Does not belong here: collecting decisions (decisions.py), the
form of a signed file (resources/receipts/signed_statement.py).

A reviewer's private key can be read by the reviewer's account only. The public key lies beside it, which is the one
that counts here, and beside the signed file, for whoever takes that away: anybody can verify it.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from pathways.review.shared.decisions import Clock, Decisions, now, read_decisions, surviving
from pathways.review.shared.folder import ReviewFolder, ReviewNotPossible, write_private
from resources.receipts.signed_statement import (
    StatementRefused,
    key_text,
    public_key,
    read_public_key,
    signed,
    verified,
)
from resources.secrets.kept_secret import kept_secret, read_secret

KIND = "application/vnd.pathways.review+json"
SIGN_AGAIN = (
    "was signed by an earlier version, with a key that nobody else can check. Move it away and sign again: "
    "`{command} sign`."
)


class SignatureWrong(Exception):
    """A signed file is not what its reviewer signed, or belongs elsewhere; names the file, never a value."""


def reviewer_key(path: Path) -> bytes:
    """The private key of a reviewer, made on first use with its public key beside it.

    Raises SecretNotReadable; SignatureWrong where the public key beside it is of another.
    """
    key = kept_secret(path)
    public, text = path.with_suffix(".pub"), key_text(public_key(key))
    if not public.exists():
        write_private(public, text)
    elif public.read_text(encoding="ascii", errors="replace") != text:
        raise SignatureWrong(f"The key {public.name} does not go with {path.name}. Put the copy of either back.")
    return key


def open_decisions(folder: ReviewFolder, stage: str, reviewer: str, clock: Clock = now) -> Decisions:
    """A reviewer's decisions, for writing. Raises ReviewNotPossible when they are signed."""
    if folder.signed(stage, reviewer).exists():
        raise ReviewNotPossible(f"{reviewer} has signed the {stage} sample: its decisions are closed.")
    key = reviewer_key(folder.key(reviewer))
    described = folder.about(stage, reviewer)
    path = folder.decisions(stage, reviewer)
    return Decisions(path, key, described, folder.names, clock, durable=not folder.simulated)


def sign(folder: ReviewFolder, stage: str, reviewer: str, clock: Clock = now) -> Path:
    """Close the decisions of a stage into a signed file. Raises ReviewNotPossible when some are missing."""
    item = folder.names.item
    if not folder.decisions(stage, reviewer).exists():
        raise ReviewNotPossible(f"{reviewer} has judged no {item} of the {stage} sample.")
    open_decisions(folder, stage, reviewer).close()  # checks every line and takes off what a kill left half written
    key, path = read_secret(folder.key(reviewer)), folder.decisions(stage, reviewer)
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
    file = folder.signed(stage, reviewer)
    write_private(file.with_suffix(".pub"), key_text(public_key(key)))
    write_private(file, signed(statement, KIND, key))
    return file


def signed_scores(folder: ReviewFolder, stage: str, reviewer: str) -> dict[int, Any]:
    """Pair to score (note to mark) from a signed file, after checking the signature, the sample and that none lacks.

    Raises SignatureWrong; KeyNotUsable; ReviewNotPossible when the reviewer has not signed.
    """
    path, statement = folder.signed(stage, reviewer), signed_statement(folder, stage, reviewer)
    expected = folder.about(stage, reviewer)
    if differs := [name for name in expected if statement[name] != expected[name]]:
        raise SignatureWrong(f"{path.name} belongs to another review: its {', '.join(differs)} differ(s).")
    item, answer = folder.names.item, folder.names.answer
    scores = {line[item]: line[answer] for line in statement["decisions"]}
    wanted = folder.items(stage)
    if set(scores) != wanted or not all(folder.is_answer(score) for score in scores.values()):
        raise SignatureWrong(f"{path.name} does not hold one {answer} for each of {len(wanted)} {item}s.")
    return scores


def signed_statement(folder: ReviewFolder, stage: str, reviewer: str) -> dict[str, Any]:
    """What a reviewer stated and signed, by the reviewer's public key. Raises as `signed_scores`."""
    path = folder.signed(stage, reviewer)
    if not path.exists():
        raise ReviewNotPossible(f"{reviewer} has not signed the {stage} sample: `{folder.command} sign`.")
    return statement_in(path, folder.key(reviewer).with_suffix(".pub"), folder.command)


def statement_in(path: Path, key: Path, command: str = "pathways review") -> dict[str, Any]:
    """The statement in a signed file, which the public key in another signed. Raises SignatureWrong, KeyNotUsable."""
    content, by = path.read_bytes(), read_public_key(key)
    try:
        return verified(content, KIND, by)
    except StatementRefused as refused:
        if _is_of_an_earlier_version(content):
            raise SignatureWrong(f"{path.name} {SIGN_AGAIN.format(command=command)}") from None
        raise SignatureWrong(f"{path.name} cannot be used: {refused}.") from None


def _is_of_an_earlier_version(content: bytes) -> bool:
    try:
        return set(json.loads(content)) == {"statement", "signature"}
    except (ValueError, TypeError):
        return False


def signed_on(folder: ReviewFolder, stage: str, reviewer: str) -> str:
    """Day of a signature, ISO. Raises as `signed_scores`."""
    return signed_statement(folder, stage, reviewer)["signed_at"][:10]


def verified_lines(path: Path, key: Path) -> list[str]:
    """What a signed file of a review of pairs or notes says in words, if the key signed it. Raises as statement_in."""
    statement = statement_in(path, key)
    count, what = len(statement["decisions"]), "pairs" if "model" in statement else "notes and requirements"
    return [
        f"{path.name} is as {statement['reviewer']} signed it on {statement['signed_at'][:10]}, by the key {key.name}.",
        f"{count:,} {what} of the {statement['stage']} sample of {statement['quarter']}, "
        f"which has the SHA-256 {statement['sample']}.",
    ]
