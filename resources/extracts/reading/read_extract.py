"""What reading an extract gives.

Belongs here: the class. Does not belong here: reading (resources/extracts/extract_reader.py).
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

# A column without any value in fewer rows than this may be rarely filled; in more, it was not exported.
FEWEST_ROWS_WITH_A_VALUE = 50


@dataclass
class ReadExtract:
    """One extract as read.

    table: kept columns in declared order and types (Column.polars_type), rows in file order, without quarantined rows.
    rows_kept: how many. in_files: the table lies in files of the folder that reading was given, and is not in memory.
    quarantined: one row per fault of a quarantined row: extract, row_number (1-based data row), column, rule.
    voided: the same columns, one row per optional value emptied in a row that was kept.
    normalised: column (or "(file)", "(row)") -> rule -> count. form: rule -> count of what changes no value.
    ignored: columns of the file that are not declared. absent: optional columns that the file does not have.
    warnings: what is odd about a folder of parts.
    """

    extract: str
    path: Path
    table: pl.LazyFrame
    quarantined: pl.DataFrame
    voided: pl.DataFrame
    normalised: dict[str, dict[str, int]]
    sha256: str
    rows_read: int
    rows_kept: int
    ignored: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])
    form: dict[str, int] = field(default_factory=dict[str, int])
    warnings: list[str] = field(default_factory=list[str])
    in_files: bool = False

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The whole table in memory."""
        return self.table.collect()

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside; a row with two faults counts once."""
        return self.quarantined["row_number"].n_unique()

    @cached_property
    def empty(self) -> list[str]:
        """Columns that the file has but that hold no value in any of many rows: as good as absent."""
        if self.rows_kept < FEWEST_ROWS_WITH_A_VALUE:
            return []
        filled = self.table.select(pl.all().count()).collect().row(0, named=True)
        return [name for name, count in filled.items() if not count and name not in self.absent]
