"""A thousand values of the extracts are found nowhere but in the zone that they belong to, after a whole refresh.

Searched are all files of the data folder, opened (tests/boundaries/tables/opened_files.py), and what was seen of the
refresh from outside while it went: what it printed, command lines and environments (tests/refresh_witness.py).
"""

import gzip
import shutil
import sqlite3
import zipfile
import zlib
from base64 import b64encode
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import typst

from tests.boundaries.tables.planted_values import BIRTH, CRN, KINDS, NOTE, Planted, plant

QUARTER = "2023Q1"
SOURCES = {"extracts", "truth"}  # where the values come from
FOLDERS = {"linkage", "nlp", "modelling", "crossings", "publication", "dagster", "settings", "witness"}
# Tables that may hold values: of the linkage zone all but notes, of the notes zone notes and whose they are. A receipt,
# a model, a log, labels and all that lies elsewhere hold none.
TABLES_WITH_VALUES = {
    f"linkage/{QUARTER}/*.parquet": set(KINDS) - {NOTE},
    f"nlp/{QUARTER}/*.parquet": {CRN, NOTE},
    f"crossings/note_request/{QUARTER}/note_request.parquet": {CRN},
}
A_CRN, A_BIRTH_DATE, A_NOTE = "X320741", date(1984, 3, 7), "He said that he would go on Monday"


@pytest.fixture(scope="module")
def planted(small_quarter) -> Planted:
    return plant(small_quarter / "extracts" / QUARTER)


@pytest.fixture(scope="module")
def found(small_quarter, planted) -> dict[str, set[str]]:
    """Path below the data folder of each file with a value in it, to the kinds of the values."""
    everywhere = (path for path in sorted(small_quarter.rglob("*")) if path.is_file())
    files = [path for path in everywhere if path.relative_to(small_quarter).parts[0] not in SOURCES]
    assert {path.relative_to(small_quarter).parts[0] for path in files} >= FOLDERS
    return {str(path.relative_to(small_quarter)): kinds for path, kinds in planted.found_in(files).items()}


def test_a_thousand_values_of_all_kinds_are_searched_for(planted):
    assert planted.count == 1000
    assert set(planted.kind_of.values()) == set(KINDS)


def test_no_value_is_found_outside_the_zone_that_it_belongs_to(found):
    misplaced = {path: sorted(kinds - _may_hold(path)) for path, kinds in found.items() if kinds - _may_hold(path)}
    assert misplaced == {}


@pytest.mark.parametrize("place", TABLES_WITH_VALUES)
def test_the_search_finds_the_values_where_they_belong(place, found):
    kinds = set().union(*(kinds for path, kinds in found.items() if Path(path).match(place)))
    assert kinds == TABLES_WITH_VALUES[place]


def _may_hold(path: str) -> set[str]:
    return next((kinds for place, kinds in TABLES_WITH_VALUES.items() if Path(path).match(place)), set())


def test_what_was_seen_of_the_refresh_is_of_all_its_processes(small_quarter, witness):
    seen = witness(small_quarter)
    commands = "\n".join(seen.kept("command_lines"))
    for zone in ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets"):
        assert f"-m pathways.refresh.run_zone {zone} {QUARTER}" in commands
    assert f"PATHWAYS_VAR={small_quarter}" in seen.kept("environments")
    assert any(line.startswith("modelling_assets: ") for line in seen.kept("printed"))


def test_no_command_line_holds_a_key_or_password(small_quarter, witness):
    seen = witness(small_quarter)
    secrets = {
        value
        for name, _, value in (line.partition("=") for line in seen.kept("environments"))
        if value and any(word in name for word in ("KEY", "TOKEN", "SECRET", "PASSWORD"))
    }
    assert not [number for number, line in enumerate(seen.kept("command_lines")) if any(s in line for s in secrets)]


# --- the search can fail: a value that is planted in a file of each kind is found ---


def in_a_table_as_text(published: Path, file: Path):
    frame = pl.read_parquet(published / "modelling" / QUARTER / "model_records.parquet")
    frame.with_columns(more=pl.lit(A_CRN)).write_parquet(file, compression="zstd")


def in_a_table_as_a_date(published: Path, file: Path):
    frame = pl.read_parquet(published / "modelling" / QUARTER / "model_records.parquet")
    frame.with_columns(more=pl.lit(A_BIRTH_DATE)).write_parquet(file, compression="zstd")


def in_a_database(published: Path, file: Path):
    _with_cell(published, file, "." * 5000 + A_CRN + "." * 5000)  # goes over the end of a page


def in_a_database_compressed(published: Path, file: Path):
    _with_cell(published, file, zlib.compress(f"run of {A_CRN}".encode()))


def _with_cell(published: Path, file: Path, cell: str | bytes):
    shutil.copyfile(published / "dagster" / "history" / "runs.db", file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO kvs (key, value) VALUES ('planted', ?)", [cell])


def in_a_deleted_row_of_a_database(published: Path, file: Path):
    _with_cell(published, file, A_CRN)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("DELETE FROM kvs")


def in_a_log(published: Path, file: Path):
    log = next((published / "dagster" / "storage").rglob("*.err"))
    file.write_bytes(log.read_bytes() + A_NOTE.encode())


def in_a_packed_log(published: Path, file: Path):
    in_a_log(published, file)
    file.write_bytes(gzip.compress(file.read_bytes()))


def in_a_log_packed_with_zstd(published: Path, file: Path):
    in_a_log(published, file)
    content = file.read_bytes()
    with pa.CompressedOutputStream(str(file), "zstd") as stream:
        stream.write(content)


def in_a_workbook(published: Path, file: Path, name: str = "tables.xlsx"):
    shutil.copyfile(published / "publication" / QUARTER / name, file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("more.xml", f"<c><v>{A_BIRTH_DATE:%d/%m/%Y}</v></c>")


def in_an_open_document(published: Path, file: Path):
    in_a_workbook(published, file, "tables.ods")


def in_a_stream_of_a_report(published: Path, file: Path):
    report = (published / "publication" / QUARTER / "report.pdf").read_bytes()
    packed = zlib.compress(f"% {A_CRN}".encode())
    file.write_bytes(report + b"\n9999 0 obj\n<</Filter/FlateDecode>>\nstream\n" + packed + b"\nendstream\nendobj\n")


def in_words_that_a_report_shows(published: Path, file: Path):
    text = f"= Pathways\n#lorem(80) {A_NOTE} #lorem(80)"
    file.write_bytes(typst.compile(text.encode(), format="pdf"))


def in_data_inside_a_page(published: Path, file: Path):
    page = (published / "publication" / QUARTER / "report.html").read_text(encoding="utf-8")
    data = b64encode(f"<svg><text>{A_CRN}</text></svg>".encode()).decode()
    file.write_text(f'{page}<img src="data:image/svg+xml;base64,{data}">', encoding="utf-8")


def in_a_receipt(published: Path, file: Path):
    receipt = (published / "modelling" / QUARTER / "publication.json").read_text(encoding="utf-8")
    file.write_text(f'{receipt}{{"born": "{A_BIRTH_DATE}T00:00:00"}}', encoding="utf-8")


def in_an_error(published: Path, file: Path):
    file.write_text(f"ValueError: {A_BIRTH_DATE!r} is no date", encoding="utf-8")


PLACES = [
    in_a_table_as_text,
    in_a_table_as_a_date,
    in_a_database,
    in_a_database_compressed,
    in_a_deleted_row_of_a_database,
    in_a_log,
    in_a_packed_log,
    in_a_log_packed_with_zstd,
    in_a_workbook,
    in_an_open_document,
    in_a_stream_of_a_report,
    in_words_that_a_report_shows,
    in_data_inside_a_page,
    in_a_receipt,
    in_an_error,
]


@pytest.mark.parametrize("write", PLACES)
def test_a_value_in_a_file_of_any_kind_is_found(write, small_quarter, tmp_path):
    file = tmp_path / "file"
    write(small_quarter, file)
    forms = {
        A_CRN: CRN,
        A_NOTE: NOTE,
        A_NOTE.replace(" ", ""): NOTE,
        **dict.fromkeys((f"{A_BIRTH_DATE}", f"{A_BIRTH_DATE:%d/%m/%Y}", "(1984, 3, 7"), BIRTH),
    }
    assert Planted(forms, 3).found_in([file])
