"""One changed byte is found in what people signed, in the keys beside it, and in files that a table was made from."""

import sqlite3

import polars as pl
import pytest

from nlp_assets.labels.labels_file import labels_file
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from pathways.lineage import signed_files
from pathways.lineage.verify import faults_of_quarter
from resources.deletion.certificates import certificates_folder, write_certificate
from resources.duties.roles import Person, Roles, read_roles, roles_file, write_roles
from resources.duties.sign_offs import sign_off, sign_offs_folder
from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import file_hash
from resources.receipts.signed_statement import key_text, public_key
from resources.secrets.kept_secret import kept_secret
from tests.conftest import QUARTER

APPOINTS, APPROVES, SIGNED_BY = bytes([1] * 32), bytes([2] * 32), bytes([3] * 32)
READ = {
    "linkage/models/autumn/model.json": "file:linkage/models/autumn/model.json",
    f"linkage/{QUARTER}/review/review_findings.json": "file:linkage/{quarter}/review/review_findings.json",
    f"extracts/{QUARTER}/SYNTHETIC.json": "file:extracts/{quarter}/SYNTHETIC.json",
}
KEY = "crossings/consort_counts/linkage.pub"


@pytest.fixture
def signed(quarter, store_table, monkeypatch):
    """The quarter with a table made from files, roles, sign-offs, certificates of other quarters, and a public key."""
    for file in READ:
        (quarter / file).parent.mkdir(parents=True, exist_ok=True)
        (quarter / file).write_text(f"what {file} says", encoding="utf-8")
    made_from = {name: file_hash(quarter / file) for file, name in READ.items()}
    nothing = {"file:decisions/{quarter}.toml": ""}  # not there when the table was made
    store_table(quarter, "linkage", "linkage_model", pl.DataFrame({"row": [1]}), made_from=made_from | nothing)
    person = Person("jo", ("approver",), key_text(public_key(APPROVES)))
    named = write_roles(quarter, Roles().appointed(person), APPOINTS)
    monkeypatch.setattr(signed_files, "current_roles", lambda root: read_roles(root, named))
    for digest in ("a" * 64, "b" * 64):
        sign_off(quarter, read_roles(quarter, named), APPROVES, "model", "", digest, "jo", "approver", "2023", "why")
    for other in ("2024Q1", "2024Q2"):
        said = {"by": "jo", "at": "2023", "files": {}, "labels": 0, "kept": 0, "sign_off": 1, "quarter": other}
        write_certificate(quarter, said, SIGNED_BY)
    for path in (quarter / KEY, ReceiptBook(quarter, "modelling").known("linkage")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key_text(public_key(SIGNED_BY)), encoding="ascii")
    return quarter


def files(root) -> list[str]:
    """All that is signed, and what a table was made from."""
    folders = [*sign_offs_folder(root).glob("*.json"), *certificates_folder(root).glob("0*"), roles_file(root)]
    return sorted([*READ, KEY, *(str(path.relative_to(root)) for path in folders)])


def test_a_quarter_with_signed_files_that_nobody_touched_is_as_it_was_signed(signed):
    looked_at, faults = faults_of_quarter(signed, QUARTER)
    assert faults == [] and len(files(signed)) == 11
    assert looked_at == faults_of_quarter(signed, "2030Q1")[0] + 8 + len(READ)


def test_one_changed_byte_is_found_in_every_one_of_them_and_its_file_named(signed):
    for file in files(signed):
        path = signed / file
        content = path.read_bytes()
        for place in (0, len(content) // 2, len(content) - 1):
            changed = bytearray(content)
            changed[place] ^= 1
            path.write_bytes(changed)
            faults = faults_of_quarter(signed, QUARTER)[1]
            assert any(path.with_suffix("").name in fault for fault in faults), (file, place, faults)
        path.write_bytes(content)
    assert faults_of_quarter(signed, QUARTER)[1] == []


def test_a_reading_of_a_note_that_was_changed_is_found(signed):
    key = kept_secret(signed / "nlp" / "secrets" / "note_hash.key")
    with LabelStore(labels_file(signed), key) as store:
        store.add(EngineIdentity("e", "m", "w", "p", "1", "{}", "model"), [("a", Reading("scored", 0.1, 0.0))])
    assert faults_of_quarter(signed, QUARTER)[1] == []
    with sqlite3.connect(labels_file(signed)) as file:
        file.execute("UPDATE keyed_score SET p1 = 0.9")
    (fault,) = faults_of_quarter(signed, QUARTER)[1]
    assert fault.startswith("file nlp/labels.sqlite has readings that were changed")


def test_a_sign_off_or_a_certificate_that_was_taken_away_is_found(signed):
    for folder in (sign_offs_folder(signed), certificates_folder(signed)):
        first = min(folder.glob("0*.json"))
        first.rename(signed / "aside")
        assert any("was taken away or moved" in fault for fault in faults_of_quarter(signed, QUARTER)[1])
        (signed / "aside").rename(first)
    assert faults_of_quarter(signed, QUARTER)[1] == []


def test_a_file_of_a_quarter_before_is_not_missed_once_that_is_deleted(signed, store_table):
    source = {"file:linkage/{before}/source_profile.parquet": "a" * 64}
    store_table(signed, "linkage", "source_drift", pl.DataFrame({"row": [1]}), "2024Q3", source)
    assert faults_of_quarter(signed, "2024Q3")[1] == []
    for path in certificates_folder(signed).glob("*2024Q2*"):
        path.unlink()
    assert any("source_profile.parquet is not the one" in fault for fault in faults_of_quarter(signed, "2024Q3")[1])
