"""The files of `pathways bench` are read as extracts are: no row vanishes, no column shifts, no day is lost."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pathways.bench.linkage.mapping import BenchInputError
from pathways.bench.linkage.read_files import read_file
from pathways.bench.linkage.standardise import dates
from pathways.bench.model.model import Asked, bench_model
from pathways.bench.model.model_terms import one_writing

FILES = Path(__file__).parent / "files"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_groups_written_1_and_1_0_are_one_group():
    found = bench_model(Asked(FILES / "groups_with_decimals.csv", "y ~ s + (1|g)"))
    assert found["random_effect"]["groups"] == 6
    assert found["random_effect_sd"] == pytest.approx(0.6805, abs=1e-4)  # lme4
    assert found["terms"][0]["std_error"] == pytest.approx(0.3036, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        (["1", "1.0", "+1", "10", "1e1"], 2),
        (["01", "1", "1.0"], 3),
        (["a", "1", "1.0"], 3),
        (["-0", "0.00"], 1),
        (["12345678901234567890123456789012345", "12345678901234567890123456789012346"], 2),
        (["0.50", ".5"], 1),
    ],
)
def test_numbers_are_one_group_when_they_are_one_number_and_codes_stay_as_written(values, groups):
    assert one_writing(pl.Series(values)).n_unique() == groups


def test_a_model_is_refused_where_rows_would_be_left_out():
    with pytest.raises(BenchInputError, match=r"50 of 300 rows cannot be read \(data rows 4, 7, .* 40 more\)"):
        bench_model(Asked(FILES / "stray_commas.csv", "y ~ f + (1|g)"))


@pytest.mark.parametrize("row", ["1,b", '0,"b,2', '1,"b"c,3', "1,b,2,3"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_that_cannot_be_read_is_counted_whatever_parts_the_columns(tmp_path, row, delimiter):
    text = f"y,f,x\n1,a,1\n{row}\n0,c,3\n1,d,4".replace(",", delimiter)
    file = read_file(written(tmp_path, text + "\n"))
    assert file.frame.rows() == [("1", "a", "1"), ("0", "c", "3"), ("1", "d", "4")]
    assert "1 of 4 rows cannot be read (data rows 2)" in file.left_out


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_field_that_holds_a_comma_stays_in_its_column(tmp_path, delimiter):
    text = 'y,name,note\n1,"Smith; A|B\tC",x\n0,"Doe",y\n'.replace(",", delimiter)
    assert read_file(written(tmp_path, text)).frame.rows() == [("1", "Smith; A|B\tC", "x"), ("0", "Doe", "y")]


def test_decimal_commas_are_numbers_where_semicolons_part_the_columns(tmp_path):
    file = read_file(written(tmp_path, "y;x;place\n1;0,5;1,2 km\n0;2;3\n"))
    assert file.frame.rows() == [("1", "0.5", "1,2 km"), ("0", "2", "3")]


def test_a_folder_of_parts_is_one_file(tmp_path):
    folder = tmp_path / "people.parquet"
    folder.mkdir()
    for number in range(2):
        pl.DataFrame({"y": [number], "x": [0.5]}).write_parquet(folder / f"part-{number}.parquet")
    assert read_file(folder).frame.rows() == [("0", "0.5"), ("1", "0.5")]


def test_midnights_that_were_written_as_utc_keep_their_day(tmp_path):
    born = [datetime(1980, 6, 30, 23, tzinfo=UTC), datetime(1980, 1, 5, tzinfo=UTC)]
    pl.DataFrame({"born": born}).write_parquet(tmp_path / "people.parquet")
    read = read_file(tmp_path / "people.parquet").frame["born"]
    assert dates((read, pl.Series(["1980-06-30T23:00:00Z", "1980-01-05"])))[0].to_list() == ["1980-07-01", "1980-01-05"]
    assert dates((read, pl.Series(["1980-06-30T23:00:00Z", "1980-01-05"])))[1].to_list() == ["1980-07-01", "1980-01-05"]


def test_times_of_day_that_are_no_midnights_leave_the_day_as_it_is():
    written = pl.Series(["1980-06-30 23:00:00", "1980-06-30 14:20:00"])
    assert dates((written, written))[0].to_list() == ["1980-06-30", "1980-06-30"]
