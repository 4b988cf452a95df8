from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from pyarrow import BufferReader, RecordBatch, Schema, Table

class RowGroup:
    total_byte_size: int

class FileMetaData:
    num_columns: int
    num_row_groups: int
    num_rows: int
    def row_group(self, i: int) -> RowGroup: ...

class ColumnSchema:
    path: str

class ParquetSchema:
    def __len__(self) -> int: ...
    def column(self, i: int) -> ColumnSchema: ...

class ParquetReader:
    def read_row_groups(
        self, row_groups: Sequence[int], *, column_indices: Sequence[int] | None = None, use_threads: bool = True
    ) -> Table: ...

class ParquetFile:
    metadata: FileMetaData
    reader: ParquetReader
    schema: ParquetSchema
    schema_arrow: Schema
    def __init__(
        self,
        source: Path | BufferReader,
        *,
        read_dictionary: Iterable[str] | None = None,
        coerce_int96_timestamp_unit: str | None = None,
        pre_buffer: bool = True,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def iter_batches(
        self, batch_size: int = 65536, columns: Sequence[str] | None = None, use_threads: bool = True
    ) -> Iterator[RecordBatch]: ...
