"""Columns of Parquet as text, as they would stand in a CSV file.

Belongs here: what Parquet can hold and which of it has a text. Does not belong here: reading the file
(extract_parquet.py), what a column means.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from resources.extracts.extract_rules import WINDOWS_1252
from resources.extracts.values.extract_text import decode_text

BYTES_PER_CELL = 8
_SECONDS_PER_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01
BEYOND_CALENDAR = "beyond the calendar"


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type of the values themselves, out of dictionaries, runs and extensions."""
    while True:
        if isinstance(kind, pa.BaseExtensionType) and not isinstance(kind, pa.UuidType):
            kind = kind.storage_type
        elif pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
            kind = kind.value_type
        else:
            return kind


def is_text(kind: pa.DataType) -> bool:
    """Whether values are text, of any of its types."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


KINDS: dict[str, Callable[[pa.DataType], bool]] = {
    "text": lambda kind: is_text(kind) or _is_bytes(kind) or isinstance(kind, pa.UuidType),
    "truth values": pa.types.is_boolean,
    "numbers": lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind),
    "dates": lambda kind: pa.types.is_date(kind) or pa.types.is_timestamp(kind),
    "times": pa.types.is_time,
    "nothing": pa.types.is_null,
}


def type_alone(kind: pa.DataType) -> str:
    """Name of a type without what it is made of: the names of fields, and zones, are as free as values."""
    return re.split(r"[<\[(]", str(kind))[0]


def as_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text, in dictionaries or not, as bytes."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(pa.large_binary())
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.large_binary()))
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, pa.dictionary(column.type.index_type, pa.large_binary()))


def size_as_text(column: pa.ChunkedArray) -> int:
    """Bytes of the column once every row has its own text."""
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    total = 0
    for chunk in column.chunks:
        lengths = pc.call_function("binary_length", [chunk.dictionary]).cast(pa.int64())
        uses = pc.call_function("value_counts", [chunk.indices.drop_null()])
        sizes = pc.call_function("multiply", [lengths.take(uses.field("values")), uses.field("counts")])
        total += pc.call_function("sum", [sizes]).as_py() or 0
    return total + len(column) * BYTES_PER_CELL


def as_text(column: pa.ChunkedArray, counts: dict[str, int]) -> pl.Series:
    """A column of any type that has a text, as that text. Dictionaries, runs and extensions stand for their values."""
    kind = column.type
    if isinstance(kind, pa.UuidType):
        return pl.Series([None if value is None else str(value) for value in column.to_pylist()], dtype=pl.String)
    if isinstance(kind, pa.BaseExtensionType):
        return as_text(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type), counts)
    if pa.types.is_run_end_encoded(kind):
        chunks = [pc.call_function("run_end_decode", [chunk]) for chunk in column.chunks]
        return as_text(pa.chunked_array(chunks, kind.value_type), counts)
    if pa.types.is_dictionary(kind) and not is_text(kind.value_type):
        return as_text(column.cast(kind.value_type), counts)
    if pa.types.is_null(kind):
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
    if pa.types.is_decimal(kind):
        return _decimals(column)
    if pa.types.is_dictionary(kind) or is_text(kind) or _is_bytes(kind):
        return _letters(column, counts)
    if pa.types.is_float16(kind):
        column = column.cast(pa.float32())
    elif pa.types.is_temporal(column.type):
        return _days_and_times(column)
    return _series_as_text(pl.Series(pl.from_arrow(column)))


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
        return _series_as_text(pl.Series(pl.from_arrow(column)))
    known = pa.chunked_array([inside.fill_null(False).to_arrow()])
    kept = pc.call_function("if_else", [known, column, pa.scalar(None, kind)])
    text = _series_as_text(pl.Series(pl.from_arrow(kept)))
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
    column = as_bytes(column)
    values = (column.cast(pa.large_binary()) if pa.types.is_dictionary(column.type) else column).to_pylist()
    read = {value: decode_text(value) for value in set(values) if value is not None}
    for value in values:
        if value is not None and (converted := read[value].counts.get(WINDOWS_1252)):
            counts[WINDOWS_1252] = counts.get(WINDOWS_1252, 0) + converted
    return pl.Series([None if value is None else read[value].data.decode() for value in values], dtype=pl.String)


def _validated(column: pa.ChunkedArray) -> pa.ChunkedArray:
    column.validate(full=True)
    return column


def _series_as_text(column: pl.Series) -> pl.Series:
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
