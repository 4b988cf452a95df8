"""The UI and the command line write receipts of one zone at once: no number is lost, nothing is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import CheckRecord
from resources.zone.dagster_partitions import quarters
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone
from tests.faults.receipt_writer import MARKED, QUARTERS, TIMES, place, receipt_of

WRITER = Path(__file__).with_name("receipt_writer.py")
REPOSITORY = WRITER.parents[2]


def started(root: Path, *task: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(root), *task],
        env={"PYTHONPATH": str(REPOSITORY), "PATHWAYS_VAR": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_that_write_at_once_lose_no_receipt_and_no_reader_is_refused(tmp_path):
    book = ReceiptBook(tmp_path, "linkage")
    book.write(receipt_of(MARKED, QUARTERS[0]), place(tmp_path, MARKED, QUARTERS[0]))
    tasks = [("write", "ui"), ("write", "cli"), ("read",), ("read",)]
    processes = [started(tmp_path, *task) for task in tasks]
    said = [process.communicate(timeout=600) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, [errors[-800:] for _, errors in said]
    for quarter in QUARTERS:
        path = place(tmp_path, "crossing", quarter)
        assert book.read("crossing", quarter, path, "linkage").number == 2 * TIMES
        assert ReceiptBook(tmp_path, "nlp").read("crossing", quarter, path, "linkage").number == 2 * TIMES
    marks = book.read(MARKED, QUARTERS[0], place(tmp_path, MARKED, QUARTERS[0]), "linkage").held_by
    assert sorted(marks) == sorted(f"{mark}{number}" for mark in ("ui", "cli") for number in range(TIMES))


@dg.asset(partitions_def=quarters)
def numbers() -> pl.DataFrame:
    return pl.DataFrame({"number": [1]})


class Interrupting(dict[str, str]):
    """Hashes of the code of checks. While the first is looked up, another process does something."""

    other: Any = None

    def get(self, key, default=None):
        other, Interrupting.other = Interrupting.other, None
        if other:
            other()
        return super().get(key, default)


@pytest.fixture
def store(tmp_path) -> ZoneStore:
    checks = {"numbers": ["number_is_small", "number_is_even"]}
    zone = Zone("linkage", tmp_path, "code", "settings", {}, checks=checks, judged_with=Interrupting())
    store = ZoneStore(zone)
    dg.materialize([numbers], partition_key=QUARTERS[0], resources={"io_manager": store})
    return store


def recorded(store: ZoneStore) -> dict[str, CheckRecord | None]:
    return store.zone.written("numbers", QUARTERS[0]).checks


def test_what_two_processes_record_of_two_checks_at_once_is_both_kept(store):
    def other() -> None:
        store.record("numbers", QUARTERS[0], "number_is_small", dg.AssetCheckResult(passed=False), "theirs")

    Interrupting.other = other
    store.record("numbers", QUARTERS[0], "number_is_even", dg.AssetCheckResult(passed=True), "ours")
    records = recorded(store)
    assert {name: record and record.passed for name, record in records.items()} == {
        "number_is_small": False,
        "number_is_even": True,
    }


def test_what_is_recorded_of_a_table_that_another_process_writes_anew_does_not_replace_its_receipt(store):
    def other() -> None:
        dg.materialize([numbers], partition_key=QUARTERS[0], resources={"io_manager": ZoneStore(anew)})

    anew = Zone("linkage", store.zone.root, "other code", "settings", {}, checks=store.zone.checks)
    Interrupting.other = other
    store.record("numbers", QUARTERS[0], "number_is_even", dg.AssetCheckResult(passed=True), "ours")
    receipt = store.zone.written("numbers", QUARTERS[0])
    assert receipt.code == "other code"
