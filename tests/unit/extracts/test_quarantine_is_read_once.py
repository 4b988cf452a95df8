"""Rows set aside are those that the run found when it read the files; a later run reads the files."""

import dagster as dg
import polars as pl
import pytest

import resources.extract_assets as extract_assets
from contracts.extracts import PRISON_SPELL
from resources.extract_folder import ExtractFolder

QUARTER = "2023Q1"
ROWS = """noms_number,booking_id,reception_date,release_date,spell_type,crn
A1234BC,1,2022-01-05,2022-02-05,remand,
A1234BD,2,2022-01-05,2022-02-05,remand,
A1234BE,3,2022-01-05,,remand,
A1234BF,4,2022-01-05,,remand,
A1234BG,5,2022-01-05,,remand,
A1234BH,6,not a date,,remand,
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "extracts" / QUARTER / "pnomis"
    place.mkdir(parents=True)
    (place / "prison_spell.csv").write_text(ROWS, encoding="utf-8")
    return ExtractFolder(root=str(tmp_path))


@pytest.fixture
def readings(monkeypatch):
    """How many files were read."""
    read, original = [], extract_assets.read_extract

    def counted(*arguments):
        read.append(arguments[1].name)
        return original(*arguments)

    monkeypatch.setattr(extract_assets, "read_extract", counted)
    return read


def test_a_run_reads_a_file_once_for_its_rows_and_for_those_set_aside(folder, readings):
    @dg.asset(partitions_def=extract_assets.extract_asset(PRISON_SPELL).partitions_def, deps=["prison_spell"])
    def quarantined(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
        return extract_assets.quarantine_of(extracts, [PRISON_SPELL], context.partition_key)

    done = dg.materialize(
        [extract_assets.extract_asset(PRISON_SPELL), quarantined], partition_key=QUARTER,
        resources={"extracts": folder, "io_manager": dg.mem_io_manager},
    )
    assert readings == ["prison_spell"]
    assert done.output_for_node("quarantined").rows() == [("prison_spell", 6, "reception_date", "not a date")]


def test_where_the_rows_were_read_by_an_earlier_run_the_files_are_read_again(folder, readings):
    assert extract_assets.quarantine_of(folder, [PRISON_SPELL], QUARTER).height == 1
    assert readings == ["prison_spell"]
