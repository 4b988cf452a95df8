"""Opens Parquet files, and reads columns of them as text.

Belongs here: faults of a file, and its size once unpacked. Does not belong here: values as text (parquet_text.py), what
a column means.

pyarrow reads, because polars panics on damaged pages and unknown types and prints what it was doing to stderr. Values
of text stay in dictionaries until their size is known: a file of a megabyte can unpack to terabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow.parquet import ParquetFile

from resources.extracts.files.parquet_text import (
    BYTES_PER_CELL,
    KINDS,
    as_bytes,
    as_text,
    is_text,
    plain_type,
    size_as_text,
    type_alone,
)

_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_PACKINGS = ("LZO", "BROTLI", "LZ4", "BIT_PACKED", "DELTA", "BYTE_STREAM_SPLIT")
_COPY_AGAIN = "Copy the file again, whole."
_SEND_PLAIN = "Send text, numbers or dates."


class ParquetFault(Exception):
    """A Parquet file, or a column of it, cannot be read: rule, remedy and column, never a value."""

    def __init__(self, rule: str, remedy: str, column: str = ""):
        self.rule, self.remedy, self.column = rule, remedy, column
        super().__init__(f"{rule}. {remedy}")


@dataclass
class ParquetTable:
    """A Parquet file that was opened: names of its columns, in order. `counts`: letters read from another encoding."""

    header: list[str]
    file: ParquetFile
    largest_bytes: int
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def kind(self, place: int) -> str:
        """What a column holds: text, number, date, time, truth value, nothing, or its type."""
        kind = plain_type(self.file.schema_arrow.field(place).type)
        return next((word for word, holds in KINDS.items() if holds(kind)), type_alone(kind))

    def read(self, places: list[int]) -> pl.DataFrame:
        """As blocks, of the whole file."""
        return pl.concat(self.blocks(places))

    def blocks(self, places: list[int]) -> Iterator[pl.DataFrame]:
        """These columns as String, called by their places ("0", "1", ...), a row group at a time; at least one frame.

        Raises ParquetFault.
        """
        for place in places:
            _require_text(self.header[place], self.file.schema_arrow.field(place).type)
        unpacked = 0
        for group in range(self.file.metadata.num_row_groups) or [None]:
            columns: list[pl.Series] = []
            for place in places:
                column = self._column(place, [] if group is None else [group])
                unpacked += size_as_text(column)
                if unpacked > self.largest_bytes:
                    raise too_large(unpacked, self.largest_bytes)
                try:
                    columns.append(as_text(column, self.counts).alias(str(place)))
                except (Exception, pl.exceptions.PanicException):  # of many kinds, with messages that may quote data
                    rule = f"its values of type {type_alone(column.type)} cannot be read"
                    raise ParquetFault(rule, _SEND_PLAIN, self.header[place]) from None
            yield pl.DataFrame(columns)

    def _column(self, place: int, groups: list[int]) -> pa.ChunkedArray:
        try:
            table = self.file.reader.read_row_groups(groups, column_indices=[self._leaf(place)], use_threads=False)
            column = table.column(0)
            _require_whole(column)
            return column
        except Exception as error:  # of many kinds, with messages that may quote data
            raise _unreadable(error, self.header[place]) from None

    def _leaf(self, place: int) -> int:
        """Number of a column among all that are stored: a nested column before it is stored as several."""
        stored = (self.file.schema.column(number).path for number in range(len(self.file.schema)))
        return next(number for number, path in enumerate(stored) if path == self.header[place])


def open_parquet(path: Path, largest_bytes: int) -> ParquetTable:
    """Names of the columns; no value is read. Raises ParquetFault when it is no whole Parquet file, or too large."""
    begin, end = _ends(path)
    if end == _ENCRYPTED:
        raise ParquetFault("the file is encrypted", "Send it without encryption, over an encrypted way.")
    if (begin, end) != (_MAGIC, _MAGIC):
        raise ParquetFault("the file is cut off" if begin == _MAGIC else "the file is not Parquet", _COPY_AGAIN)
    try:
        # Not mapped into memory: where somebody cuts a file that is mapped, the process is killed.
        with ParquetFile(path) as whole:
            schema = whole.schema_arrow
        text = [column.name for column in schema if is_text(plain_type(column.type))]
        # Legacy timestamps in nanoseconds end in 2262: 9999-12-31 would become a day of 1816.
        file = ParquetFile(path, read_dictionary=text, coerce_int96_timestamp_unit="ms")
        unpacked = _unpacked_bytes(file)
    except Exception as error:  # of many kinds, with messages that may quote data
        raise _unreadable(error) from None
    if unpacked > largest_bytes:
        raise too_large(unpacked, largest_bytes)
    return ParquetTable(file.schema_arrow.names, file, largest_bytes)


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last four bytes of a file."""
    with path.open("rb") as file:
        begin = file.read(4)
        file.seek(-min(4, path.stat().st_size), SEEK_END)
        return begin, file.read(4)


def unpacked_bytes(path: Path) -> int:
    """What a file says of its size once unpacked, in its last bytes; 0 where it says nothing that can be read."""
    try:
        with ParquetFile(path) as file:
            return _unpacked_bytes(file)
    except Exception:  # of many kinds; open_parquet says what is wrong
        return 0


def _unpacked_bytes(file: ParquetFile) -> int:
    metadata = file.metadata
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    cells = metadata.num_rows * metadata.num_columns
    return max(sum(group.total_byte_size for group in groups), cells * BYTES_PER_CELL)


def too_large(found: int, largest: int) -> ParquetFault:
    """The fault of a file that unpacks to more bytes than the settings allow."""
    return ParquetFault(
        f"the file unpacks to {found / 1e6:,.0f} MB, and at most {largest / 1e6:,.0f} MB are read",
        "Check that it is the right file. If it is, raise extracts.largest_file_mb in study.toml.",
    )


def _unreadable(error: Exception, column: str = "") -> ParquetFault:
    """What an error of pyarrow means. Its message is searched, never shown; asking the file once more may abort."""
    said = str(error).upper()
    if "CRYPT" in said:
        return ParquetFault("the file is encrypted", "Send it without encryption, over an encrypted way.")
    if column and (isinstance(error, pa.ArrowNotImplementedError) or "CODEC" in said):
        named = next((f" ({name})" for name in _PACKINGS if name in said), "")
        rule = f"its compression or encoding{named} cannot be read"
        return ParquetFault(rule, "Write it with snappy, gzip or zstd and the usual encodings.", column)
    return ParquetFault("the Parquet file is damaged", _COPY_AGAIN)


def _require_text(name: str, kind: pa.DataType) -> None:
    """Raise ParquetFault for a type whose values have no text: lists, structures, intervals and the like."""
    if not any(holds(plain_type(kind)) for holds in KINDS.values()):
        raise ParquetFault(f"the column's type is {type_alone(kind)}", _SEND_PLAIN, name)


def _require_whole(column: pa.ChunkedArray) -> None:
    """Raise ArrowInvalid where values are damaged. Letters are judged later: one that is no UTF-8 damages no file."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        if not is_text(plain_type(column.type)):
            raise
        as_bytes(column).validate(full=True)
