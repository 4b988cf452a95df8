"""Certificates of deletion: that the preceding files of a quarter are gone, with their hashes, signed and numbered.

Belongs here: writing and reading them, and whether a quarter is deleted. Does not belong here: deleting
(pathways/deletion), and what is kept (contracts/deletion.py).

A certificate holds the place and the hash of each file, and never what was in it. A plan of what is to be deleted is
written before the first file goes: a deletion that was killed goes on by it, and until then no run begins.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from resources.deletion.deleted_quarters import TREATMENT, certificates_folder, named, plan_file
from resources.receipts.signed_statement import (
    KeyNotUsable,
    StatementRefused,
    key_text,
    public_key,
    read_public_key,
    signed,
    verified,
)
from resources.secrets.private_files import make_folder, put_in_place

KIND = "application/vnd.pathways.deletion+json"


class CertificateRefused(Exception):
    """A certificate was changed, or is not signed by the key beside it; names the file."""


@dataclass(frozen=True)
class Certificate:
    """What was deleted of a quarter, by whom and when (UTC). `files`: place to SHA-256; `labels`: how many labels of
    notes; `kept`: how many files of the quarter are kept; `sign_off`: number of the sign-off that allowed it, 0 for
    synthetic extracts.
    """

    number: int
    quarter: str
    by: str
    at: str
    files: dict[str, str]
    labels: int
    kept: int
    sign_off: int
    before: str = ""
    study: str = TREATMENT


def certificate_of(root: Path, quarter: str, study: str = TREATMENT) -> Certificate | None:
    """The last certificate of a quarter; None where there is none. Raises CertificateRefused, NotAQuarter."""
    found = sorted(certificates_folder(root).glob(f"*_{named(quarter, study)}.json"))
    return _read(found[-1]) if found else None


def read_certificates(root: Path) -> list[Certificate]:
    """All certificates in order. Raises CertificateRefused for one that was changed, taken away or moved."""
    found: list[Certificate] = []
    before = ""
    for number, path in enumerate(sorted(certificates_folder(root).glob("*_*.json")), 1):
        made = _read(path)
        if (made.number, made.before, path.name) != (number, before, _name(made)):
            raise CertificateRefused(f"{path} does not follow the certificate before it: one was taken away or moved.")
        found.append(made)
        before = sha256(path.read_bytes()).hexdigest()
    return found


def _read(path: Path) -> Certificate:
    try:
        key = read_public_key(path.with_suffix(".pub"))
        if path.with_suffix(".pub").read_text(encoding="ascii") == key_text(key):
            return Certificate(**verified(path.read_bytes(), KIND, key))
    except (StatementRefused, KeyNotUsable, TypeError, UnicodeDecodeError):
        pass
    raise CertificateRefused(f"{path}, or the key beside it, was changed after it was signed. Put it back as it was.")


def _name(made: Certificate) -> str:
    return f"{made.number:06d}_{named(made.quarter, made.study)}.json"


def write_certificate(root: Path, said: dict[str, Any], seed: bytes) -> Certificate:
    """Number, sign and write a certificate with the public key beside it. Raises GroupNotUsable."""
    folder = certificates_folder(root)
    make_folder(root, folder)
    earlier = sorted(folder.glob("*_*.json"))
    before = sha256(earlier[-1].read_bytes()).hexdigest() if earlier else ""
    made = Certificate(number=len(earlier) + 1, before=before, **said)
    path = folder / _name(made)
    for place, content in (
        (path.with_suffix(".pub"), key_text(public_key(seed))),
        (path, signed(asdict(made), KIND, seed)),
    ):
        partial = place.with_name(f".{place.name}.partial")
        partial.write_text(content, encoding="ascii")
        put_in_place(root, partial, place)
    return made


def write_plan(root: Path, quarter: str, plan: dict[str, Any], study: str = TREATMENT) -> None:
    """Write down what is to be deleted, before the first file goes. Raises GroupNotUsable."""
    path = plan_file(root, quarter, study)
    make_folder(root, path.parent)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(plan), encoding="utf-8")
    put_in_place(root, partial, path)
