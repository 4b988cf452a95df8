"""A zone whose tables are kept in a bucket: the bytes of a folder, read from other machines, and not overwritten."""

import shutil
from pathlib import Path

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from resources.process.storage_faults import StorageFault
from resources.receipts.receipts import file_hash
from resources.store.bucket import Bucket, WrittenMeanwhile
from resources.store.kept_files import STORE, KeptFiles
from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import Table
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import TableNotUsable, Zone
from tests.bucket_here import ADDRESS, bucket_here, use

QUARTER = "2023Q1"


class Numbers(Table):
    number: int = pa.Field(description="a number")


@dg.asset(partitions_def=quarters)
def numbers() -> pl.DataFrame:
    return pl.DataFrame({"number": [1, 2]})


@dg.asset(partitions_def=quarters)
def doubled(numbers: pl.DataFrame) -> pl.DataFrame:
    return numbers * 2


@pytest.fixture(scope="module")
def service():
    with bucket_here() as environment:
        yield environment


@pytest.fixture
def bucket(service, monkeypatch, tmp_path) -> Bucket:
    """A part of the bucket that no other test uses."""
    address = f"{ADDRESS}/{tmp_path.name}"
    use({**service, STORE: address}, monkeypatch)
    return Bucket(STORE, address)


def linkage(root: Path, code: str = "code") -> ZoneStore:
    return ZoneStore(Zone("linkage", root, code, "settings", {"doubled": Numbers}))


def made(store: ZoneStore) -> ZoneStore:
    dg.materialize([numbers, doubled], partition_key=QUARTER, resources={"io_manager": store})
    return store


def names(bucket: Bucket) -> list[str]:
    return [found.name for found in bucket.under("")]


def test_a_bucket_holds_the_bytes_of_the_folder_and_the_tables_of_a_zone_without_one(bucket, tmp_path, monkeypatch):
    store = made(linkage(tmp_path / "here"))
    assert names(bucket) == [
        "crossings/doubled/2023Q1/doubled.json",
        "crossings/doubled/2023Q1/doubled.parquet",
        "crossings/doubled/linkage.pub",
        "linkage/2023Q1/numbers.json",
        "linkage/2023Q1/numbers.parquet",
    ]
    for name in names(bucket):
        bucket.read(name, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == (tmp_path / "here" / name).read_bytes()
    monkeypatch.delenv(STORE)
    keys = tmp_path / "here" / "linkage" / "secrets"
    shutil.copytree(keys, tmp_path / "folder" / "linkage" / "secrets", ignore=shutil.ignore_patterns("last_receipts"))
    other = made(linkage(tmp_path / "folder"))
    for table in ("numbers", "doubled"):
        assert file_hash(other.zone.table_path(table, QUARTER)) == store.zone.written(table, QUARTER).sha256


def test_another_zone_on_another_machine_reads_what_crosses_to_it_and_nothing_else(bucket, tmp_path):
    made(linkage(tmp_path / "here"))
    zone = Zone("nlp", tmp_path / "there", "code", "settings", {"doubled": Numbers}, made_by={"doubled": "linkage"})
    assert ZoneStore(zone).read("doubled", QUARTER)["number"].to_list() == [2, 4]
    assert {path.name for path in (tmp_path / "there" / "crossings").rglob("*") if path.is_file()} == {
        "doubled.json",
        "doubled.parquet",
        "linkage.pub",
    }


def test_a_zone_goes_on_on_another_machine_with_its_secrets_and_sees_what_is_made_anew(bucket, tmp_path):
    here = made(linkage(tmp_path / "here"))
    shutil.copytree(tmp_path / "here" / "linkage" / "secrets", tmp_path / "there" / "linkage" / "secrets")
    there = linkage(tmp_path / "there")
    assert there.zone.written("numbers", QUARTER) == here.zone.written("numbers", QUARTER)
    made(linkage(tmp_path / "there", "other code"))
    assert here.zone.written("numbers", QUARTER).code == "other code"
    assert here.read("doubled", QUARTER)["number"].to_list() == [2, 4]


def test_what_another_machine_wrote_meanwhile_is_not_overwritten(bucket, tmp_path):
    path, partial = tmp_path / "here" / "linkage" / "numbers.json", "linkage/numbers.partial"
    here, there = KeptFiles(tmp_path / "here", "linkage"), KeptFiles(tmp_path / "there", "linkage")
    for kept, content in ((here, "first"), (there, "second")):
        place = kept.root / path.relative_to(here.root)
        place.parent.mkdir(parents=True)
        kept.bring(place)
        (kept.root / partial).write_text(content, encoding="ascii")
        kept.put(kept.root / partial, place)
    (here.root / partial).write_text("third", encoding="ascii")
    with pytest.raises(WrittenMeanwhile, match=r"linkage/numbers\.json .* run the same command again"):
        here.put(here.root / partial, path)
    here.bring(path)
    assert path.read_text(encoding="ascii") == "second"


def test_a_write_that_was_killed_after_the_bucket_had_it_is_fetched(bucket, tmp_path):
    store = made(linkage(tmp_path / "here"))
    table, receipt = store.zone.table_path("numbers", QUARTER), store.zone.receipt_path("numbers", QUARTER)
    whole = table.read_bytes()
    table.write_bytes(whole[:20])
    receipt.unlink()
    assert store.zone.written("numbers", QUARTER).rows == 2 and table.read_bytes() == whole


def test_a_table_that_was_changed_in_the_bucket_is_refused(bucket, tmp_path):
    store = made(linkage(tmp_path / "here"))
    path = store.zone.table_path("numbers", QUARTER)
    other = tmp_path / "other"
    other.write_bytes(path.read_bytes()[:-1] + b"0")
    name = "linkage/2023Q1/numbers.parquet"
    bucket.write(name, other, bucket.find(name).mark)  # pyright: ignore[reportOptionalMemberAccess]
    path.unlink()
    with pytest.raises(TableNotUsable, match="its file is not the one that was written"):
        store.zone.written("numbers", QUARTER)


def test_what_a_bucket_refuses_is_said_without_a_name_that_it_holds(bucket, tmp_path, monkeypatch):
    with pytest.raises(StorageFault, match="PATHWAYS_STORE is no address of a bucket"):
        Bucket.named(STORE, {STORE: "https://bucket/tables"})
    missing = Bucket(STORE, "s3://not-there/tables")
    with pytest.raises(StorageFault, match=r"bucket of PATHWAYS_STORE .*AWS_ENDPOINT_URL") as refused:
        missing.write("linkage/2023Q1/a name.json", Path(__file__), None)
    assert "a name" not in str(refused.value)


def test_what_needs_no_bucket_asks_none(tmp_path, monkeypatch):
    monkeypatch.delenv(STORE, raising=False)
    assert KeptFiles(tmp_path, "linkage").bucket is None
