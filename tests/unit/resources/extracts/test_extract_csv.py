"""Fields of a CSV file: the fast way and the way line by line agree, and nothing that was written is lost."""

import csv
import io

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.extracts.files import extract_csv
from resources.extracts.files.extract_csv import read_csv

TEXT = st.text(st.sampled_from('ab,"\n é;\t'), max_size=6)
ROWS = st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8).filter(lambda rows: any(any(row) for row in rows))


def _csv(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows([("x", "y", "z"), *rows])
    return text.getvalue().encode()


def _fields(frame: pl.DataFrame) -> list[tuple]:
    return [tuple(value or "" for value in row) for row in frame.rows()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, block=st.integers(1, 40))
def test_what_was_written_is_what_is_read(rows, block, monkeypatch):
    monkeypatch.setattr(extract_csv, "_BLOCK", block)
    read = read_csv(_csv(rows))
    assert read.faulty == {}
    assert _fields(read.body) == rows


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_reading_line_by_line_gives_the_same_as_reading_at_once(rows):
    body = _csv(rows).partition(b"\n")[2]
    by_line = extract_csv.read_by_line(["x", "y", "z"], body, ",", [0, 1, 2])
    assert by_line.faulty == {}
    assert _fields(by_line.body) == rows


@pytest.mark.parametrize("rows", [b"1,2,3\n4,5,6\n", b"1,2,3,\n4,5,6,\n", b'1,2,3\n4,5\n"7,8,9\n'])
def test_a_column_that_is_not_wanted_is_not_kept(rows):
    whole, part = read_csv(b"x,y,z\n" + rows), read_csv(b"x,y,z\n" + rows, places=(2, 0))
    assert part.body.columns == ["2", "0"]
    assert part.body.equals(whole.body.select("2", "0"))
    assert (part.faulty, part.form) == (whole.faulty, whole.form)


def test_rows_of_another_length_are_found_wherever_a_block_ends(monkeypatch):
    body = b"x,y\n1,2\n3,4\n5\n6,7\n8,9,9\n"
    for block in range(1, 30):
        monkeypatch.setattr(extract_csv, "_BLOCK", block)
        assert set(read_csv(body).faulty) == {3, 5}


def test_a_row_after_an_open_quote_is_still_read():
    read = read_csv(b'x,y\n1,"a\n2,b\n3,"c, d"\n')
    assert set(read.faulty) == {1}
    assert _fields(read.body) == [("", ""), ("2", "b"), ("3", "c, d")]
