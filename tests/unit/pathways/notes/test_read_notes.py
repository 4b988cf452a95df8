"""Reading any file of notes: columns, encodings, quotes, and files that are not what they claim."""

import polars as pl
import pytest

from pathways.notes import read_notes as reading
from pathways.notes.read_notes import NotesFileError, open_notes


def written(tmp_path, data, name="notes.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def rows(path):
    file = open_notes(path)
    batches = list(file.batches())
    return file, [row for batch in batches for row in batch.select("id", "text").iter_rows()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_quoted_new_lines_commas_and_quotes_belong_to_the_text(tmp_path, mark, end):
    data = mark + end.join([b"id,text", b'001,"first, ""second""', b'third"', b"x,plain", b'3,""', b""])
    file, read = rows(written(tmp_path, data))
    assert read == [("001", f'first, "second"{end.decode()}third'), ("x", "plain"), ("3", "")]
    assert file.remarks() == []


@pytest.mark.parametrize(
    "header", [b"id,text", b"ID,Text", b" note_id , note_text ", b'"contact_id","notes"', b"other,id,text"]
)
def test_the_columns_are_found_by_any_of_their_names(tmp_path, header):
    places = header.count(b",")
    data = header + b"\n" + (b"0," if places == 2 else b"") + b"7,hello\n"
    assert rows(written(tmp_path, data))[1] == [("7", "hello")]


def test_bytes_that_are_not_utf_8_are_replaced_and_counted(tmp_path):
    data = b"id,text\n1,caf" + b"\xe9 and \xff\n2,ok \xef\xbf\xbd\n3," + "café\n".encode()
    file, read = rows(written(tmp_path, data))
    assert read == [("1", "caf\ufffd and \ufffd"), ("2", "ok \ufffd"), ("3", "café")]
    assert (file.odd_bytes, file.odd_notes) == (2, 1)
    assert "1 note(s)" in file.remarks()[0] and "caf" not in file.remarks()[0]


def test_a_row_with_another_number_of_fields_is_left_out_and_counted_and_not_quoted(tmp_path):
    file, read = rows(written(tmp_path, b"id,text\n1,one\n2,he said no, twice\n3\n4,four\n"))
    assert read == [("1", "one"), ("4", "four")]
    assert file.rows_left_out == 2
    assert "LEFT OUT (data rows 2, 3)" in file.remarks()[0]
    assert "2 row(s)" in file.remarks()[0] and "twice" not in file.remarks()[0].split("quotes")[0]


def test_a_file_larger_than_a_block_is_read_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BYTES_PER_BLOCK", 200)
    data = b"id,text\n" + b"".join(b'%d,"a note\nof two lines"\n' % number for number in range(100))
    assert [name for name, _ in rows(written(tmp_path, data))[1]] == [str(number) for number in range(100)]


def test_a_header_without_notes_gives_none(tmp_path):
    for data in (b"id,text\n", b"id,text"):
        assert rows(written(tmp_path, data))[1] == []


@pytest.mark.parametrize("kind", [pl.String, pl.Binary, pl.Categorical])
def test_parquet_gives_the_same_whatever_type_the_text_has(tmp_path, kind):
    path = tmp_path / "notes.parquet"
    text = pl.Series(["a", None, "c"]).cast(kind)
    pl.DataFrame({"contact_id": [1, 2, 3], "other": 0, "notes": text}).write_parquet(path)
    assert rows(path)[1] == [("1", "a"), ("2", ""), ("3", "c")]


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("place", [0, 100_000])
def test_a_nul_is_a_letter_wherever_in_the_file_it_stands(tmp_path, place, quoted):
    text = "attended\0CGL"
    rest = f'"{text}"' if quoted else text
    read = rows(written(tmp_path, f"id,text\n1,{'x' * place}\n2,{rest}\n3,b\n".encode()))[1]
    assert read[1:] == [("2", text), ("3", "b")]


FAULTS = {
    "nul": (b"id,te\0xt\n1,a\n", "binary"),
    "utf-16 without mark": ("id,text\n1,a\n".encode("utf-16-le"), "UTF-16"),
    "no id": (b"number,text\n1,a\n", "none of its 2 column(s) is called id or note_id or contact_id"),
    "no text": (b"id,body\n1,a\n", "is called text or note_text"),
    "semicolons": (b"id;text\n1;a\n", "a comma between them"),
    "twice": (b"id,text,text\n1,a,b\n", "column text stands twice"),
    "utf-16": ("id,text\n1,a\n".encode("utf-16"), "UTF-16"),
    "nothing": (b"", "none of its 0 column(s)"),
    "not parquet": (b"PAR1 and no more", "damaged or not Parquet"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_read_is_refused_by_name_with_what_to_do(tmp_path, fault):
    data, message = FAULTS[fault]
    with pytest.raises(NotesFileError) as error:
        open_notes(written(tmp_path, data))
    assert message in str(error.value) and str(error.value).startswith("notes.csv: ")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(NotesFileError, match="there is no such file"):
        open_notes(tmp_path / "notes.csv")


def test_a_quote_that_is_never_closed_is_refused_without_quoting_the_row(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BYTES_PER_BLOCK", 100)
    path = written(tmp_path, b'id,text\n1,"secret ' + b"word " * 100 + b"\n2,b\n")
    with pytest.raises(NotesFileError, match="quote is never closed") as error:
        rows(path)
    assert "secret" not in str(error.value) and error.value.__cause__ is None and error.value.__suppress_context__


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b'id,text\n1,a\n2,"open\n3,b\n4,c\n', "2"),
        (b'id,text\n1,a\n2,"open\n3,"open too\n4,c\n', "2, 3"),
        (b'id,text\n1,"said" and left\n2,b\n', "1"),
    ],
)
def test_notes_are_not_run_together_by_a_quote_however_small_the_file(tmp_path, data, row):
    with pytest.raises(NotesFileError, match=rf"out of place, in \d row\(s\): {row}\."):
        rows(written(tmp_path, data))


@pytest.mark.parametrize("text", ['a 5" knife', 'she said "yes" twice'])
def test_a_quote_inside_a_text_that_is_not_quoted_is_a_letter(tmp_path, text):
    assert rows(written(tmp_path, f"id,text\n1,{text}\n2,b\n".encode()))[1] == [("1", text), ("2", "b")]


def test_parquet_with_numbers_for_notes_is_refused(tmp_path):
    path = tmp_path / "notes.parquet"
    pl.DataFrame({"id": ["1"], "text": [5]}).write_parquet(path)
    with pytest.raises(NotesFileError, match="column text is not text"):
        rows(path)
