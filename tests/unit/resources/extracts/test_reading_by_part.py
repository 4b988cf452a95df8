"""An extract that is read some rows at a time is what it is read at once: rows, counts, messages and bytes."""

import signal
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from resources.extracts import extract_assets
from resources.extracts.extract_declaration import Column, Extract, Order
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.extract_reader import read_extract_file
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files import csv_text, extract_csv, text_blocks
from resources.extracts.reading import rows_in_parts
from resources.process.data_root import REPOSITORY
from resources.settings.extract_settings import Extracts
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

LAST_DAY = date(2023, 3, 31)
ALL_ALLOWED = Extracts(largest_quarantined_share=1, largest_unreadable_share=1)
VISITS = Extract(
    "visits",
    "clinic",
    "Visits",
    (
        Column("visit", "id", "number", null=False),
        Column("began", "date", "first day"),
        Column("ended", "date", "last day"),
        Column("rooms", "whole", "rooms", low=0, high=99),
        Column("remark", "text", "remark"),
    ),
    key=("visit",),
    orders=(Order("began", "ended", "ends before it starts", void=("ended",)),),
)
HEADER = "visit,began,ended,rooms,remark\n"
ROWS = [
    "V1,2022-01-05,2022-02-05,1,fine\n",
    " V2 ,05/01/2022,2022-02-05,1.0,\n",
    'V3,2022-01-05,2022-02-05,2,"two\nlines, and ""quotes"""\n',
    "V4,,,,NULL\n",
    "V5,2022-03-05,2022-02-05,200,contradicts itself\n",
    ",2022-01-05,,,no key\n",
    "V6,not a day,2022-13-40,x,\n",
    "V7,2022-01-05,2022-02-05,1,one of two\n",
    "V7,2022-01-05,2022-02-05,2,one of two\n",
    "V8,2022-01-05,2022-02-05,1,twice\n",
    "V8,2022-01-05,2022-02-05,1,twice\n",
    ",,,,\n",
    "\n",
    "V9,2022-01-05,2022-02-05,1,caf\xe9 \x07\n",
    HEADER,
]
BROKEN = ["V10,2022-01-05\n", 'V11,2022-01-05,"open,1,x\n', "V12,2022-01-05,2022-02-05,1,x,y\n", 'V13,,,,in "side\n']
ENDS = {"as they are": lambda text: text, "of Windows": lambda text: text.replace(b"\n", b"\r\n")}


def said(path: Path, parts: Path | None = None) -> tuple:
    """All that reading a file says of it, or why it is refused."""
    try:
        read = read_extract_file(path, VISITS, LAST_DAY, ALL_ALLOWED, parts)
    except ExtractError as error:
        return (str(error),)
    counted = (read.normalised, read.form, read.sha256, read.rows_read, read.rows_kept, read.empty, read.warnings)
    return (read.frame.rows(), read.quarantined.rows(), read.voided.rows(), *counted)


def by_part(path: Path, parts: Path, block: int) -> tuple:
    """The same, read in blocks of so many bytes, whose rows lie in files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_blocks, "BYTES_PER_BLOCK", block)
        patch.setattr(rows_in_parts, "BYTES_HELD", 0)
        patch.setattr(rows_in_parts, "ROWS_COMPARED", 2)
        patch.setattr(extract_csv, "_ROWS_AT_ONCE", 3)
        patch.setattr(extract_csv, "_LONGEST_QUOTE", 2_000)
        return said(path, parts)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.sampled_from([*ROWS, *BROKEN]), min_size=1, max_size=14),
    block=st.integers(1, 120),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    ends=st.sampled_from(sorted(ENDS)),
    cut=st.booleans(),
)
def test_a_csv_file_is_the_same_in_blocks_of_any_size(tmp_path, rows, block, mark, ends, cut):
    text = ENDS[ends]((HEADER + "".join(rows)).encode("cp1252"))
    path = tmp_path / "visits.csv"
    path.write_bytes(mark + (text.rstrip(b"\r\n") if cut else text))
    assert by_part(path, tmp_path / "parts", block) == said(path)


@pytest.mark.parametrize(
    "content",
    [
        HEADER.encode(),
        HEADER.encode() + b"\n\n \n",
        HEADER.replace("\n", "\r").encode() + b"V1,,,,\rV2,,,,\r",
        HEADER.encode() + b"V1,,,,\n\x1a\n",
        HEADER.encode() + b"V1,,,,\n\x1a",
        HEADER.replace("\n", ",\n").encode() + b"V1,,,,,\nV2,,,,,\n",
        HEADER.encode() + b"V1,,,,\nV2,,,,,\nV3,,,,\n",
        HEADER.encode() + b"V1,,,,\n" + b"\0" * 600 + b"V2,,,,\n",
        HEADER.encode() + b"V1,,,,\nremark,visit,began,ended,rooms\nV2,,,,\n",
        b"   \n  ",
        b"",
        b"PAR1\n",
        b"begun,over\n1,2\n",
    ],
)
def test_what_a_csv_file_is_refused_for_or_counted_for_is_the_same_in_blocks(tmp_path, content):
    path = tmp_path / "visits.csv"
    path.write_bytes(content)
    for block in (1, 16, 31, 700):
        assert by_part(path, tmp_path / "parts", block) == said(path)


def test_parts_of_a_folder_and_row_groups_of_parquet_are_read_one_after_the_other(tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(HEADER + "".join(ROWS[:13]), encoding="utf-8")
    text = pl.read_csv(path, infer_schema=False)
    (tmp_path / "visits.parquet").mkdir()
    for place in range(2):
        text[place * 6 : place * 6 + 6].write_parquet(tmp_path / f"visits.parquet/{place}.parquet", row_group_size=2)
    text[:12].write_parquet(tmp_path / "whole.parquet")
    in_parts = by_part(tmp_path / "visits.parquet", tmp_path / "parts", 1)
    assert len(list((tmp_path / "parts").iterdir())) == 6
    assert in_parts[:3] == said(tmp_path / "whole.parquet")[:3]


def test_a_file_that_is_replaced_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "visits.csv"
    path.write_text(HEADER + "".join(ROWS[:4]), encoding="utf-8")
    original = csv_text.read_at_once

    def replacing(*arguments):
        path.write_text(HEADER + "".join(ROWS[:3]), encoding="utf-8")
        return original(*arguments)

    monkeypatch.setattr(csv_text, "read_at_once", replacing)
    with pytest.raises(ExtractError, match="changed while it was read"):
        read_extract_file(path, VISITS, LAST_DAY)


MAKE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from resources.extracts.reading import rows_in_parts
from resources.extracts.files import text_blocks
import test_reading_by_part as by_part
text_blocks.BYTES_PER_BLOCK, rows_in_parts.BYTES_HELD = 4_000, 0
original, root, kill = rows_in_parts.RowsInParts._put, Path(sys.argv[1]), sys.argv[2] == "killed"
def put(self, place, frame):
    original(self, place, frame)
    if kill and place == 3:
        os.kill(os.getpid(), signal.SIGKILL)
rows_in_parts.RowsInParts._put = put
by_part.make_table(root)
"""


def make_table(root: Path) -> None:
    """The table of the extract, as a run of its zone makes it."""
    dg.materialize(
        [extract_assets.extract_asset(VISITS, "clinic")],
        partition_key="2023Q1",
        resources={
            "extracts": ExtractFolder(root=str(root)),
            "zone_store": (store := ZoneStore(Zone("clinic", root, "code", "settings", {}))),
            "io_manager": store,
        },
    )


def started(root: Path, how: str) -> int:
    """Make the table in a process of its own, which is killed while it reads the fourth part or is not."""
    script = MAKE.format(tests=str(Path(__file__).parent))
    return subprocess.run(
        [sys.executable, "-c", script, root, how], cwd=REPOSITORY, capture_output=True, check=False
    ).returncode


def test_a_reading_that_is_killed_leaves_no_table_and_the_next_gives_the_table_that_one_in_memory_gives(tmp_path):
    folder, tables = tmp_path / "extracts" / "2023Q1" / "clinic", tmp_path / "clinic" / "2023Q1"
    folder.mkdir(parents=True)
    rows = "".join(f"V{number},2022-01-05,2022-02-05,{number % 90},\n" for number in range(2_000))
    (folder / "visits.csv").write_text(HEADER + rows + "".join(ROWS[7:11]), encoding="utf-8")
    assert started(tmp_path, "killed") == -signal.SIGKILL
    assert not (tables / "visits.parquet").exists() and not (tables / "visits.json").exists()
    assert started(tmp_path, "not killed") == 0
    by_parts = (tables / "visits.parquet").read_bytes()
    assert [path for path in tables.rglob("*") if "part" in path.name and path.suffix != ".parquet"] == []
    assert not (tables / "visits.chunks").exists()
    make_table(tmp_path)
    assert sha256((tables / "visits.parquet").read_bytes()).digest() == sha256(by_parts).digest()
    frame = pl.read_parquet(tables / "visits.parquet")
    assert frame.height == 2_000 - 2 and frame["visit"].is_unique().all()
    assert_frame_equal(frame, read_extract_file(folder / "visits.csv", VISITS, LAST_DAY).frame)
