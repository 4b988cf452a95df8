"""Parquet bytes to columns of text, as they would stand in a CSV file.

Belongs here: what Parquet can hold and which of it has a text. Does not belong here: what a column means.

pyarrow reads, because polars panics on damaged pages and unknown types and prints what it was doing to stderr. Values
of text stay in dictionaries until their size is known: a file of a megabyte can unpack to terabytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from os import SEEK_END
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.parquet import ParquetFile

from resources.extracts.extract_rules import WINDOWS_1252
from resources.extracts.values.extract_text import decode_text

_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_BYTES_PER_CELL = 8
_SECONDS_PER_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01
BEYOND_CALENDAR = "beyond the calendar"
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
        kind = _plain_type(self.file.schema_arrow.field(place).type)
        return next((word for word, holds in KINDS.items() if holds(kind)), _type_alone(kind))

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
                unpacked += _size_as_text(column)
                if unpacked > self.largest_bytes:
                    raise too_large(unpacked, self.largest_bytes)
                try:
                    columns.append(_as_text(column, self.counts).alias(str(place)))
                except (Exception, pl.exceptions.PanicException):  # of many kinds, with messages that may quote data
                    rule = f"its values of type {_type_alone(column.type)} cannot be read"
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
        text = [column.name for column in schema if _is_text(_plain_type(column.type))]
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
    return max(sum(group.total_byte_size for group in groups), cells * _BYTES_PER_CELL)


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


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """The type of the values themselves, out of dictionaries, runs and extensions."""
    while True:
        if isinstance(kind, pa.BaseExtensionType) and not isinstance(kind, pa.UuidType):
            kind = kind.storage_type
        elif pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
            kind = kind.value_type
        else:
            return kind


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


KINDS: dict[str, Callable[[pa.DataType], bool]] = {
    "text": lambda kind: _is_text(kind) or _is_bytes(kind) or isinstance(kind, pa.UuidType),
    "truth values": pa.types.is_boolean,
    "numbers": lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind),
    "dates": lambda kind: pa.types.is_date(kind) or pa.types.is_timestamp(kind),
    "times": pa.types.is_time,
    "nothing": pa.types.is_null,
}


def _require_text(name: str, kind: pa.DataType) -> None:
    """Raise ParquetFault for a type whose values have no text: lists, structures, intervals and the like."""
    if not any(holds(_plain_type(kind)) for holds in KINDS.values()):
        raise ParquetFault(f"the column's type is {_type_alone(kind)}", _SEND_PLAIN, name)


def _type_alone(kind: pa.DataType) -> str:
    """Name of a type without what it is made of: the names of fields, and zones, are as free as values."""
    return re.split(r"[<\[(]", str(kind))[0]


def _require_whole(column: pa.ChunkedArray) -> None:
    """Raise ArrowInvalid where values are damaged. Letters are judged later: one that is no UTF-8 damages no file."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        if not _is_text(_plain_type(column.type)):
            raise
        _as_bytes(column).validate(full=True)


def _as_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text, in dictionaries or not, as bytes."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(pa.large_binary())
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.large_binary()))
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, pa.dictionary(column.type.index_type, pa.large_binary()))


def _size_as_text(column: pa.ChunkedArray) -> int:
    """Bytes of the column once every row has its own text."""
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    total = 0
    for chunk in column.chunks:
        lengths = pc.call_function("binary_length", [chunk.dictionary]).cast(pa.int64())
        uses = pc.call_function("value_counts", [chunk.indices.drop_null()])
        sizes = pc.call_function("multiply", [lengths.take(uses.field("values")), uses.field("counts")])
        total += pc.call_function("sum", [sizes]).as_py() or 0
    return total + len(column) * _BYTES_PER_CELL


def _as_text(column: pa.ChunkedArray, counts: dict[str, int]) -> pl.Series:
    """A column of any type that has a text, as that text. Dictionaries, runs and extensions stand for their values."""
    kind = column.type
    if isinstance(kind, pa.UuidType):
        return pl.Series([None if value is None else str(value) for value in column.to_pylist()], dtype=pl.String)
    if isinstance(kind, pa.BaseExtensionType):
        return _as_text(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type), counts)
    if pa.types.is_run_end_encoded(kind):
        chunks = [pc.call_function("run_end_decode", [chunk]) for chunk in column.chunks]
        return _as_text(pa.chunked_array(chunks, kind.value_type), counts)
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type):
        return _as_text(column.cast(kind.value_type), counts)
    if pa.types.is_null(kind):
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
    if pa.types.is_decimal(kind):
        return _decimals(column)
    if pa.types.is_dictionary(kind) or _is_text(kind) or _is_bytes(kind):
        return _letters(column, counts)
    if pa.types.is_float16(kind):
        column = column.cast(pa.float32())
    elif pa.types.is_temporal(column.type):
        return _days_and_times(column)
    return series_as_text(pl.Series(pl.from_arrow(column)))


def _days_and_times(column: pa.ChunkedArray) -> pl.Series:
    """Dates and times; one beyond the calendar (such as infinity in another system) is no date, and stops nothing."""
    kind = column.type
    if pa.types.is_date64(kind):
        column, kind = column.cast(pa.timestamp("ms")), pa.timestamp("ms")
    per_day = 1 if pa.types.is_date32(kind) else _SECONDS_PER_DAY * _PER_SECOND[kind.unit]
    first, last = (0, 1) if pa.types.is_time(kind) else (_FIRST_DAY, _LAST_DAY + 1)
    width = pa.int32() if kind.bit_width == 32 else pa.int64()
    numbers = pl.Series(pl.from_arrow(column.cast(width)))
    lowest, highest = max(first * per_day, -(2**63)), min(last * per_day, 2**63 - 1)
    inside = numbers.is_between(lowest, highest, closed="left")
    if inside.fill_null(True).all():
        return series_as_text(pl.Series(pl.from_arrow(column)))
    known = pa.chunked_array([inside.fill_null(False).to_arrow()])
    text = series_as_text(pl.Series(pl.from_arrow(pc.call_function("if_else", [known, column, pa.scalar(None, kind)]))))
    return text.zip_with(inside.fill_null(True), pl.Series([BEYOND_CALENDAR]).new_from_index(0, len(text)))


def _decimals(column: pa.ChunkedArray) -> pl.Series:
    text = pl.Series(pl.from_arrow(column.cast(pa.large_string())))
    if text.str.contains("E", literal=True).any():
        text = pl.Series([value and format(Decimal(value), "f") for value in text.to_list()], dtype=pl.String)
    return text


def _letters(column: pa.ChunkedArray, counts: dict[str, int]) -> pl.Series:
    """Text, or bytes that are text, read as the text of a CSV file is."""
    try:
        return pl.Series(pl.from_arrow(_validated(column.cast(pa.large_string()))))
    except pa.ArrowInvalid:  # some value is not UTF-8
        pass
    column = _as_bytes(column)
    values = (column.cast(pa.large_binary()) if pa.types.is_dictionary(column.type) else column).to_pylist()
    read = {value: decode_text(value) for value in set(values) if value is not None}
    for value in values:
        if value is not None and (converted := read[value].counts.get(WINDOWS_1252)):
            counts[WINDOWS_1252] = counts.get(WINDOWS_1252, 0) + converted
    return pl.Series([None if value is None else read[value].data.decode() for value in values], dtype=pl.String)


def _validated(column: pa.ChunkedArray) -> pa.ChunkedArray:
    column.validate(full=True)
    return column


def series_as_text(column: pl.Series) -> pl.Series:
    """Numbers, truth values, dates and times as text: 7.0 is 7, and midnight is left out."""
    if column.dtype.is_float():
        whole = (column == column.round(0)) & (column.abs() < 2**53)
        return (
            column.cast(pl.Int64, strict=False)
            .cast(pl.String)
            .zip_with(
                whole.fill_null(False),
                column.fill_nan(None).cast(pl.String),
            )
        )
    if column.dtype == pl.Datetime:
        return column.dt.strftime("%Y-%m-%d %H:%M:%S").str.replace(" 00:00:00", "", literal=True)
    return column.cast(pl.String)
