"""Deleting what precedes a publication: what goes, what stays, who allows it, and that a killed deletion goes on."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date

import polars as pl
import pytest

import publication_assets.definitions
from contracts.deletion import KEPT_TABLES
from contracts.zones import JUSTICE_FILES, JUSTICE_SOURCES_FOLDER, PUBLISHED_FILES
from pathways.deletion import delete as deletion
from pathways.deletion.delete import NotDeleted, delete_quarter
from pathways.deletion.lines import listed_lines
from pathways.duties.give import give, to_sign
from pathways.duties.lines import sign_off_lines
from pathways.duties.people import appoint, make_key
from pathways.lineage.lineage import lineage_of_extract
from pathways.lineage.verify import faults_of_quarter
from pathways.refresh.refresh import refresh
from pathways.refresh.stopped import RefreshStopped
from pathways.status.quarter_status import quarter_status
from pathways.status.status_lines import facts
from pathways.studies import OF_JUSTICE
from resources.deletion.certificates import CertificateRefused, certificate_of
from resources.deletion.deleted_quarters import certificates_folder, deleted, plan_file
from resources.extracts.files.extract_parts import extract_hash
from resources.extracts.synthetic_mark import write_mark
from resources.operation.delivery import late_extracts
from resources.receipts.receipts import file_hash
from resources.secrets.kept_secret import keep_secret
from resources.settings.study_settings import load_study_settings
from resources.store.bucket import Bucket
from resources.store.kept_files import STORE, KeptFiles
from tests.bucket_here import ADDRESS, bucket_here, use
from tests.conftest import stored

QUARTER, NEXT = "2023Q1", "2023Q2"
OFFENDER = "extract:ndelius/offender"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A quarter of synthetic extracts that came to its publication, and the next one, which shares a note with it."""
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    sent = tmp_path / "extracts" / QUARTER / "ndelius" / "offender.csv"
    sent.parent.mkdir(parents=True)
    sent.write_text("crn\nX320741\n", encoding="utf-8")
    write_mark(tmp_path / "extracts" / QUARTER, {"scale": 0.1, "seed": 1})
    people = pl.DataFrame({"crn": ["X320741"]})
    made = {OFFENDER: extract_hash(sent)}
    stored(tmp_path, "linkage", "offender", people, made_from=made)
    stored(tmp_path, "linkage", "source_profile", pl.DataFrame({"value": [0.5]}), made_from=made)
    for quarter, notes in ((QUARTER, ["a", "b"]), (NEXT, ["b"])):
        stored(tmp_path, "nlp", "filtered_notes", pl.DataFrame({"note_hash": notes}), quarter)
    published = tmp_path / "publication" / QUARTER / "report.html"
    published.parent.mkdir(parents=True)
    published.write_text("figures", encoding="utf-8")
    files = pl.DataFrame({"file": ["report.html"], "bytes": [7], "sha256": [file_hash(published)]})
    stored(tmp_path, "modelling", "publication", files, made_from={"offender": ""})
    stored(tmp_path, "modelling", "counted_tables", pl.DataFrame({"value": [3]}))
    (tmp_path / "linkage" / QUARTER / "review").mkdir()
    (tmp_path / "linkage" / QUARTER / "review" / "sample.json").write_text("X320741", encoding="utf-8")
    keep_secret(tmp_path / "linkage" / "secrets" / f"release_{QUARTER}.key", bytes(32))
    with closing(sqlite3.connect(tmp_path / "nlp" / "labels.sqlite")) as labels, labels:
        labels.execute("CREATE TABLE keyed_score (run_id TEXT, note_hash TEXT, p1 REAL)")
        labels.executemany("INSERT INTO keyed_score VALUES ('run', ?, 0.5)", [("a",), ("b",)])
    return tmp_path


def places(root) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and ".lock" not in path.name}


def labelled(root) -> list[str]:
    with closing(sqlite3.connect(root / "nlp" / "labels.sqlite")) as labels:
        return [note for (note,) in labels.execute("SELECT note_hash FROM keyed_score")]


def test_every_preceding_file_goes_and_what_was_published_receipts_and_the_next_quarter_stay(root):
    before = places(root)
    made = delete_quarter(root, QUARTER, "jo")
    gone = before - places(root)
    assert gone == set(made.files)
    assert {
        f"extracts/{QUARTER}/ndelius/offender.csv",
        f"linkage/{QUARTER}/offender.parquet",
        f"linkage/{QUARTER}/review/sample.json",
        f"nlp/{QUARTER}/filtered_notes.parquet",
        f"modelling/{QUARTER}/counted_tables.parquet",
        f"linkage/secrets/release_{QUARTER}.key",
    } <= gone
    kept = places(root)
    assert {f"linkage/{QUARTER}/offender.json", f"linkage/{QUARTER}/source_profile.parquet"} <= kept
    assert {f"publication/{QUARTER}/report.html", f"nlp/{NEXT}/filtered_notes.parquet"} <= kept
    assert labelled(root) == ["b"] and made.labels == 1
    assert b"X320741" not in b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_the_certificate_is_signed_and_numbered_and_lineage_status_and_verify_say_so(root):
    made = delete_quarter(root, QUARTER, "jo")
    assert certificate_of(root, QUARTER) == made and (made.number, made.by, made.sign_off) == (1, "jo", 0)
    said = "2023Q1 is deleted, certificate 1."
    assert lineage_of_extract(root, QUARTER, "ndelius/offender")["deleted"] == said
    status = quarter_status(root, QUARTER, date(2023, 5, 1))
    assert status.stands.startswith("deleted") and dict(facts(status))["deleted"] == said
    assert not any(zone.stale for zone in status.zones)
    assert faults_of_quarter(root, QUARTER)[1] == []
    back = root / "linkage" / QUARTER / "offender.parquet"
    back.write_bytes(b"again")
    assert "is there again" in faults_of_quarter(root, QUARTER)[1][0]
    file = next(certificates_folder(root).glob("*.json"))
    file.write_text(file.read_text(encoding="ascii").replace("payload", "Payload", 1), encoding="ascii")
    with pytest.raises(CertificateRefused, match="was changed after it was signed"):
        certificate_of(root, QUARTER)


def test_a_deleted_quarter_is_not_made_again_is_not_late_and_cannot_be_deleted_twice(root):
    delete_quarter(root, QUARTER, "jo")
    with pytest.raises(RefreshStopped, match="Nothing is made of it again"):
        refresh(QUARTER)
    with pytest.raises(NotDeleted, match="nothing of it left to delete"):
        delete_quarter(root, QUARTER, "jo")
    late = late_extracts(root, [], load_study_settings().operation, date(2023, 6, 1))
    assert late == [] and listed_lines(root, QUARTER) == [deleted(root, QUARTER)]


def test_a_deletion_that_was_killed_goes_on_and_certifies_every_file_of_its_beginning(root, monkeypatch):
    before = places(root)

    def killed(root, files, quarter, study):
        files[0].unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deletion, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            delete_quarter(root, QUARTER, "jo")
    assert "is being deleted" in deleted(root, QUARTER) and certificate_of(root, QUARTER) is None
    with pytest.raises(RefreshStopped, match="is being deleted"):
        refresh(QUARTER)
    made = delete_quarter(root, QUARTER, "jo")
    assert set(made.files) == before - places(root) and not plan_file(root, QUARTER).exists()
    assert all(made.files.values()) and made.labels == 1


def test_files_of_real_extracts_are_deleted_once_the_publication_is_signed_off_and_not_before(root):
    (root / "extracts" / QUARTER / "SYNTHETIC.json").unlink()
    before = places(root)
    with pytest.raises(NotDeleted, match="is not signed off, so its files are still needed"):
        delete_quarter(root, QUARTER, "jo")
    assert "is not signed off" in listed_lines(root, QUARTER)[-1]
    assert places(root) == before


@pytest.fixture
def justice(tmp_path, edit):
    """A release of real justice records, and jo, whom kim appointed approver."""
    sent = tmp_path / JUSTICE_SOURCES_FOLDER / "extracts" / QUARTER / "crown" / "crown_defendant_case.csv"
    sent.parent.mkdir(parents=True)
    sent.write_text("surname\nOXTOBY\n", encoding="utf-8")
    for table in ("standardised_persons", *JUSTICE_FILES):
        stored(tmp_path, "justice", table, pl.DataFrame({"file": ["views.csv"]}))
    for name in ("kim", "jo"):
        make_key(tmp_path, name)
    edit("duties", "appointed_by", appoint(tmp_path, "jo", ["approver"], "kim", None))
    return tmp_path


def test_files_of_real_justice_records_are_deleted_once_their_release_is_signed_off_and_not_before(justice):
    before = places(justice)
    with pytest.raises(NotDeleted, match=r"The release of 2023Q1 is not signed off.*sign-off list --study justice"):
        delete_quarter(justice, QUARTER, "jo", OF_JUSTICE)
    assert "The release of 2023Q1 is not signed off" in listed_lines(justice, QUARTER, OF_JUSTICE)[-1]
    assert places(justice) == before
    give(justice, QUARTER, "publication", "jo", "read by the statisticians", OF_JUSTICE)
    assert "publication" in sign_off_lines(justice, QUARTER, OF_JUSTICE)[1]
    assert "sign-off 1 allows it. pathways delete --study justice" in listed_lines(justice, QUARTER, OF_JUSTICE)[-1]
    made = delete_quarter(justice, QUARTER, "jo", OF_JUSTICE)
    assert (made.sign_off, made.study) == (1, "justice")
    assert f"justice/{QUARTER}/standardised_persons.parquet" in before - places(justice)
    assert b"OXTOBY" not in b"".join(path.read_bytes() for path in justice.rglob("*") if path.is_file())


def test_a_sign_off_of_a_release_holds_for_no_other_release_and_for_no_publication_of_the_study(justice):
    give(justice, QUARTER, "publication", "jo", "", OF_JUSTICE)
    assert [each.by for each in to_sign(justice, QUARTER) if each.what == "publication"] == [None]
    stored(justice, "justice", JUSTICE_FILES[0], pl.DataFrame({"file": ["others.csv"]}))
    with pytest.raises(NotDeleted, match="is not signed off"):
        delete_quarter(justice, QUARTER, "jo", OF_JUSTICE)


def test_a_quarter_without_files_has_nothing_to_delete(root):
    shutil.rmtree(root / "extracts")
    with pytest.raises(NotDeleted):
        delete_quarter(root, "2024Q1", "jo")


def test_tables_in_a_bucket_go_too_also_those_that_are_not_here(root, monkeypatch):
    with bucket_here() as environment:
        use({**environment, STORE: ADDRESS}, monkeypatch)
        table = root / "linkage" / QUARTER / "offender.parquet"
        partial = table.with_suffix(".partial")
        shutil.copyfile(table, partial)
        KeptFiles(root, "linkage").put(partial, table)
        table.unlink()
        bucket = Bucket(STORE, ADDRESS)
        assert bucket.find(f"linkage/{QUARTER}/offender.parquet")
        delete_quarter(root, QUARTER, "jo")
        assert bucket.find(f"linkage/{QUARTER}/offender.parquet") is None


def test_every_table_that_writes_files_of_the_publication_is_kept_and_looked_at():
    """One that went had a deleted quarter said to be incomplete, and to be other than its receipts say."""
    assets = publication_assets.definitions.defs().assets or ()
    writing = [each for each in assets if "publication_folder" in getattr(each, "required_resource_keys", ())]
    tables = {key.path[-1] for each in writing for key in each.keys}
    assert tables == set(PUBLISHED_FILES) and tables <= KEPT_TABLES["modelling"].keys()
