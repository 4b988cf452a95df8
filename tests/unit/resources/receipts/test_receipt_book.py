"""A table cannot be changed or replaced together with its receipt: receipts are signed, numbered and never older."""

import shutil
import stat
from hashlib import sha256
from pathlib import Path

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from pathways.refresh.receipts_of_run import receipts_of
from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts.receipts import Receipt
from resources.receipts.signed_statement import key_text, public_key
from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import Table
from resources.zone.zone_store import ZoneStore, is_current
from resources.zone.zone_tables import TableNotUsable, Zone

QUARTER = "2023Q1"
values = {"number": 1}


class Numbers(Table):
    number: int = pa.Field(description="a number")


@dg.asset(partitions_def=quarters)
def note_request() -> pl.DataFrame:
    return pl.DataFrame({"number": [values["number"]]})


@pytest.fixture
def maker(tmp_path) -> Zone:
    return Zone("linkage", tmp_path, "code", "settings", {"note_request": Numbers}, after={"note_request": []})


@pytest.fixture
def reader(tmp_path) -> Zone:
    return Zone("nlp", tmp_path, "code", "settings", {"note_request": Numbers}, made_by={"note_request": "linkage"})


def make(maker: Zone, number: int = 1) -> None:
    values["number"] = number
    dg.materialize([note_request], partition_key=QUARTER, resources={"io_manager": ZoneStore(maker)})


def read(zone: Zone) -> int:
    return ZoneStore(zone).read("note_request", QUARTER)["number"].item()


def files(maker: Zone) -> Path:
    return maker.table_path("note_request", QUARTER).parent


def put_back(maker: Zone, kept: Path) -> None:
    shutil.rmtree(files(maker))
    shutil.copytree(kept, files(maker))


def spec() -> dg.AssetSpec:
    return next(iter(note_request.specs))


def test_a_table_is_read_by_its_zone_and_by_the_next(maker, reader):
    make(maker, 3)
    assert read(maker) == read(reader) == 3
    assert [receipt.table for _, receipt in receipts_of(maker.root, QUARTER)] == ["note_request"]


def test_key_known_keys_and_last_numbers_are_the_zones_alone(maker, reader):
    make(maker)
    read(reader)
    for zone, expected in ((maker, {"receipts.key"}), (reader, {"zones", "zones/linkage.pub"})):
        found = {str(path.relative_to(zone.book.secrets)): path for path in zone.book.secrets.rglob("*")}
        assert expected | {f"last_receipts/{QUARTER}/note_request"} <= set(found)
        assert not [name for name, path in found.items() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert not reader.book.key.exists()


def test_a_table_changed_together_with_its_receipt_is_refused(maker, reader):
    """Whoever can write into the folder of the crossing can make both fit together, but cannot sign them."""
    make(maker)
    before = maker.written("note_request", QUARTER)
    read(reader)
    forger = Zone("linkage", maker.root / "elsewhere", "code", "settings", {"note_request": Numbers})
    for _ in range(3):  # with a higher number as well
        make(forger, 666)
    assert forger.written("note_request", QUARTER).number > before.number
    put_back(maker, files(forger))
    for zone in (maker, reader):
        assert zone.receipt("note_request", QUARTER) is None
    with pytest.raises(TableNotUsable, match=r"not signed with the key of the linkage zone.*nlp/secrets/zones/linkage"):
        read(reader)
    assert not is_current(maker, QUARTER, spec())


def test_another_key_published_beside_the_tables_is_not_taken_once_one_is_known(maker, reader):
    make(maker)
    read(reader)
    forger = Zone("linkage", maker.root / "elsewhere", "code", "settings", {"note_request": Numbers})
    make(forger, 666)
    shutil.rmtree(files(maker).parent)
    shutil.copytree(files(forger).parent, files(maker).parent)
    with pytest.raises(TableNotUsable, match="set up anew, remove"):
        read(reader)
    reader.book.known("linkage").unlink()
    reader.book.last("note_request", QUARTER).unlink()
    assert read(reader) == 666


def test_a_key_put_in_place_by_the_deployment_counts_from_the_first_reading(maker, reader):
    make(maker)
    known = reader.book.known("linkage")
    known.parent.mkdir(parents=True)
    known.write_text(key_text(public_key(bytes(32))), encoding="ascii")
    with pytest.raises(TableNotUsable, match="not signed with the key"):
        read(reader)


def test_an_old_table_with_its_old_receipt_is_refused_by_who_has_seen_a_newer_one(maker, reader, tmp_path):
    make(maker, 1)
    kept = shutil.copytree(files(maker), tmp_path / "kept")
    make(maker, 2)
    assert read(reader) == 2
    put_back(maker, kept)
    for zone in (maker, reader):
        with pytest.raises(TableNotUsable, match="number 1, and does not follow the last one known here, number 2"):
            read(zone)
    assert maker.not_believed(QUARTER) == ["note_request"] and not is_current(maker, QUARTER, spec())
    make(maker, 3)
    assert maker.not_believed(QUARTER) == []
    assert read(maker) == read(reader) == 3


def test_a_receipt_from_before_a_check_failed_does_not_free_the_table(maker, reader):
    make(maker)
    receipt, path = maker.written("note_request", QUARTER), maker.receipt_path("note_request", QUARTER)
    passed = path.read_bytes()
    maker.book.write(receipt.model_copy(update={"held_by": ["drifting: number_is_small"]}), path)
    with pytest.raises(TableNotUsable, match="held by a check"):
        read(reader)
    path.write_bytes(passed)
    with pytest.raises(TableNotUsable, match="does not follow"):
        read(reader)


def test_two_receipts_of_one_number_are_not_both_believed(maker, reader, tmp_path):
    """As when a copy of a zone, with its key, goes on elsewhere."""
    make(maker, 1)
    copy = Zone("linkage", tmp_path / "copy", "code", "settings", {"note_request": Numbers})
    shutil.copytree(maker.root / "linkage", copy.root / "linkage")
    make(maker, 2)
    assert read(reader) == 2
    for number in (6, 7):
        make(copy, number)
        put_back(maker, files(copy))
        with pytest.raises(TableNotUsable, match="another table was put in its place"):
            read(reader)


def test_a_receipt_of_another_table_or_quarter_is_refused(maker):
    make(maker)
    path = maker.receipt_path("note_request", QUARTER)
    for table, quarter in (("other", QUARTER), ("note_request", "2023Q2")):
        with pytest.raises(ReceiptRefused, match="of another table or quarter"):
            maker.book.read(table, quarter, path, "linkage")


def test_a_receipt_of_an_earlier_version_is_no_receipt_and_its_table_is_made_again(maker, reader):
    make(maker, 1)
    receipt, path = maker.written("note_request", QUARTER), maker.receipt_path("note_request", QUARTER)
    shutil.rmtree(maker.book.secrets)
    path.write_text(receipt.model_dump_json(exclude={"number", "before"}), encoding="utf-8")
    assert maker.receipt("note_request", QUARTER) is None and reader.receipt("note_request", QUARTER) is None
    make(maker, 2)
    assert read(maker) == read(reader) == 2


def test_after_a_kill_between_a_receipt_and_its_number_the_next_receipt_follows(maker, reader):
    make(maker, 1)
    last = maker.book.last("note_request", QUARTER)
    before = last.read_bytes()
    make(maker, 2)
    assert read(reader) == 2
    last.write_bytes(before)
    make(maker, 3)
    assert read(maker) == read(reader) == 3
    assert maker.written("note_request", QUARTER).number == 3


def test_what_was_last_known_is_named_when_it_is_damaged(maker, reader):
    make(maker)
    read(reader)
    reader.book.last("note_request", QUARTER).write_text("3", encoding="ascii")
    with pytest.raises(TableNotUsable, match=f"last_receipts/{QUARTER}/note_request, which says .* is damaged"):
        read(reader)


def test_the_hash_of_the_one_before_stands_in_every_receipt(maker):
    def stored() -> tuple[Receipt, bytes]:
        return maker.written("note_request", QUARTER), maker.receipt_path("note_request", QUARTER).read_bytes()

    make(maker, 1)
    first, content = stored()
    make(maker, 2)
    second, _ = stored()
    assert (first.number, first.before) == (1, "")
    assert (second.number, second.before) == (2, sha256(content).hexdigest())
    assert ReceiptBook(maker.root, "linkage").key.exists()
