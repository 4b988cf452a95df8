"""Reads any CSV or Parquet file of notes, some at a time: an id and a text per note, in the order of the file.

Belongs here: which columns, which encoding, what cannot be read. Does not belong here: contact notes as an extract
(contracts/sources) and anything said of a note. No message holds an id or anything that a note says.
"""

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow.parquet import ParquetFile

from resources.extracts.extract_rules import OPEN_QUOTE
from resources.extracts.files.extract_csv import csv_header, every_row_has, read_csv

ID_NAMES = ("id", "note_id", "contact_id")
TEXT_NAMES = ("text", "note_text", "notes", "note")
LONGEST_HEADER = 1 << 16
BYTES_PER_BLOCK = 1 << 24  # of CSV; no row may be longer
ROW_NUMBERS_SHOWN = 10
NOTES_PER_BATCH = 50_000
REPLACEMENT = "\ufffd"
DOUBLE_QUOTES = 'and double quotes inside a text: "he said ""no"", twice".'


class NotesFileError(Exception):
    """A file of notes that cannot be read. Names file, column, rule, count and what to do, never a value."""

    def __init__(self, path: Path, rule: str, remedy: str):
        super().__init__(f"{path.name}: {rule}. {remedy}")


@dataclass
class NotesFile:
    """A file of notes whose columns were found. The counts are complete once `batches` has ended.

    `id_place`, `text_place`: positions of the two among `columns` columns. `odd_bytes` in `odd_notes`: what is no UTF-8
    and was read as U+FFFD. `rows_left_out`: rows of a CSV whose number of fields is not the header's; `first_left_out`:
    the first of them, counted from 1 below the header.
    """

    path: Path
    id_place: int
    text_place: int
    columns: int
    odd_bytes: int = 0
    odd_notes: int = 0
    rows_left_out: int = 0
    first_left_out: tuple[int, ...] = ()

    def batches(self) -> Iterator[pl.DataFrame]:
        """The notes as columns id and text (String), in order; a text that is missing is empty.

        Raises NotesFileError where the file is damaged.
        """
        for ids, texts in _parquet_batches(self) if _is_parquet(self.path) else _csv_batches(self):
            yield pl.DataFrame({"id": ids, "text": self._decoded(texts).fill_null("")})

    def remarks(self) -> list[str]:
        """What is wrong with rows of the file, in counts; nothing when all is well."""
        said = []
        if self.odd_notes:
            said.append(
                f"{self.path.name}: {self.odd_notes:,} note(s) hold bytes that are not UTF-8, read as "
                f"{self.odd_bytes:,} U+FFFD. Save the file as UTF-8 if they are letters."
            )
        if self.rows_left_out:
            said.append(
                f"{self.path.name}: {self.rows_left_out:,} row(s) do not have the {self.columns} fields of the header "
                f"and were LEFT OUT ({self._which()}). Put quotes around texts with commas in them, {DOUBLE_QUOTES}"
            )
        return said

    def _which(self) -> str:
        more = self.rows_left_out - len(self.first_left_out)
        return f"data rows {', '.join(map(str, self.first_left_out))}" + (f" and {more:,} more" if more else "")

    def _decoded(self, texts: pl.Series) -> pl.Series:
        try:
            return texts.cast(pl.String)
        except pl.exceptions.ComputeError:
            read = []
        for raw in texts.to_list():
            text = (raw or b"").decode("utf-8", errors="replace")
            odd = text.count(REPLACEMENT) - (raw or b"").count(REPLACEMENT.encode())
            self.odd_bytes, self.odd_notes = self.odd_bytes + odd, self.odd_notes + (odd > 0)
            read.append(text)
        return pl.Series(read, dtype=pl.String)


def open_notes(path: Path) -> NotesFile:
    """The file, its columns found: an id (id, note_id or contact_id) and a text (text, note_text, notes or note).

    Names may be written in any case. Raises NotesFileError when the file is missing, is neither CSV nor Parquet, or
    lacks a column.
    """
    if not path.is_file():
        raise NotesFileError(path, "there is no such file", "Give a CSV or Parquet file with the columns id and text.")
    names = _parquet_names(path) if _is_parquet(path) else _csv_names(path)
    lower = [name.strip().lower() for name in names]
    places = [_place(path, lower, wanted) for wanted in (ID_NAMES, TEXT_NAMES)]
    return NotesFile(path, places[0], places[1], len(names))


def _place(path: Path, names: list[str], wanted: Sequence[str]) -> int:
    name = next((name for name in wanted if name in names), None)
    if name is None:
        rule = f"none of its {len(names)} column(s) is called {' or '.join(wanted)}"
        raise NotesFileError(path, rule, "Call the columns id and text in the first line, with a comma between them.")
    if names.count(name) > 1:
        raise NotesFileError(path, f"column {name} stands twice in the header", "Keep one of them.")
    return names.index(name)


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".parquet" or file.read(4) == b"PAR1"


def _csv_names(path: Path) -> list[str]:
    with path.open("rb") as file:
        head = file.read(LONGEST_HEADER).removeprefix(b"\xef\xbb\xbf")
    # A NUL below the header is a letter that no engine sees, wherever it stands.
    header = head.replace(b"\r", b"\n").split(b"\n")[0]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) or b"\0" in header:
        raise NotesFileError(path, "the file is UTF-16 or binary, not CSV", "Save it as UTF-8 text or as Parquet.")
    return csv_header(head.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _csv_batches(file: NotesFile) -> Iterator[tuple[pl.Series, pl.Series]]:
    if not _rows_follow(file.path):
        return
    if not _is_regular(file):
        yield from _row_by_row(file)
        return
    wanted = [str(file.id_place), str(file.text_place)]
    read = arrow_csv.ReadOptions(
        block_size=BYTES_PER_BLOCK, skip_rows=1, column_names=[str(place) for place in range(file.columns)]
    )
    parse = arrow_csv.ParseOptions(newlines_in_values=True)
    # Bytes, so that one that is no UTF-8 costs neither its note nor the file.
    convert = arrow_csv.ConvertOptions(include_columns=wanted, column_types=dict.fromkeys(wanted, pa.binary()))
    try:
        for batch in _record_batches(file.path, read, parse, convert):
            ids, texts = (_series(batch.column(name)) for name in wanted)
            yield pl.Series([name.decode("utf-8", "replace") for name in ids], dtype=pl.String), texts
    except pa.ArrowInvalid:  # its message may quote a row
        raise _rows_run_together(file.path) from None


def _is_regular(file: NotesFile) -> bool:
    """Whether every row has the header's number of fields and every quote is in its place: then Arrow may read it.

    Arrow alone would read on from a quote that is open to the next one, and make one note of all between.
    """
    with file.path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(b"\n") + 1
        with memoryview(data) as whole:
            return start > 0 and (start == len(data) or every_row_has(file.columns, whole[start:]))


def _row_by_row(file: NotesFile) -> Iterator[tuple[pl.Series, pl.Series]]:
    """The notes as the extracts are read; rows with another number of fields are left out and counted.

    Raises NotesFileError where a quote is open: which rows belong to its note cannot be told.
    """
    data = file.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    data = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    read = read_csv(data.encode("utf-8", "surrogateescape"))
    if open_quotes := sorted(row for row, rule in read.faulty.items() if rule == OPEN_QUOTE):
        raise _rows_run_together(file.path, open_quotes) from None
    file.rows_left_out = len(read.faulty)
    file.first_left_out = tuple(sorted(read.faulty)[:ROW_NUMBERS_SHOWN])
    rows = read.body.filter(~pl.all_horizontal(pl.all().is_null()))
    yield rows[str(file.id_place)].fill_null(""), rows[str(file.text_place)]


def _record_batches(
    path: Path, read: arrow_csv.ReadOptions, parse: arrow_csv.ParseOptions, convert: arrow_csv.ConvertOptions
) -> Iterator[pa.RecordBatch]:
    if path.stat().st_size < BYTES_PER_BLOCK:
        # In one go and one thread: a process that ends right after a short stream without a row was aborted by
        # pyarrow's threads, every third time.
        read.use_threads = False
        yield from arrow_csv.read_csv(path, read, parse, convert).to_batches()
        return
    with arrow_csv.open_csv(path, read, parse, convert) as reader:
        yield from reader


def _rows_follow(path: Path) -> bool:
    """Whether there is anything under the header; pyarrow refuses a file without."""
    with path.open("rb") as file:
        head = file.read(LONGEST_HEADER)
        return len(head.splitlines()) > 1 or bool(file.read(1))


def _rows_run_together(path: Path, rows: Sequence[int] = ()) -> NotesFileError:
    longest = f"{BYTES_PER_BLOCK >> 20} MB"
    rule = f"rows cannot be told apart: a quote is never closed, or a note is longer than {longest}"
    if rows:
        shown = ", ".join(map(str, rows[:ROW_NUMBERS_SHOWN]))
        rule = f"rows cannot be told apart: a quote is never closed, or out of place, in {len(rows):,} row(s): {shown}"
    return NotesFileError(path, rule, f"Close every quote, {DOUBLE_QUOTES}")


def _parquet_names(path: Path) -> list[str]:
    try:
        with ParquetFile(path) as parquet:
            return parquet.schema_arrow.names
    except (pa.ArrowException, OSError):
        raise NotesFileError(path, "the file is damaged or not Parquet", "Copy the file again, whole.") from None


def _parquet_batches(file: NotesFile) -> Iterator[tuple[pl.Series, pl.Series]]:
    try:
        with ParquetFile(file.path, pre_buffer=False) as parquet:
            names = [parquet.schema_arrow.names[place] for place in (file.id_place, file.text_place)]
            for batch in parquet.iter_batches(NOTES_PER_BATCH, columns=names):
                ids, texts = (_series(batch.column(name)) for name in names)
                if texts.dtype not in (pl.String, pl.Binary, pl.Categorical, pl.Enum, pl.Null):
                    raise NotesFileError(file.path, f"column {names[1]} is not text", "Send the notes as text.")
                yield ids.cast(pl.String), texts
    except (pa.ArrowException, OSError):
        raise NotesFileError(file.path, "the file is damaged", "Copy the file again, whole.") from None


def _series(column: pa.Array) -> pl.Series:
    return pl.Series(pl.from_arrow(column))
