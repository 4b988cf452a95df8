from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from pyarrow import DataType, RecordBatch, Table

class ReadOptions:
    use_threads: bool
    def __init__(
        self,
        *,
        use_threads: bool = True,
        block_size: int | None = None,
        encoding: str = "utf8",
        column_names: Sequence[str] | None = None,
        skip_rows: int = 0,
    ) -> None: ...

class ParseOptions:
    def __init__(self, *, newlines_in_values: bool = False) -> None: ...

class ConvertOptions:
    def __init__(self, *, include_columns: Sequence[str], column_types: Mapping[str, DataType]) -> None: ...

class CSVStreamingReader:
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def __iter__(self) -> Iterator[RecordBatch]: ...

def open_csv(
    input_file: Path, read_options: ReadOptions, parse_options: ParseOptions, convert_options: ConvertOptions
) -> CSVStreamingReader: ...
def read_csv(
    input_file: Path, read_options: ReadOptions, parse_options: ParseOptions, convert_options: ConvertOptions
) -> Table: ...
