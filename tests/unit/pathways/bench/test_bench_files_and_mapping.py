"""What the benchmark of linkage accepts as files, ids, columns and truth, and what it says when it cannot."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pathways.bench.linkage.mapping import BenchInputError, File, both_columns, map_fields
from pathways.bench.linkage.read_files import read_file, with_ids
from pathways.bench.linkage.truth import entities_in_ids, pairs_from_entities, pairs_from_file

LEFT = File(Path("left.csv"), pl.DataFrame({"Ref No": ["1"], "First Name": ["Ann"], "DOB": ["x"], "a:b": ["y"]}))
RIGHT = File(Path("right.csv"), pl.DataFrame({"id": ["1"], "given": ["Ann"], "date_of_birth": ["x"], "c": ["y"]}))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_spaces_quotes_and_words_for_missing_leave_header_and_values(tmp_path):
    path = written(tmp_path / "a.csv", b'\xef\xbb\xbfid, given_name , dob\r\n 1, "ann" ,NULL\r\n2,,1980-01-02\r\n')
    assert read_file(path).frame.rows() == [("1", "ann", None), ("2", None, "1980-01-02")]
    assert read_file(path).frame.columns == ["id", "given_name", "dob"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(tmp_path, delimiter):
    path = written(tmp_path / "a.csv", f"id{delimiter}name\n1{delimiter}Siân\n".encode("cp1252"))
    assert read_file(path).frame.rows() == [("1", "Siân")]


def test_a_row_with_too_many_fields_is_left_out_and_the_rest_is_read(tmp_path):
    assert read_file(written(tmp_path / "a.csv", b"id,n\n1,a\n2,b,c\n3,d\n")).frame["id"].to_list() == ["1", "3"]


def test_a_name_that_stands_twice_in_the_header_does_not_stop_the_others(tmp_path):
    path = written(tmp_path / "a.csv", b"id,n,n,\n1,a,b,c\n")
    assert read_file(path).frame.columns == ["id", "n", "n (2)", "column 4"]


def test_parquet_numbers_and_dates_become_the_text_of_a_csv(tmp_path):
    frame = pl.DataFrame({"id": [1.0, None], "born": [date(1980, 1, 2), None], "list": [[1], [2]]})
    frame.write_parquet(tmp_path / "a.parquet")
    assert read_file(tmp_path / "a.parquet").frame.rows() == [("1", "1980-01-02"), (None, None)]


@pytest.mark.parametrize(
    ("name", "data"),
    [("none.csv", None), ("a.csv", b""), ("a.csv", b"id,n\n"), ("a.csv", b"PK\x03\x04\0"), ("a.parquet", b"PAR1 no")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, data):
    if data is not None:
        written(tmp_path / name, data)
    with pytest.raises(BenchInputError, match=name):
        read_file(tmp_path / name)


def test_a_row_without_an_id_is_refused_and_counted():
    file = File(Path("left.csv"), pl.DataFrame({"ref": ["1", None, None]}))
    with pytest.raises(BenchInputError, match=r"2 row\(s\) of left.csv .* ref"):
        with_ids(file, "ref")


def test_a_column_is_found_whatever_its_case_and_spacing():
    fields = map_fields(["forename=first_name:GIVEN", "dob=dob:date of birth"], LEFT, RIGHT)
    assert [(field.name, field.left, field.right) for field in fields] == [
        ("forename", "First Name", "given"),
        ("dob", "DOB", "date_of_birth"),
    ]


def test_a_column_name_may_hold_a_colon():
    assert both_columns("a:b:c", LEFT, RIGHT, "--map") == ("a:b", "c")


def test_a_missing_column_is_named_with_its_file_a_guess_and_what_is_there():
    with pytest.raises(BenchInputError, match=r"right.csv has no column givn.*Is it given.*date_of_birth"):
        map_fields(["forename=First Name:givn"], LEFT, RIGHT)


def test_column_names_that_may_be_data_are_only_counted():
    file = File(Path("left.csv"), pl.DataFrame({"1980-01-02": ["x"], "LS1 4AP 22 1980": ["y"]}))
    with pytest.raises(BenchInputError) as refused:
        file.column("dob", "--map")
    assert "1980" not in str(refused.value)
    assert "2, not shown" in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [["post=c"], ["dob"], ["dob="], ["dob=DOB:c", "dob=DOB:c"], ["name=First Name:given", "surname=First Name:given"]],
)
def test_a_mapping_that_makes_no_sense_is_refused(given):
    with pytest.raises(BenchInputError, match="--map"):
        map_fields(given, LEFT, RIGHT)


def test_repeated_kinds_get_names_of_their_own():
    fields = map_fields(["other=First Name:given", "other=DOB:c"], LEFT, RIGHT)
    assert [field.name for field in fields] == ["other", "other_2"]


def test_without_a_mapping_columns_with_usual_names_are_taken():
    left = File(Path("l"), pl.DataFrame({"given_name": ["a"], "date_of_birth": ["b"], "name": ["c"], "shoe": ["d"]}))
    right = File(Path("r"), pl.DataFrame({"First Name": ["a"], "DOB": ["b"], "full name": ["c"]}))
    assert [(field.kind, field.right) for field in map_fields([], left, right)] == [
        ("forename", "First Name"),
        ("dob", "DOB"),
    ]


IDS = pl.Series(["L1", "L2"]), pl.Series(["R1", "R2"])


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"x": ["L1", "L9"], "y": ["R2", "R1"]}),
        pl.DataFrame({"x": ["R2", "R1"], "y": ["L1", "L9"]}),
        pl.DataFrame({"L1": ["L9"], "R2": ["R1"]}),
        pl.DataFrame({"column 1": ["0", "1"], "x": ["L1", "L9"], "y": ["R2", "R1"]}),
    ],
    ids=["in order", "the other way round", "without a header line", "with the row numbers of pandas"],
)
def test_true_pairs_are_read_from_two_columns(frame):
    assert pairs_from_file(File(Path("t.csv"), frame), None, *IDS).rows() == [("L1", "R2")]


def test_true_pairs_of_a_wider_file_are_named():
    file = File(Path("t.csv"), pl.DataFrame({"n": ["1"], "x": ["L1"], "y": ["R2"]}))
    with pytest.raises(BenchInputError, match=r"t.csv has 3 columns.*--truth-ids"):
        pairs_from_file(file, None, *IDS)
    assert pairs_from_file(file, "x:y", *IDS).rows() == [("L1", "R2")]


def test_truth_without_any_known_id_is_refused():
    with pytest.raises(BenchInputError, match=r"none of the 1 pairs of t.csv"):
        pairs_from_file(File(Path("t.csv"), pl.DataFrame({"x": ["A"], "y": ["B"]})), None, *IDS)


def test_an_entity_in_both_files_makes_every_pair_of_its_rows_true():
    left = pl.DataFrame({"id": ["a", "b", "c"], "entity": ["1", "1", None]})
    right = pl.DataFrame({"id": ["x", "y"], "entity": ["1", None]})
    assert pairs_from_entities(left, right, "--truth-column e").rows() == [("a", "x"), ("b", "x")]


def test_the_entity_is_found_inside_ids_and_a_pattern_without_a_group_is_refused():
    ids = pl.Series(["rec-12-org", "rec-7-dup-0"])
    assert entities_in_ids(ids, r"rec-(\d+)-")["entity"].to_list() == ["12", "7"]
    for pattern in ("rec-", "rec-(", r"rec-(?=(\d))"):
        with pytest.raises(BenchInputError, match="--truth-pattern"):
            entities_in_ids(ids, pattern)
