"""Signed statements can be verified by whoever has the public key, with any program that knows DSSE and Ed25519."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from resources.receipts.signed_statement import (
    KeyNotUsable,
    StatementRefused,
    _pae,
    key_id,
    key_text,
    public_key,
    read_public_key,
    signed,
    verified,
)

KIND = "application/vnd.pathways.test+json"
SEED, OTHER = bytes(range(32)), bytes(32)
STATEMENT = {"table": "first", "rows": 3}


def test_a_statement_comes_back_as_it_was_signed():
    envelope = signed(STATEMENT, KIND, SEED)
    assert verified(envelope, KIND, public_key(SEED)) == STATEMENT
    assert signed(STATEMENT, KIND, SEED) == envelope
    assert json.loads(envelope)["signatures"][0]["keyid"] == key_id(public_key(SEED))


def changed(**changes) -> str:
    return json.dumps(json.loads(signed(STATEMENT, KIND, SEED)) | changes)


@pytest.mark.parametrize(
    ("envelope", "said"),
    [
        (signed(STATEMENT, KIND, OTHER), "signed with another key"),
        (changed(payload=base64.b64encode(b'{"table": "second"}').decode()), "changed after it was signed"),
        (changed(payloadType="application/json"), "another kind"),
        (changed(signatures=[]), "changed after it was signed"),
        (changed(signatures=[{"sig": "!"}]), "no signed statement"),
        (changed(signatures=[{"sig": "AAAA"}]), "changed after it was signed"),
        (changed(signatures=3), "no signed statement"),
        (json.dumps(STATEMENT), "no signed statement"),
        ("", "no signed statement"),
        ("[]", "no signed statement"),
    ],
)
def test_what_the_key_did_not_sign_is_refused(envelope, said):
    with pytest.raises(StatementRefused, match=said):
        verified(envelope, KIND, public_key(SEED))


def test_one_changed_bit_anywhere_in_an_envelope_is_found():
    """Also in what no signature covers: the hint which key it was, blanks, and the last bits of base64."""
    envelope = signed(STATEMENT, KIND, SEED).encode()
    for place in range(len(envelope)):
        for bit in range(8):
            content = bytearray(envelope)
            content[place] ^= 1 << bit
            with pytest.raises(StatementRefused):
                verified(bytes(content), KIND, public_key(SEED))


def test_a_statement_of_one_kind_does_not_pass_as_another_even_when_its_kind_is_changed():
    with pytest.raises(StatementRefused, match="changed"):
        verified(changed(payloadType="other"), "other", public_key(SEED))


def test_what_is_signed_is_the_encoding_that_dsse_states():
    """The example of the DSSE specification (protocol.md), whose encoding it prints."""
    envelope = json.loads(signed(STATEMENT, KIND, SEED))
    payload = base64.b64decode(envelope["payload"])
    message = f"DSSEv1 {len(KIND)} {KIND} {len(payload)} ".encode() + payload
    public_key(SEED).verify(base64.b64decode(envelope["signatures"][0]["sig"]), message)
    assert _pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_verifies_a_statement(tmp_path: Path):
    envelope = json.loads(signed(STATEMENT, KIND, SEED))
    payload = base64.b64decode(envelope["payload"])
    (tmp_path / "message").write_bytes(f"DSSEv1 {len(KIND)} {KIND} {len(payload)} ".encode() + payload)
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "key.pub").write_text(key_text(public_key(SEED)), encoding="ascii")
    command = "openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in message -sigfile sig"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_public_key_is_read_back_and_a_missing_or_damaged_one_is_named(tmp_path: Path):
    path = tmp_path / "ann.pub"
    with pytest.raises(KeyNotUsable, match=r"ann.pub is not here"):
        read_public_key(path)
    path.write_text(key_text(public_key(SEED)), encoding="ascii")
    assert key_id(read_public_key(path)) == key_id(public_key(SEED))
    for damage in ("", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----\n"):
        path.write_text(damage, encoding="ascii")
        with pytest.raises(KeyNotUsable, match="damaged"):
            read_public_key(path)
