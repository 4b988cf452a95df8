"""Signed statements: a JSON object in a DSSE envelope with an Ed25519 signature, which anybody can verify.

Belongs here: the form of the envelope, signing and verifying. Does not belong here: what is stated, and whose key may
state it (receipts.py, pathways/review/shared/signing.py).

Source: DSSE, Dead Simple Signing Envelope, v1.0.2 (https://github.com/secure-systems-lab/dsse). What is signed is the
type and the bytes of the payload (PAE), so a statement of one kind cannot pass for one of another. `keyid` is the
SHA-256 of the public key: a hint only, which key counts is decided by whoever verifies.
"""

import base64
import binascii
import json
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key


class StatementRefused(Exception):
    """What is given is no statement of the kind, or not signed by the key; says which, never what is in it."""


class KeyNotUsable(Exception):
    """A file that should hold a public key holds none; names it and says what to do."""


def signed(statement: dict[str, Any], kind: str, seed: bytes) -> str:
    """The envelope of a statement, as JSON. `kind`: its media type; `seed`: the secret of the key, 32 bytes."""
    payload = json.dumps(statement, sort_keys=True).encode()
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return _envelope(payload, kind, key.public_key(), key.sign(_pae(kind, payload)))


def verified(envelope: str | bytes, kind: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """The statement in an envelope, which `key` signed. Raises StatementRefused.

    The envelope must be as `signed` writes it, to the byte: what lies beside the payload, such as the hint and the last
    bits of base64, is covered by no signature.
    """
    try:
        given = json.loads(envelope)
        payload = base64.b64decode(given["payload"], validate=True)
        signatures = [base64.b64decode(each["sig"], validate=True) for each in given["signatures"]]
        kind_given = given["payloadType"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise StatementRefused("it is no signed statement") from None
    if kind_given != kind:
        raise StatementRefused("it is a statement of another kind")
    message = _pae(kind, payload)
    signature = next((each for each in signatures if _is_of(key, each, message)), None)
    if signature is None:
        raise StatementRefused("it was changed after it was signed, or signed with another key")
    text = envelope if isinstance(envelope, str) else envelope.decode("ascii", errors="replace")
    if text != _envelope(payload, kind, key, signature):
        raise StatementRefused("it was changed after it was signed, beside what is signed")
    try:
        statement = json.loads(payload)
    except ValueError:
        raise StatementRefused("it states nothing that can be read") from None
    if not isinstance(statement, dict):
        raise StatementRefused("it states nothing that can be read")
    return cast("dict[str, Any]", statement)


def public_key(seed: bytes) -> Ed25519PublicKey:
    """The public key that goes with a secret of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key()


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of a public key's bytes."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def key_text(key: Ed25519PublicKey) -> str:
    """A public key as PEM, which other programs read as well (`openssl pkeyutl`)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file. Raises KeyNotUsable."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError:
        raise KeyNotUsable(f"The key {path.name} is not here. Put it back into {path.parent.name}.") from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyNotUsable(f"The key {path.name} is damaged. Put its copy back into {path.parent.name}.")
    return key


def _envelope(payload: bytes, kind: str, key: Ed25519PublicKey, signature: bytes) -> str:
    by = {"keyid": key_id(key), "sig": _base64(signature)}
    return json.dumps({"payload": _base64(payload), "payloadType": kind, "signatures": [by]}, indent=1) + "\n"


def _pae(kind: str, payload: bytes) -> bytes:
    """Pre-authentication encoding of DSSE."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def _is_of(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
