"""Extracts that lie in a bucket: fetched as they are, once, and those of another zone not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.extracts import EXTRACT_BY_NAME, JUSTICE_EXTRACT_BY_NAME
from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.studies import OF_JUSTICE
from resources.extracts.synthetic_mark import MARK
from resources.process.storage_faults import StorageFault
from resources.store.bucket import Bucket
from resources.store.fetch_extracts import EXTRACTS, fetch_extracts
from tests.bucket_here import ADDRESS, bucket_here, use

QUARTER = "2023Q1"
OFFENDER, OTHER = EXTRACT_BY_NAME["offender"], EXTRACT_BY_NAME["offender_address"]
SENT = {
    "ndelius/offender.parquet/part-0.parquet": b"one",
    "ndelius/offender.parquet/part-1.parquet": b"two",
    "ndelius/offender_address.csv": b"of somebody else",
    MARK: b"{}",
}


@pytest.fixture
def bucket(monkeypatch, tmp_path) -> Iterator[Bucket]:
    with bucket_here() as environment:
        use({**environment, EXTRACTS: ADDRESS}, monkeypatch)
        bucket = Bucket(EXTRACTS, ADDRESS)
        for name, content in SENT.items():
            (tmp_path / "sent").write_bytes(content)
            bucket.write(f"{QUARTER}/{name}", tmp_path / "sent", None)
        yield bucket
        for found in list(bucket.under(QUARTER)):
            bucket.remove(found.name)


def here(root: Path) -> dict[str, bytes]:
    folder = root / "extracts" / QUARTER
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_extracts_of_a_zone_are_fetched_once_with_their_dates_and_as_the_bucket_has_them(bucket, tmp_path):
    root = tmp_path / "var"
    assert fetch_extracts(root, QUARTER, [OFFENDER]) == (3, 0)
    assert here(root) == {name: content for name, content in SENT.items() if "address" not in name}
    written = (root / "extracts" / QUARTER / "ndelius" / "offender.parquet" / "part-0.parquet").stat().st_mtime
    assert abs(written - datetime.now(UTC).timestamp()) < 3600 and written == int(written)
    assert fetch_extracts(root, QUARTER, [OFFENDER]) == (0, 3)
    bucket.remove(f"{QUARTER}/ndelius/offender.parquet/part-1.parquet")
    assert fetch_extracts(root, QUARTER, [OFFENDER, OTHER]) == (1, 2)
    assert here(root).keys() == SENT.keys() - {"ndelius/offender.parquet/part-1.parquet"}


def test_without_a_bucket_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv(EXTRACTS, raising=False)
    with pytest.raises(
        StorageFault, match=f"Set {EXTRACTS} to s3://BUCKET/PREFIX, or put the extracts in .*: no bucket"
    ):
        fetch_extracts(tmp_path, QUARTER, [OFFENDER])


def test_justice_extracts_are_fetched_from_a_bucket_of_their_own_to_a_folder_of_their_own(
    bucket, tmp_path, monkeypatch
):
    crown = JUSTICE_EXTRACT_BY_NAME["crown_defendant_case"]
    root, content = tmp_path / "var", tmp_path / "sent"
    content.write_bytes(b"a case")
    bucket.write(f"{QUARTER}/crown/crown_defendant_case.csv", content, None)
    with pytest.raises(StorageFault, match=f"Set {OF_JUSTICE.bucket} to"):
        fetch_extracts(root, QUARTER, [crown], OF_JUSTICE.sources, OF_JUSTICE.bucket)
    monkeypatch.setenv(OF_JUSTICE.bucket, ADDRESS)
    assert fetch_extracts(root, QUARTER, [crown], OF_JUSTICE.sources, OF_JUSTICE.bucket) == (2, 0)
    fetched = root / JUSTICE_SOURCES_FOLDER / "extracts" / QUARTER
    assert (fetched / "crown" / "crown_defendant_case.csv").read_bytes() == b"a case" and (fetched / MARK).is_file()
    assert not (root / "extracts").exists()
