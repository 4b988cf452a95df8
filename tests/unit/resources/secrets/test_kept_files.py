"""Files that runs leave for later ones, damaged: made again, or said in one message that names the file."""

import sqlite3

import pytest

from linkage_assets.models.linkage_model_file import trained_on
from linkage_assets.steps.model.approve_linkage_model import LinkageModelNotApproved, load_approved_model
from nlp_assets.steps.labels.label_store import LabelStore, LabelStoreUnusable
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.synthetic_mark import write_mark
from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.review.read_findings import read_review_findings
from resources.secrets.kept_file import KeptFileDamaged
from resources.settings.study_settings import ApprovedModel

DAMAGED = [b"", b"{", b"[]", b"null", b"3", b'"text"', b"{}", b"\xff\xfe{", b'{"sha256": ', b'{"trained_on": 3}']


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_receipt_is_no_receipt(tmp_path, content):
    path = tmp_path / "table.json"
    path.write_bytes(content)
    with pytest.raises(ReceiptRefused, match="not signed by this zone, or was changed"):
        ReceiptBook(tmp_path, "linkage").read("table", "2023Q1", path, "linkage")


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_marker_of_synthetic_extracts_is_named_and_does_not_make_them_real(tmp_path, content):
    path = tmp_path / "extracts" / "2023Q1" / "SYNTHETIC.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(KeptFileDamaged, match=r"SYNTHETIC\.json is damaged.*pathways extracts"):
        ExtractFolder(root=str(tmp_path)).synthetic("2023Q1")


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_linkage_model_is_named_and_on_synthetic_extracts_trained_again(tmp_path, content):
    path = tmp_path / "model.json"
    path.write_bytes(content)
    assert trained_on(path) is None
    with pytest.raises(LinkageModelNotApproved, match="damaged"):
        load_approved_model(path, ApprovedModel(name="model", sha256=""), synthetic=True, key=bytes(32))


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_findings_of_a_review_are_named(tmp_path, content):
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "review_findings.json").write_bytes(content)
    with pytest.raises(KeptFileDamaged, match=r"review_findings\.json is damaged.*pathways review evaluate"):
        read_review_findings(tmp_path, synthetic=False)


def test_a_whole_file_is_read(tmp_path):
    (tmp_path / "extracts" / "2023Q1").mkdir(parents=True)
    said = {"scale": 1, "seed": 1, "more": "x"}
    write_mark(tmp_path / "extracts" / "2023Q1", said)
    assert ExtractFolder(root=str(tmp_path)).synthetic("2023Q1") == {"synthetic": True, **said}
    assert ExtractFolder(root=str(tmp_path)).synthetic("2023Q2") is None


def test_a_store_of_labels_that_is_damaged_inside_is_named_and_an_empty_one_is_begun_anew(tmp_path):
    identity = EngineIdentity("engine", "model", "weights", "prompt", "version", "settings", "fixture")
    path = tmp_path / "labels.sqlite"
    path.write_bytes(b"")
    with LabelStore(path, bytes(32)) as store:
        store.add(identity, [(f"{number:064d}", Reading("scored", 0.5, 0.0)) for number in range(5000)])
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("PRAGMA journal_mode = DELETE")
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\x99" * (len(content) - 8192))
    with pytest.raises(LabelStoreUnusable, match=r"labels\.sqlite"), LabelStore(path, bytes(32)) as store:
        store.readings(identity, [f"{number:064d}" for number in range(5000)])
