"""A refresh reads a file once: its zone takes over what the check read, and what was set aside in it."""

import dagster as dg
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import resources.extracts.extract_assets as extract_assets
from contracts.extracts import PRISON_SPELL
from pathways.check.check import check_extracts
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.extract_reader import read_extract
from resources.extracts.kept_reading import forget_readings, keep_reading, reading_key, readings_folder, take_reading
from resources.settings.study_settings import load_study_settings
from resources.zone.dagster_partitions import quarters
from resources.zone.partitions import quarter_end
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"
LATEST = quarter_end(QUARTER)
ROWS = """noms_number,booking_id,reception_date,release_date,spell_type,crn
A1234BC,1,2022-01-05,2022-02-05,remand,
A1234BD,2,2022-01-05,2022-02-05,remand,
A1234BE,3,2022-01-05,,remand,
A1234BF,4,2022-01-05,,remand,
A1234BG,5,2022-01-05,,remand,
A1234BH,6,not a date,,remand,
"""


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "extracts" / QUARTER / "pnomis"
    place.mkdir(parents=True)
    (place / "prison_spell.csv").write_text(ROWS, encoding="utf-8")
    return place / "prison_spell.csv"


@pytest.fixture
def readings(monkeypatch):
    """The files that were read by the zone."""
    read, original = [], extract_assets.read_extract_file

    def counted(*arguments):
        read.append(arguments[1].name)
        return original(*arguments)

    monkeypatch.setattr(extract_assets, "read_extract_file", counted)
    return read


def limits():
    return load_study_settings().extracts


def make_table(root) -> tuple[pl.DataFrame, list[tuple]]:
    """The table of the extract and the rows set aside, as one run of its zone makes them."""

    @dg.asset(partitions_def=quarters, deps=["prison_spell"])
    def quarantined(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
        return extract_assets.quarantine_of(extracts, [PRISON_SPELL], context.partition_key)

    store = ZoneStore(Zone("linkage", root, "code", "settings", {}))
    done = dg.materialize(
        [extract_assets.extract_asset(PRISON_SPELL, "linkage"), quarantined],
        partition_key=QUARTER,
        resources={
            "extracts": ExtractFolder(root=str(root)),
            "zone_store": store,
            "io_manager": dg.mem_io_manager,
        },
    )
    return done.output_for_node("prison_spell"), done.output_for_node("quarantined").rows()


def test_a_run_reads_a_file_once_for_its_rows_and_for_those_set_aside(tmp_path, file, readings):
    table, set_aside = make_table(tmp_path)
    assert readings == ["prison_spell"]
    assert (table.height, set_aside) == (5, [("prison_spell", 6, "reception_date", "not a date")])


def test_what_the_check_of_a_refresh_read_is_taken_over_and_no_longer_kept(tmp_path, file, readings):
    read_now = make_table(tmp_path)
    folder = readings_folder(tmp_path, "linkage", QUARTER)
    keep_reading(
        folder,
        read_extract(tmp_path / "extracts" / QUARTER, PRISON_SPELL, LATEST, limits()),
        reading_key(LATEST, limits()),
    )
    taken_over = make_table(tmp_path)
    assert readings == ["prison_spell"]
    assert_frame_equal(taken_over[0], read_now[0])
    assert taken_over[1] == read_now[1]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("change", ["file", "table", "key", "facts"])
def test_a_reading_of_another_file_or_by_other_code_or_a_damaged_one_is_not_taken(tmp_path, file, change):
    key = reading_key(LATEST, limits())
    folder = readings_folder(tmp_path, "linkage", QUARTER)
    keep_reading(folder, read_extract(tmp_path / "extracts" / QUARTER, PRISON_SPELL, LATEST, limits()), key)
    if change == "file":
        file.write_text(ROWS.replace("A1234BC", "A1234BZ"), encoding="utf-8")
    if change == "table":
        pl.DataFrame({"noms_number": ["A1234BC"]}).write_parquet(folder / "prison_spell" / "table.parquet")
    if change == "facts":
        (folder / "prison_spell" / "facts.json").write_text("{", encoding="utf-8")
    assert take_reading(folder, "prison_spell", file, "another" if change == "key" else key) is None
    assert take_reading(folder, "prison_spell", file, key) is None


def test_what_no_zone_took_is_kept_no_longer_than_the_refresh(tmp_path, file):
    check_extracts(file, QUARTER, "prison_spell", keep_for=tmp_path)
    other = readings_folder(tmp_path, "linkage", "2023Q2")
    other.mkdir(parents=True)
    forget_readings(tmp_path, QUARTER)
    assert not readings_folder(tmp_path, "linkage", QUARTER).exists()
    assert other.exists()


def test_a_check_that_refuses_keeps_nothing_and_one_by_itself_neither(tmp_path, file):
    reports = check_extracts(tmp_path / "extracts" / QUARTER, QUARTER, keep_for=tmp_path)
    assert any(report.status == "rejected" for report in reports)
    assert not readings_folder(tmp_path, "linkage", QUARTER).exists()
    check_extracts(file, QUARTER, "prison_spell")
    assert not readings_folder(tmp_path, "linkage", QUARTER).exists()


def test_the_check_keeps_what_it_read_for_the_zone_that_reads_it(tmp_path, file):
    check_extracts(file, QUARTER, "prison_spell", keep_for=tmp_path)
    folder = readings_folder(tmp_path, "linkage", QUARTER)
    taken = take_reading(folder, "prison_spell", file, reading_key(LATEST, limits()))
    assert taken is not None and taken.frame.height == 5
