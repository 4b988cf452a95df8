"""Reading one extract file: rows, types, counts, and that the order of rows does not matter."""

from datetime import date, datetime

import polars as pl
import pytest

from contracts.extracts import CONTACT_NOTE, LINKAGE_EXTRACTS, NOTES_EXTRACTS, OFFENDER, OUTCOME_PROFILE, RISK
from resources.extracts.extract_declaration import Column, Extract
from resources.extracts.extract_reader import ReadExtract, counts_by_rule, read_extract, read_extract_file
from resources.extracts.extract_rules import ExtractError
from resources.extracts.extract_schema import QuarantinedRows, extract_table
from resources.zone.schema_check import TableDoesNotMatchSchema, check_frame, column_meanings

LAST_DAY = date(2023, 3, 31)
PEOPLE = Extract(
    "people",
    "register",
    "One row per person",
    (
        Column("person", "id", "key", null=False),
        Column("born", "date", "date of birth"),
        Column("visits", "whole", "visits", low=0, high=99),
        Column("score", "decimal", "score", low=0, high=1),
        Column("member", "code", "member", allowed=("Y", "N")),
        Column("remark", "note", "remark"),
    ),
    ("person",),
)


def _write(folder, name: str, content: str | bytes, system: str = "register"):
    path = folder / system / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _read(folder, rows: str) -> ReadExtract:
    _write(folder, "people.csv", "person,born,visits,score,member,remark\n" + rows)
    return read_extract(folder, PEOPLE, LAST_DAY)


def test_values_have_the_type_of_their_kind(tmp_path):
    read = _read(tmp_path, 'p1,1984-03-07,3,0.5,y," as typed "\n')
    assert read.frame.rows() == [("P1", date(1984, 3, 7), 3, 0.5, "Y", " as typed ")]
    assert read.frame.schema == {
        "person": pl.String,
        "born": pl.Date,
        "visits": pl.Int64,
        "score": pl.Float64,
        "member": pl.String,
        "remark": pl.String,
    }


def test_a_note_that_says_na_is_kept_and_an_empty_note_is_missing(tmp_path):
    read = _read(tmp_path, "P1,,,,,NA\nP2,,,,,\n")
    assert read.frame["remark"].to_list() == ["NA", None]


def test_every_row_is_kept_quarantined_or_counted_as_dropped(tmp_path):
    first = "P1,,,,,\nP1,,,,,\n,,1,,,\nP2,,,,,\nP2,,2,,,\n"
    more = [f"P{number}" for number in range(4, 20)]
    read = _read(tmp_path, first + ",,,,,\nP3,,,,,a,b\n" + "".join(f"{name},,,,,\n" for name in more))
    assert read.frame["person"].to_list() == ["P1", *more]
    assert read.quarantined["row_number"].to_list() == [3, 4, 5, 7]
    assert read.normalised["(row)"] == {"empty row dropped": 1, "identical row dropped": 1}
    assert read.rows_read == 22 == 17 + read.rows_quarantined + 1


def test_the_order_of_rows_does_not_change_what_is_kept(tmp_path):
    lines = ["P1,1984-03-07,1,,,\n", "P1,1984-03-07,2,,,\n", "P2,31/02/1984,,,,\n", *["P3,,,,,\n"] * 2]
    lines += [f"P{number},,,,,\n" for number in range(4, 12)]
    forwards = _read(tmp_path, "".join(lines))
    backwards = _read(tmp_path, "".join(reversed(lines)))
    assert forwards.frame.sort("person").equals(backwards.frame.sort("person"))
    assert counts_by_rule(forwards.voided) == {"born": {"date that does not exist": 1}}
    assert counts_by_rule(forwards.voided) == counts_by_rule(backwards.voided)


def test_a_row_with_two_faults_is_quarantined_once_and_has_a_line_for_each(tmp_path):
    rows = "\nE1,2022-01-05,,,,\nE2,2022-01-05,,,,\n,NA,1,,,\nE3,2022-01-05,,,,\nE4,2022-01-05,,,,\n"
    _write(tmp_path, "risk.csv", ",".join(RISK.column_names) + rows, "ndelius")
    read = read_extract(tmp_path, RISK, LAST_DAY)
    assert read.rows_quarantined == 1
    assert read.quarantined.select("row_number", "column").rows() == [(3, "event_id"), (3, "assessment_date")]
    check_frame(read.quarantined, QuarantinedRows, "quarantined_rows")


def test_a_voided_value_in_a_quarantined_row_is_not_counted_twice(tmp_path):
    read = _read(tmp_path, ",31/02/1984,,,,\n" + "".join(f"P{number},,,,,\n" for number in range(5)))
    assert read.rows_quarantined == 1
    assert read.voided.height == 0


def test_a_column_that_is_mostly_unreadable_rejects_the_file_with_what_was_counted(tmp_path):
    rows = "".join(f"P{number},,many,,,\n" for number in range(25)) + "P90,,1,,,\n"
    with pytest.raises(ExtractError, match="25 of 26 values cannot be read") as caught:
        _read(tmp_path, rows)
    assert caught.value.column == "visits"
    assert counts_by_rule(caught.value.result.voided) == {"visits": {"not a whole number": 25}}


def test_a_column_of_few_values_may_be_all_unreadable(tmp_path):
    read = _read(tmp_path, "P1,,many,,,\nP2,,,,,\nP3,,,,,\n")
    assert counts_by_rule(read.voided) == {"visits": {"not a whole number": 1}}


def test_open_ended_dates_far_in_the_future_are_voided_however_many(tmp_path):
    read = _read(tmp_path, "".join(f"P{number},9999-12-31,,,,\n" for number in range(30)))
    assert read.frame.height == 30 and read.frame["born"].null_count() == 30


def test_a_typed_parquet_file_reads_as_the_same_table_as_csv(tmp_path):
    csv = _read(tmp_path / "csv", "7,1984-03-07,3,0.5,Y,text\n8,,,,N,\n")
    frame = pl.DataFrame(
        {
            "person": [7.0, 8.0],
            "born": [datetime(1984, 3, 7), None],
            "visits": pl.Series([3, None], dtype=pl.Int8),
            "score": pl.Series([0.5, None], dtype=pl.Float32),
            "member": [True, False],
            "remark": pl.Series(["text", None], dtype=pl.Categorical),
        }
    )
    (tmp_path / "parquet" / "register").mkdir(parents=True)
    frame.write_parquet(tmp_path / "parquet" / "register" / "people.parquet")
    parquet = read_extract(tmp_path / "parquet", PEOPLE, LAST_DAY)
    assert parquet.frame.equals(csv.frame)


def test_rows_are_duplicates_by_the_columns_that_are_declared(tmp_path):
    rows = "".join(f"X770001,J,S,1984-03-07,M,W1,,,,0,{number}\n" for number in (1, 2))
    path = _write(tmp_path, "offender.csv", ",".join([*OFFENDER.column_names, "row_number"]) + "\n" + rows)
    read = read_extract_file(path, OFFENDER, LAST_DAY)
    assert read.frame.height == 1 and read.rows_quarantined == 0
    assert read.normalised["(row)"] == {"identical row dropped": 1}


def test_midnights_of_london_days_that_parquet_tells_in_utc_refuse_the_file(tmp_path):
    days = pl.Series([datetime(1984, month, 7) for month in range(1, 13)]).dt.replace_time_zone("Europe/London")
    columns = {name: pl.Series([None] * 12, dtype=pl.String) for name in PEOPLE.column_names}
    path = tmp_path / "people.parquet"
    people = pl.DataFrame(columns | {"person": [f"P{number}" for number in range(12)], "born": days})
    people.write_parquet(path)
    assert read_extract_file(path, PEOPLE, LAST_DAY).frame["born"].to_list() == days.dt.date().to_list()
    people.with_columns(pl.col("born").dt.convert_time_zone("UTC")).write_parquet(path)
    with pytest.raises(ExtractError, match=r"born: 7 value.* are 23:00"):
        read_extract_file(path, PEOPLE, LAST_DAY)


def test_a_nested_parquet_column_is_refused_by_name(tmp_path):
    path = tmp_path / "people.parquet"
    columns = {name: ["1"] for name in PEOPLE.column_names}
    pl.DataFrame(columns).with_columns(visits=pl.concat_list("visits")).write_parquet(path)
    with pytest.raises(ExtractError, match="visits: the column's type is large_list"):
        read_extract_file(path, PEOPLE, LAST_DAY)


def test_a_damaged_parquet_file_is_refused(tmp_path):
    path = tmp_path / "people.parquet"
    pl.DataFrame({name: ["1"] for name in PEOPLE.column_names}).write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\0" * (len(whole) - 8) + whole[-4:])
    with pytest.raises(ExtractError, match="damaged"):
        read_extract_file(path, PEOPLE, LAST_DAY)


def test_a_missing_file_is_named_with_the_one_that_may_be_meant(tmp_path):
    _write(tmp_path, "people.xlsx", "x")
    with pytest.raises(ExtractError, match=r"the file is missing.*people.xlsx is there"):
        read_extract(tmp_path, PEOPLE, LAST_DAY)


def test_two_files_of_one_table_are_refused(tmp_path):
    _write(tmp_path, "people.csv", "person\n")
    _write(tmp_path, "people.parquet", "x")
    with pytest.raises(ExtractError, match=r"people.parquet lies beside it"):
        read_extract(tmp_path, PEOPLE, LAST_DAY)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = _write(tmp_path, "people.csv", "person\n")

    def refuse(self, *_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(ExtractError, match="may not be read by this account"):
        read_extract(tmp_path, PEOPLE, LAST_DAY)


def test_a_header_that_ran_into_the_first_row_does_not_repeat_its_values(tmp_path):
    header = "person,born,visits,score,member,remarkSmith,Jones,Brown,Miller,Baker,Cook"
    path = _write(tmp_path, "people.csv", header + "\nP1,,,,,\n")
    with pytest.raises(ExtractError) as caught:
        read_extract_file(path, PEOPLE, LAST_DAY)
    assert "missing: remark" in str(caught.value)
    assert not any(name in str(caught.value) for name in ("Smith", "Jones", "Cook"))


def test_a_table_that_was_read_is_what_its_schema_declares(tmp_path):
    table = extract_table(PEOPLE)
    read = _read(tmp_path, "P1,1984-03-07,3,0.5,Y,x\nP2,,,,,\n")
    assert check_frame(read.frame, table, "people") is read.frame
    assert column_meanings(table)["born"] == "date of birth"
    for spoilt in (
        pl.concat([read.frame, read.frame]),
        read.frame.with_columns(member=pl.lit("X")),
        read.frame.with_columns(visits=pl.lit(100, pl.Int64)),
        read.frame.with_columns(person=pl.lit(None, pl.String)),
        read.frame.drop("remark"),
    ):
        with pytest.raises(TableDoesNotMatchSchema):
            check_frame(spoilt, table, "people")


@pytest.mark.parametrize("extract", [*LINKAGE_EXTRACTS, *NOTES_EXTRACTS], ids=lambda extract: extract.name)
def test_every_declared_extract_has_a_schema_with_a_meaning_per_column(extract):
    table = extract_table(extract)
    empty = pl.DataFrame(schema={column.name: column.polars_type for column in extract.columns})
    check_frame(empty, table, extract.name)
    assert all(column_meanings(table).values())


def test_the_text_of_a_note_is_never_in_an_error(tmp_path):
    rows = "".join(f'N{number},bad,,2022-01-05,,"went to the clinic"\n' for number in range(5))
    path = _write(tmp_path, "contact_note.csv", ",".join(CONTACT_NOTE.column_names) + "\n" + rows)
    with pytest.raises(ExtractError) as caught:
        read_extract_file(path, CONTACT_NOTE, LAST_DAY)
    assert "5 of 5 rows" in str(caught.value)
    assert "clinic" not in str(caught.value) and caught.value.__cause__ is None


def test_an_extract_that_may_be_absent_and_is_has_its_columns_and_no_row(tmp_path):
    (tmp_path / "ndtms").mkdir()
    read = read_extract(tmp_path, OUTCOME_PROFILE, LAST_DAY)
    assert (read.rows_read, read.sha256, read.quarantined.height) == (0, "", 0)
    assert "the file was not sent" in read.warnings[0]
    check_frame(read.frame, extract_table(OUTCOME_PROFILE), "outcome_profile")


def test_nothing_is_absent_by_right_where_the_folder_of_its_system_is_missing(tmp_path):
    with pytest.raises(ExtractError, match="does not exist"):
        read_extract(tmp_path, OUTCOME_PROFILE, LAST_DAY)
