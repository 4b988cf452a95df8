"""Where a quarter stands, told from receipts: what is there, what holds it, what has changed since. No value."""

import json
from datetime import date

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS
from contracts.zones import PUBLISHED_FILES, SECTIONS
from pathways.status.quarter_status import quarter_status, quarters_shown
from pathways.status.status_lines import facts, json_lines, page, text_lines
from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import CheckRecord, Receipt, file_hash
from resources.settings.study_settings import load_study_settings

QUARTER, TODAY = "2023Q1", date(2023, 5, 1)


def drop(root, *besides: str) -> None:
    for each in ALL_EXTRACTS:
        if each.name not in besides:
            file = root / "extracts" / QUARTER / each.system / f"{each.name}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("crn\nX320741\n", encoding="utf-8")


def made(root, zone: str, table: str, frame: pl.DataFrame | None = None, **fields) -> None:
    path = root / zone / QUARTER / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    (pl.DataFrame({"crn": ["X320741"]}) if frame is None else frame).write_parquet(path)
    settings = f"{load_study_settings().fingerprint(*SECTIONS[zone])}+engine"
    receipt = Receipt(
        table=table,
        quarter=QUARTER,
        rows=1,
        columns=1,
        bytes=path.stat().st_size,
        sha256=file_hash(path),
        code="",
        seconds=0,
        peak_mb=0,
        **{"made_from": {}, "checks": {}, "settings": settings, **fields},
    )
    ReceiptBook(root, zone).write(receipt, path.with_suffix(".json"))


def publish(root) -> None:
    folder = root / "publication" / QUARTER
    folder.mkdir(parents=True)
    for table in PUBLISHED_FILES:
        (folder / f"{table}.html").write_text("figures", encoding="utf-8")
        listed = {"file": [f"{table}.html"], "bytes": [7], "sha256": [file_hash(folder / f"{table}.html")]}
        made(root, "modelling", table, pl.DataFrame(listed))


@pytest.fixture
def said(tmp_path):
    return lambda today=TODAY: dict(facts(quarter_status(tmp_path, QUARTER, today)))


def test_a_quarter_without_anything_waits_and_is_late_since_the_day_it_was_due(tmp_path, said):
    assert quarters_shown(tmp_path, TODAY) == [QUARTER]
    assert said(date(2023, 4, 20))["extracts"].startswith("0 of 19 are there; missing: ")
    assert "late since 20 April 2023: " in said()["extracts"]
    assert "late since 30 May 2023" in said(date(2023, 6, 1))["publication"]
    assert quarter_status(tmp_path, QUARTER, TODAY).stands == "waits for extracts"


def test_what_may_be_absent_is_not_missing(tmp_path, said):
    drop(tmp_path, "outcome_profile")
    assert said()["extracts"] == "18 of 19 are there"
    assert quarter_status(tmp_path, QUARTER, TODAY).stands == "can start"


def test_what_was_made_of_another_extract_and_all_that_follows_is_named(tmp_path, said):
    drop(tmp_path)
    extract = {"extract:ndelius/offender": file_hash(tmp_path / "extracts" / QUARTER / "ndelius" / "offender.csv")}
    made(tmp_path, "linkage", "offender", made_from=extract)
    offender = file_hash(tmp_path / "linkage" / QUARTER / "offender.parquet")
    made(tmp_path, "linkage", "person_key", made_from={"offender": offender})
    assert "changed" not in said()["linkage zone"] and said()["linkage zone"].startswith("2 tables")
    (tmp_path / "extracts" / QUARTER / "ndelius" / "offender.csv").write_text("crn\n", encoding="utf-8")
    assert "2 made of what has changed since: offender, person_key" in said()["linkage zone"]
    assert "to be made again" in quarter_status(tmp_path, QUARTER, TODAY).stands


def test_other_settings_make_what_reads_them_stale(tmp_path, said):
    made(tmp_path, "modelling", "model_fits", settings="other")
    assert "1 made of what has changed since: model_fits" in said()["modelling zone"]


def test_a_check_that_refuses_is_named_with_the_number_of_tables_that_it_holds(tmp_path, said):
    refused = CheckRecord(passed=False, judged={}, message="")
    made(tmp_path, "linkage", "linkage_profile", checks={"quarter_resembles_training": refused})
    made(tmp_path, "linkage", "linked_pairs", held_by=["linkage_profile: quarter_resembles_training"])
    assert "2 held by linkage_profile: quarter_resembles_training" in said()["linkage zone"]
    assert quarter_status(tmp_path, QUARTER, TODAY).stands == "held by a check"


def test_a_table_that_no_check_has_judged_yet_is_not_held_by_one(tmp_path, said):
    when = {"made_at": "2023-05-01T02:17:00+00:00", "launched_by": "asha@example.org"}
    made(tmp_path, "linkage", "linkage_profile", checks={"quarter_resembles_training": None}, **when)
    made(tmp_path, "linkage", "linked_pairs", held_by=["linkage_profile: quarter_resembles_training"])
    drop(tmp_path)
    zone = said()["linkage zone"]
    assert "2 tables, the newest of 1 May 2023 (launched by asha@example.org); 1 not judged yet" in zone
    assert "held" not in zone and quarter_status(tmp_path, QUARTER, TODAY).stands == "under way, or stopped"


def test_a_publication_is_complete_while_every_file_is_as_it_was_written(tmp_path, said):
    publish(tmp_path)
    assert said()["publication"] == f"complete, {len(PUBLISHED_FILES)} files"
    assert quarter_status(tmp_path, QUARTER, TODAY).stands == "published"
    (tmp_path / "publication" / QUARTER / "publication.html").write_text("changed", encoding="utf-8")
    assert "not complete; lacking, or changed since: publication.html" in said()["publication"]


def test_text_json_and_page_say_the_same_and_hold_no_value(tmp_path):
    drop(tmp_path)
    publish(tmp_path)
    statuses = [quarter_status(tmp_path, QUARTER, TODAY)]
    text, (line,), html = "\n".join(text_lines(statuses)), json_lines(statuses), page(statuses, "now")
    assert json.loads(line)["publication"]["complete"] is True
    assert "19 of 19 are there" in text and "19 of 19 are there" in html
    assert "X320741" not in text + line + html
    assert "<script" not in html and "http" not in html
