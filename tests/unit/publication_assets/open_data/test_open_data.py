import csv
import io
import zipfile
from dataclasses import replace
from typing import Any

import csvw
import polars as pl
import pytest

from publication_assets.catalogue.tables import by_number
from publication_assets.steps.open_data.csvw_metadata import METADATA_FILE, csvw_metadata
from publication_assets.steps.open_data.observations import COLUMNS, observations
from publication_assets.steps.open_data.write_open_data import ARCHIVE, FOLDER, open_data_files
from publication_assets.steps.release.release_entries import ReleaseEntry
from publication_assets.steps.workbook.workbook_sheets import Number
from publication_assets.steps.workbook.write_workbook import workbook_sheets
from publishing.disclosure.disclosure_control import rounded

NOT_LISTED = {ARCHIVE, f"{FOLDER}/{METADATA_FILE}", f"{FOLDER}/README.md"}


@pytest.fixture(scope="module")
def files(cells, facts):
    return open_data_files(cells, facts)


@pytest.fixture(scope="module")
def data(cells):
    return observations(cells, counts_are_rounded=False)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def is_valid(files: dict[str, bytes], folder) -> bool:
    """What the W3C rules, as the package csvw checks them, say of metadata and files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    try:
        return csvw.CSVW(str(folder / FOLDER / METADATA_FILE), validate=True).is_valid
    except ValueError:  # columns that are not those described
        return False


def test_each_row_says_what_the_cell_of_the_workbook_says_and_no_cell_is_left_out(cells, facts, data):
    seen = 0
    for sheet in workbook_sheets(cells, facts)[3:]:
        table = int(sheet.name.removeprefix("Table_"))
        own = data.filter(pl.col("table") == table).rows(named=True)
        assert sheet.table
        contents = [content for row in sheet.table.rows for content in row[len(by_number(table).row_headers) :]]
        for row, content in zip(own, contents, strict=True):
            if isinstance(content, Number):
                assert rounded(float(row["value"]), content.decimals) == content.value
                assert row["status"] == "shown" and not row["words"]
            elif content == "[low]":
                assert row["status"] == "[low]" or 0 < float(row["value"]) < 0.5
            else:
                assert content == (row["words"] if row["status"] == "shown" else row["status"])
                assert not row["value"]
            seen += 1
    assert seen == data.height == cells.height


def test_a_share_has_a_decimal_place_only_where_the_workbook_shows_both_of_its_counts(cells, data):
    counts = dict(
        cells.filter(pl.col("quantity").is_not_null(), status="shown").select("quantity", "value").iter_rows()
    )
    precise = 0
    for cell, row in zip(cells.iter_rows(named=True), data.iter_rows(named=True), strict=True):
        if cell["unit"] == "percent" and "." in row["value"]:
            part, *_, base = cell["depends_on"].split("; ")
            assert row["value"] == str(rounded(100 * counts[part] / counts[base], 1))
            precise += 1
    assert precise > 100


def test_where_counts_are_rounded_every_value_is_that_of_the_workbook(cells):
    rows = observations(cells, counts_are_rounded=True)
    shown = [
        cell.replace(",", "") if status == "shown" and unit != "text" else ""
        for cell, status, unit in cells.select("shown", "status", "unit").iter_rows()
    ]
    assert rows["value"].to_list() == shown
    assert rows["status"].to_list() == cells["status"].to_list()


def test_a_row_is_found_by_table_labels_and_measure(data):
    assert data.select("table", "row_group", "row_label", "measure").is_unique().all()


def test_every_file_has_one_header_row_and_is_described_with_its_columns_and_what_blank_means(files, tmp_path):
    assert is_valid(files, tmp_path)
    described: list[Any] = csvw.CSVW(str(tmp_path / FOLDER / METADATA_FILE)).tables
    assert {f"{FOLDER}/{table.url.string}" for table in described} == set(files) - NOT_LISTED
    for table in described:
        rows = rows_of(files[f"{FOLDER}/{table.url.string}"])
        assert rows[0] == [column.name for column in table.tableSchema.columns]
        assert all(len(row) == len(rows[0]) for row in rows)
        assert table.common_props["dc:title"]


@pytest.mark.parametrize(
    ("old", "new"), [(b",shown\r\n", b",[q]\r\n"), (b",count,", b",number,"), (b"table,", b"Table,")]
)
def test_a_file_that_is_not_as_described_is_not_valid(files, tmp_path, old, new):
    name = f"{FOLDER}/table_1.csv"
    assert old in files[name]
    assert not is_valid(files | {name: files[name].replace(old, new, 1)}, tmp_path)


def test_every_mark_and_measure_in_the_data_is_in_the_dictionary_once(files, data):
    marks = [row[0] for row in rows_of(files[f"{FOLDER}/marks.csv"])[1:]]
    assert len(set(marks)) == len(marks) and set(data["status"]) <= set(marks)
    measures = [tuple(row[:2]) for row in rows_of(files[f"{FOLDER}/measures.csv"])[1:]]
    assert len(set(measures)) == len(measures)
    assert {(str(table), measure) for table, measure in data.select("table", "measure").iter_rows()} == set(measures)


def test_a_mark_is_never_set_on_a_label_so_that_it_means_one_thing(files, data):
    marks = [row[0] for row in rows_of(files[f"{FOLDER}/marks.csv"])[1:]]
    labels = {*data["row_group"], *data["row_label"], *data["measure"]}
    assert not [label for label in labels if any(mark in label for mark in [*marks[1:], "[e]"])]
    notes = files[f"{FOLDER}/notes.csv"]
    assert b"low reliability." in notes and b"[e]" not in notes and b"[u]" not in notes


def test_every_title_and_the_metadata_say_that_data_are_synthetic(cells, facts):
    made_up = open_data_files(cells, replace(facts, synthetic=True))
    titles = [row[2] for row in rows_of(made_up[f"{FOLDER}/tables.csv"])[1:]]
    assert all("SYNTHETIC DATA" in title for title in titles)
    assert made_up[f"{FOLDER}/{METADATA_FILE}"].count(b"SYNTHETIC DATA") == len(titles) + 1
    assert b"SYNTHETIC DATA" in made_up[f"{FOLDER}/README.md"]


def test_the_metadata_give_licence_publisher_and_day_of_issue_where_the_settings_do(cells, facts):
    about = (
        ReleaseEntry("Publication date", "published_on", "24 March 2026"),
        ReleaseEntry("Publisher", "publisher", "Ministry of Justice"),
        ReleaseEntry("Licence", "licence", "Open Government Licence v3.0"),
    )
    metadata = csvw_metadata(cells, replace(facts, about=about)).decode()
    assert '"dc:issued": "2026-03-24"' in metadata and '"dc:publisher": "Ministry of Justice"' in metadata
    assert "open-government-licence/version/3" in metadata
    assert "dc:issued" not in csvw_metadata(cells, replace(facts, about=())).decode()


def test_the_archive_holds_the_files_of_the_folder_and_the_same_cells_give_the_same_bytes(files, cells, facts):
    with zipfile.ZipFile(io.BytesIO(files[ARCHIVE])) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {name: content for name, content in files.items() if name != ARCHIVE}
    assert open_data_files(cells, facts) == files


def test_columns_of_the_data_are_those_that_are_explained(files):
    assert rows_of(files[f"{FOLDER}/table_1.csv"])[0] == list(COLUMNS)
    assert all(f"| `{column}` |" in files[f"{FOLDER}/README.md"].decode() for column in COLUMNS)
