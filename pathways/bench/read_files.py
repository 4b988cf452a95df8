"""Reads the files of a benchmark: CSV or Parquet, every column as text.

Belongs here: files to text, ids. Does not belong here: what a column means (mapping.py, standardise.py).
"""

import io
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow.parquet import ParquetFile

from pathways.bench.mapping import BenchInputError, File
from resources.extract_csv import csv_header, read_csv
from resources.extract_text import decode_text

# Names stand in full here, and people are called Nat and Blank: only what programs write means missing.
_MISSING_WORDS = ["NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NULL", "Null", "null", "NaN", "nan", "NaT"]
_DELIMITERS = (",", ";", "\t", "|")


def read_file(path: Path) -> File:
    """A file with every column as text: trimmed, unquoted, words for missing as null. Raises BenchInputError."""
    if not path.is_file():
        there = "It is a folder." if path.is_dir() else f"Look in {path.parent}."
        raise BenchInputError(f"{path.name} is not a file that can be read. {there}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BenchInputError(f"{path.name} cannot be read ({error.strerror}).") from None
    frame = _parquet(path, data) if path.suffix.lower() in (".parquet", ".pq") else _csv(path, data)
    if not frame.height:
        raise BenchInputError(f"{path.name} has no row.")
    return File(path, frame.with_columns(_clean(pl.all())))


def with_ids(file: File, column: str | None) -> pl.Series:
    """Id of every row: the column's text, or the row number. Raises BenchInputError when an id is missing."""
    if column is None:
        return pl.int_range(file.frame.height, eager=True).cast(pl.String).alias("id")
    ids = file.frame[column].str.replace(r"^(\d+)\.0+$", "$1").alias("id")
    if missing := ids.null_count():
        raise BenchInputError(f"{missing} row(s) of {file.path.name} have no id in column {column} (--id).")
    return ids


def _clean(text: pl.Expr) -> pl.Expr:
    trimmed = text.str.replace_all("\u00a0", " ").str.strip_chars().str.replace(r'^"(.*)"$', "$1").str.strip_chars()
    return pl.when(~trimmed.is_in(["", *_MISSING_WORDS])).then(trimmed)


def _csv(path: Path, data: bytes) -> pl.DataFrame:
    if not data.strip() or b"\0" in data[:4096]:
        what = "empty" if not data.strip() else "not CSV text"
        raise BenchInputError(f"{path.name} is {what}. Give comma-separated UTF-8 text with a header, or Parquet.")
    data = decode_text(data).data
    delimiter = max(_DELIMITERS, key=lambda mark: len(csv_header(data, mark)))
    header = [name.strip('" ') for name in csv_header(data, delimiter)]
    if delimiter == ",":
        file = read_csv(data)
        body = file.body.with_row_index("row", 1).filter(~pl.col("row").is_in(list(file.faulty))).drop("row")
    else:
        try:
            body = pl.read_csv(io.BytesIO(data), separator=delimiter, has_header=False, skip_rows=1, infer_schema=False)
        except pl.exceptions.PolarsError:
            raise BenchInputError(f"{path.name}: a row has more fields than the header, or an open quote.") from None
    return body.rename(dict(zip(body.columns, _distinct(header), strict=False)))


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for place, name in enumerate(names, 1):
        name = name or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct


def _parquet(path: Path, data: bytes) -> pl.DataFrame:
    # pyarrow, because polars panics on damaged pages and prints what it was doing.
    try:
        frame = pl.DataFrame(pl.from_arrow(ParquetFile(pa.BufferReader(data)).read()))
    except Exception:  # of many kinds, with messages that may quote data
        raise BenchInputError(f"{path.name} is not Parquet, or damaged. Copy it again, or give CSV.") from None
    frame = frame.rename(dict(zip(frame.columns, _distinct([name.strip() for name in frame.columns]), strict=True)))
    usable = [column for column in frame if not (column.dtype.is_nested() or column.dtype in (pl.Object, pl.Duration))]
    return pl.DataFrame([_as_text(column) for column in usable])


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = (column == column.round(0)).fill_null(False)
        as_whole = column.cast(pl.Int64, strict=False).cast(pl.String)
        return as_whole.zip_with(whole, column.fill_nan(None).cast(pl.String))
    if column.dtype.is_temporal() and column.dtype != pl.Time:
        return column.dt.to_string("%Y-%m-%d")
    if column.dtype == pl.Binary:
        return column.cast(pl.String, strict=False)
    return column.cast(pl.String)
