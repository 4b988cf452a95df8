"""One changed byte is found, wherever in a quarter it is."""

import json
from base64 import b64decode

import polars as pl
import pytest

from pathways.lineage.verify import faults_of_quarter
from resources.receipts.receipts import file_hash
from tests.conftest import QUARTER

FILES = {
    "linkage/2023Q1/scored_pairs.parquet": "table scored_pairs",
    "linkage/2023Q1/offender.json": "table offender",
    "modelling/2023Q1/published_tables.parquet": "table published_tables",
    "extracts/2023Q1/ndelius/offender.csv": "extract ndelius/offender",
    "publication/2023Q1/report.html": "file report.html",
}


def test_a_quarter_that_nobody_touched_is_what_its_receipts_say(quarter):
    assert faults_of_quarter(quarter, QUARTER) == (7, [])


@pytest.mark.parametrize(("file", "named"), FILES.items())
def test_one_changed_byte_is_found_and_its_file_named(quarter, file, named):
    path = quarter / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    _, faults = faults_of_quarter(quarter, QUARTER)
    assert any(named in fault for fault in faults)


@pytest.mark.parametrize("file", [*FILES, "linkage/2023Q1/offender.parquet"])
def test_a_file_that_is_gone_is_found(quarter, file):
    (quarter / file).unlink()
    assert faults_of_quarter(quarter, QUARTER)[1]


def test_an_older_table_with_its_own_old_receipt_is_found(quarter, store_table):
    table, receipt = (quarter / "linkage" / QUARTER / f"offender.{kind}" for kind in ("parquet", "json"))
    old = table.read_bytes(), receipt.read_bytes()
    store_table(quarter, "linkage", "offender", pl.DataFrame({"row": range(9)}))
    table.write_bytes(old[0])
    receipt.write_bytes(old[1])
    assert any("table offender" in fault for fault in faults_of_quarter(quarter, QUARTER)[1])


@pytest.fixture
def recorded(quarter, store_table):
    """The quarter with the record of its release: of a table its zone has, and the number and content it has."""
    content = json.loads((quarter / "linkage" / QUARTER / "offender.json").read_bytes())
    receipt = json.loads(b64decode(content["payload"]))
    said = {"pathways:receipt": str(receipt["number"]), "pathways:sha256": receipt["sha256"]}
    file = quarter / "publication" / QUARTER / "prov.json"
    file.write_text(json.dumps({"entity": {"pathways:table/offender": said}}), encoding="utf-8")
    listed = pl.DataFrame({"file": [file.name], "bytes": [file.stat().st_size], "sha256": [file_hash(file)]})
    store_table(quarter, "modelling", "lineage_page", listed)
    return quarter


def test_a_table_that_was_taken_away_with_all_that_tells_of_it_is_missed(recorded):
    assert faults_of_quarter(recorded, QUARTER)[1] == []
    for kind in ("parquet", "json"):
        (recorded / "linkage" / QUARTER / f"offender.{kind}").unlink()
    (recorded / "linkage" / "secrets" / "last_receipts" / QUARTER / "offender").unlink()
    assert any(
        "offender of 2023Q1 is in the record of the release" in each for each in faults_of_quarter(recorded, QUARTER)[1]
    )


def test_a_record_of_a_release_that_was_changed_is_found(recorded):
    (recorded / "publication" / QUARTER / "prov.json").write_text("{}", encoding="utf-8")
    assert any("prov.json" in fault for fault in faults_of_quarter(recorded, QUARTER)[1])


def test_a_table_beside_its_receipt_that_was_made_of_another_is_found(quarter, store_table):
    store_table(quarter, "linkage", "scored_pairs", pl.DataFrame({"row": range(9)}))
    assert faults_of_quarter(quarter, QUARTER)[1] == [
        "table analysis_frame of 2023Q1 was made from another scored_pairs than is there now."
    ]
