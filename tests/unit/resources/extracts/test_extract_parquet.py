"""Every type that Parquet can hold: its text, or a refusal that names it; never a panic, never another day."""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from resources.extracts.files.extract_parquet import ParquetFault, ParquetTable, open_parquet
from resources.extracts.files.parquet_text import BEYOND_CALENDAR

GIGABYTE = 10**9
SUMMER, WINTER = datetime(2020, 7, 2, 23), datetime(2020, 1, 2)
NAME = UUID("96e79eb5-a0e7-49ce-9209-dd60ee6650a1")


def written(column, **options) -> bytes:
    """A file whose first column is nested, so that the second is not the second that is stored."""
    data = io.BytesIO()
    pq.write_table(pa.table({"nested": [{"a": 1, "b": 2}] * len(column), "x": column}), data, **options)
    return data.getvalue()


def opened(data: bytes) -> ParquetTable:
    """A file of these bytes, which is open and has no name any more."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return open_parquet(Path(file.name), GIGABYTE)


def text(column, **options) -> list[str | None]:
    return opened(written(column, **options)).read([1])["1"].to_list()


TEXTS = {
    "null": (pa.nulls(2), [None, None]),
    "bool": (pa.array([True, None]), ["true", None]),
    "uint64": (pa.array([2**63 + 5, None], pa.uint64()), ["9223372036854775813", None]),
    "float16": (pa.array([1.5, 2.0]).cast(pa.float16()), ["1.5", "2"]),
    "float32": (pa.array([0.1, None], pa.float32()), ["0.1", None]),
    "double": (pa.array([7.0, float("nan")]), ["7", None]),
    "decimal32": (pa.array([Decimal("1.50")], pa.decimal32(5, 2)), ["1.50"]),
    "decimal64": (pa.array([Decimal("1.50")], pa.decimal64(12, 2)), ["1.50"]),
    "decimal128": (pa.array([Decimal("0.00000001")], pa.decimal128(20, 8)), ["0.00000001"]),
    "decimal256": (pa.array([Decimal(2500007925), None], pa.decimal256(50, 0)), ["2500007925", None]),
    "large string": (pa.array(["é", None], pa.large_string()), ["é", None]),
    "string view": (pa.array(["é", None], pa.string_view()), ["é", None]),
    "dictionary": (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
    "dictionary of numbers": (pa.array([1, None, 1]).dictionary_encode(), ["1", None, "1"]),
    "binary": (pa.array([b"a", b"caf\xe9", None]), ["a", "café", None]),
    "binary view": (pa.array([b"a", None], pa.binary_view()), ["a", None]),
    "binary of fixed size": (pa.array([b"ab", None], pa.binary(2)), ["ab", None]),
    "date32": (pa.array([date(2020, 1, 2), date(9999, 12, 31)]), ["2020-01-02", "9999-12-31"]),
    "date64": (pa.array([date(2020, 1, 2), None], pa.date64()), ["2020-01-02", None]),
    "a day beyond the calendar": (pa.array([2**30, 0], pa.int32()).cast(pa.date32()), [BEYOND_CALENDAR, "1970-01-01"]),
    "an hour beyond the calendar": (pa.array([2**62, 0]).cast(pa.timestamp("us")), [BEYOND_CALENDAR, "1970-01-01"]),
    "time": (pa.array([time(9, 5), None], pa.time32("s")), ["09:05:00", None]),
    "timestamp": (pa.array([WINTER, SUMMER], pa.timestamp("ns")), ["2020-01-02", "2020-07-02 23:00:00"]),
    "timestamp in UTC": (pa.array([SUMMER], pa.timestamp("us", "UTC")), ["2020-07-02 23:00:00"]),
    "timestamp in London": (
        pa.array([SUMMER.replace(tzinfo=UTC)], pa.timestamp("us", "Europe/London")),
        ["2020-07-03"],
    ),
    "uuid": (pa.array([NAME.bytes, None], pa.uuid()), [str(NAME), None]),
    "json": (pa.array(["{}", None], pa.json_()), ["{}", None]),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_column_is_read_as_it_would_stand_in_a_csv_file(kind):
    column, expected = TEXTS[kind]
    assert text(column) == expected


NO_TEXT = {
    "duration": pa.array([1], pa.duration("s")),
    "list": pa.array([[1]]),
    "fixed_size_list": pa.array([[1, 2]], pa.list_(pa.int32(), 2)),
    "struct": pa.array([{"Wilhelmina": 1}]),
    "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
}


@pytest.mark.parametrize("kind", NO_TEXT)
def test_a_type_without_a_text_is_named_with_its_column_and_does_no_harm_where_it_is_not_read(kind, capfd):
    file = opened(written(NO_TEXT[kind]))
    with pytest.raises(ParquetFault, match=f"the column's type is {kind}") as fault:
        file.read([1])
    assert "Wilhelmina" not in str(fault.value)
    assert fault.value.column == "x" and capfd.readouterr().err == ""


def test_the_oldest_timestamps_do_not_run_over_the_end_of_their_nanoseconds():
    column = pa.array([datetime(9999, 12, 31), datetime(1066, 1, 1)])
    assert text(column, use_deprecated_int96_timestamps=True) == ["9999-12-31", "1066-01-01"]


def test_a_letter_of_another_encoding_in_a_text_column_is_read_and_counted():
    column = pa.StringArray.from_buffers(2, *pa.array([b"caf\xe9", b"ok"]).buffers()[1:], pa.array([1]).buffers()[0])
    file = opened(written(column))
    assert file.read([1])["1"].to_list() == ["café", "ok"] and list(file.counts.values()) == [1]


def test_a_value_that_is_repeated_counts_as_often_as_it_is_repeated():
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["y" * 100_000]))
    data = written(bomb)
    assert len(data) < 1_000_000
    with pytest.raises(ParquetFault, match="unpacks to 10,00"):
        opened(data).read([1])


@pytest.mark.parametrize(
    ("data", "rule"), [(b"PARE....PARE", "encrypted"), (b"PAR1....", "cut off"), (b"event_id", "not Parquet")]
)
def test_what_is_no_readable_parquet_file_is_told_apart(data, rule):
    with pytest.raises(ParquetFault, match=rule):
        opened(data)
