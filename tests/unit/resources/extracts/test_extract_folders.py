"""Extracts that are folders of parts, and what may not be opened at all."""

import os
import socket
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from resources.extracts.extract_declaration import Column, Extract
from resources.extracts.extract_reader import DEFAULTS, ReadExtract, read_extract
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_parts import extract_hash, hashes_under
from resources.settings.extract_settings import Extracts

VISITS = Extract(
    "visits",
    "clinic",
    "One row per visit",
    (Column("visit", "id", "key", null=False), Column("year", "whole", "year"), Column("place", "text", "place")),
    ("visit",),
)


def read(quarter: Path, limits: Extracts = DEFAULTS) -> ReadExtract:
    return read_extract(quarter, VISITS, date(2023, 3, 31), limits)


def folder(quarter: Path, name: str = "visits.parquet") -> Path:
    path = quarter / "clinic" / name
    path.mkdir(parents=True)
    return path


def part(path: Path, **columns) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(columns).write_parquet(path)


def refusal(quarter: Path, limits: Extracts = DEFAULTS) -> str:
    with pytest.raises(ExtractError) as refused:
        read(quarter, limits)
    return f"{refused.value.problem} {refused.value.remedy}"


def test_the_parts_of_a_spark_folder_are_one_table(tmp_path):
    path = folder(tmp_path)
    part(path / "part-00001.snappy.parquet", place=["C"], visit=["V3"], year=[2020])
    part(path / "part-00000.snappy.parquet", visit=["V1", "V2"], year=[2020, None], place=["A", "B"])
    for hidden in ("_SUCCESS", ".part-00000.snappy.parquet.crc", "_committed_12", "Thumbs.db"):
        (path / hidden).write_bytes(b"no table")
    found = read(tmp_path)
    assert found.frame.rows() == [("V1", 2020, "A"), ("V2", None, "B"), ("V3", 2020, "C")]
    assert found.warnings == []


def test_the_parts_of_a_csv_folder_each_have_a_header_and_rows_are_numbered_through(tmp_path):
    path = folder(tmp_path, "visits.csv")
    rows = "".join(f"V{number},2020,A\n" for number in range(4))
    (path / "part-00000.csv").write_text("visit,year,place\n" + rows)
    (path / "part-00001.csv").write_text("place,visit,year\nB,V9,2021\nB,,2021\n")
    (path / "part-00002.csv").write_bytes(b"")
    found = read(tmp_path)
    assert found.frame.height == 5 and found.frame.row(4) == ("V9", 2021, "B")
    assert found.quarantined["row_number"].to_list() == [6]
    assert "no _SUCCESS" in found.warnings[0]


def test_folders_named_after_values_are_columns(tmp_path):
    path = folder(tmp_path)
    part(path / "year=2020" / "place=St%20Ives" / "part-0.parquet", visit=["V1"])
    part(path / "year=2021" / "place=__HIVE_DEFAULT_PARTITION__" / "part-0.parquet", visit=["V2"])
    assert read(tmp_path).frame.rows() == [("V1", 2020, "St Ives"), ("V2", 2021, None)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"visit": ["V2"], "place": ["B"]}, "part part-1.parquet lacks column(s) year"),
        ({"visit": ["V2"], "year": ["2021"], "place": ["B"]}, "year: part part-1.parquet holds text, and the parts be"),
    ],
)
def test_parts_with_other_columns_or_types_are_named(tmp_path, columns, message):
    path = folder(tmp_path)
    part(path / "part-0.parquet", visit=["V1"], year=[2020], place=["A"])
    part(path / "part-1.parquet", **columns)
    assert message in refusal(tmp_path)


def test_a_part_that_somebody_named_after_a_person_is_not_named(tmp_path):
    path = folder(tmp_path)
    part(path / "part-0.parquet", visit=["V1"], year=[2020], place=["A"])
    part(path / "wilhelmina.parquet", visit=["V2"], place=["B"])
    assert "part (name not shown) lacks column(s) year" in refusal(tmp_path)


def test_a_column_without_a_value_in_one_part_and_a_narrower_number_are_no_other_type(tmp_path):
    path = folder(tmp_path)
    part(path / "part-0.parquet", visit=["V1"], year=[2020.0], place=[None])
    part(path / "part-1.parquet", visit=["V2"], year=[2021], place=["A"])
    assert read(tmp_path).frame["year"].to_list() == [2020, 2021]


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("_temporary/0", "not written to its end"),
        ("_delta_log", "Delta table"),
        ("metadata", "Iceberg"),
        ("_spark_metadata", "streaming"),
        ("copies", "no partition"),
    ],
)
def test_a_folder_that_is_no_finished_table_is_refused(tmp_path, inside, message):
    path = folder(tmp_path)
    part(path / "part-0.parquet", visit=["V1"], year=[2020], place=["A"])
    (path / inside).mkdir(parents=True)
    (path / inside / "00000.json").write_text("{}")
    assert message in refusal(tmp_path)


def test_a_folder_named_after_a_value_is_shown_without_it(tmp_path):
    path = folder(tmp_path)
    part(path / "year=2020" / "part-0.parquet", visit=["V1"], place=["A"])
    (path / "place=Leeds").symlink_to("/")
    said = refusal(tmp_path)
    assert "part place=... is a link that leaves the folder of the extracts" in said and "Leeds" not in said


def test_a_folder_without_a_part_is_refused(tmp_path):
    (folder(tmp_path) / "_SUCCESS").touch()
    assert "no part of a table" in refusal(tmp_path)


def test_the_hash_of_an_extract_is_that_of_what_was_read_and_changes_with_any_part(tmp_path):
    path = folder(tmp_path)
    part(path / "part-0.parquet", visit=["V1"], year=[2020], place=["A"])
    part(path / "part-1.parquet", visit=["V2"], year=[2020], place=["A"])
    before = extract_hash(path)
    assert before == read(tmp_path).sha256
    part(path / "part-1.parquet", visit=["V3"], year=[2020], place=["A"])
    assert extract_hash(path) == read(tmp_path).sha256 != before
    single = path / "part-0.parquet"
    assert extract_hash(single) == sha256(single.read_bytes()).hexdigest()


def spoil(path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may be a hundred bytes long
        try:
            socket.socket(socket.AF_UNIX).bind(path.name)
        finally:
            os.chdir(here)
    else:
        path.symlink_to(kind)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("pipe", "is a pipe"),
        ("socket", "is a socket"),
        ("/dev/zero", "leaves the folder"),
        ("../../elsewhere.csv", "leaves the folder"),
        ("nothing.csv", "a file that is not there"),
        ("visits.csv", "leads nowhere"),
    ],
)
@pytest.mark.parametrize("name", ["visits.csv", "visits.csv/part-0.csv"])
def test_what_is_no_plain_file_of_the_quarter_is_refused_unopened(tmp_path, kind: str, message, name):
    quarter = tmp_path / "2023Q1"
    (tmp_path / "elsewhere.csv").write_text("visit,year,place\nV1,2020,A\n")
    path = quarter / "clinic" / name
    path.parent.mkdir(parents=True)
    if name != "visits.csv":
        kind = {"visits.csv": "part-0.csv", "../../elsewhere.csv": "../../../elsewhere.csv"}.get(kind, kind)
    spoil(path, kind)
    assert message in refusal(quarter)
    assert set(hashes_under(quarter).values()) == {""}


def test_a_link_inside_the_quarter_is_followed(tmp_path):
    kept = tmp_path / "kept" / "v.csv"
    kept.parent.mkdir()
    kept.write_text("visit,year,place\nV1,2020,A\n")
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "visits.csv").symlink_to("../kept/v.csv")
    assert read(tmp_path).frame.height == 1


def test_a_file_that_unpacks_beyond_the_limit_is_refused(tmp_path):
    one = Extracts(largest_file_mb=1)
    path = tmp_path / "clinic" / "visits.parquet"
    part(path, visit=[f"V{number}" for number in range(100)], year=[1] * 100, place=["x" * 50_000] * 100)
    assert path.stat().st_size < 100_000 and "unpacks to" in refusal(tmp_path, one)
    part(path, visit=["V1"] * 1_000_000, year=[1] * 1_000_000, place=["x"] * 1_000_000)
    assert path.stat().st_size < 100_000 and "unpacks to" in refusal(tmp_path, one)
    path.unlink()
    large = path.with_suffix(".csv")
    large.touch()
    os.truncate(large, 2_000_000)
    assert "the file has 2 MB" in refusal(tmp_path, one)


@pytest.mark.parametrize(("share", "refused"), [(0.2, True), (0.3, False)])
def test_the_share_of_rows_that_may_be_set_aside_is_a_setting_of_the_table(tmp_path, share, refused):
    path = tmp_path / "clinic" / "visits.csv"
    path.parent.mkdir()
    path.write_text("visit,year,place\nV1,2020,A\nV2,2020,A\nV3,2020,A\n,2020,A\n")
    limits = Extracts(largest_quarantined_share=0.1, largest_quarantined_shares={"visits": share})
    if refused:
        assert "1 of 4 rows cannot be used, more than the 20% allowed" in refusal(tmp_path, limits)
    else:
        assert read(tmp_path, limits).rows_quarantined == 1
