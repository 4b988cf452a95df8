"""Reads the files of a benchmark with the reader of the extracts: CSV or Parquet, every column as text.

Belongs here: files to text, ids. Does not belong here: what a column means (mapping.py, standardise.py), bytes and
fields (resources/zone/table_file.py).
"""

from collections import Counter
from pathlib import Path

import polars as pl

from pathways.bench.linkage.mapping import BenchInputError, File
from resources.extracts.extract_rules import REMEDIES, ExtractError
from resources.extracts.files.extract_parts import Part, extract_parts
from resources.settings.study_settings import load_study_settings
from resources.zone.table_file import open_table, require_size

# Names stand in full here, and people are called Nat and Blank: only what programs write means missing.
_MISSING_WORDS = ["NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NULL", "Null", "null", "NaN", "nan", "NaT"]
_ROW_NUMBERS_SHOWN = 10
_DECIMAL_COMMA = r"^[+-]?\d+,\d+$"


def read_file(path: Path) -> File:
    """A file with every column as text: trimmed, unquoted, words for missing as null. Raises BenchInputError.

    A row that cannot be read (another number of fields, an open quote) is left out and counted in `File.left_out`.
    """
    try:
        parts = extract_parts(path, Path("/"))
        largest = load_study_settings().extracts.largest_file_mb
        require_size(parts, largest)
        read = [_read_part(path, part, largest) for part in parts.parts]
    except ExtractError as error:
        raise BenchInputError(f"{path.name}: {error.problem}. {error.remedy}") from None
    if len({tuple(frame.columns) for frame, _ in read}) > 1:
        raise BenchInputError(f"{path.name}: its parts do not have the same columns. Export the folder anew.")
    faulty: dict[int, str] = {}
    for place, (_, rules) in enumerate(read):
        before = sum(frame.height for frame, _ in read[:place])
        faulty |= {before + row: rule for row, rule in rules.items()}
    rows = pl.concat([frame for frame, _ in read])
    frame = rows.filter(~pl.int_range(1, pl.len() + 1).is_in(list(faulty))).with_columns(_clean(pl.all()))
    if frame.is_empty():
        raise BenchInputError(f"{path.name} has no row. {_left_out(path, faulty, rows.height)}".strip())
    return File(path, frame, _left_out(path, faulty, rows.height))


def read_whole_file(path: Path) -> File:
    """As read_file, of a file of which no row may be left out: who is left out could decide what is found.

    Raises BenchInputError also where a row cannot be read.
    """
    file = read_file(path)
    if file.left_out:
        raise BenchInputError(file.left_out)
    return file


def _left_out(path: Path, faulty: dict[int, str], rows: int) -> str:
    """What is wrong with rows that cannot be read, in counts and row numbers; "" when all can be."""
    if not faulty:
        return ""
    shown = ", ".join(map(str, sorted(faulty)[:_ROW_NUMBERS_SHOWN]))
    more = f" and {len(faulty) - _ROW_NUMBERS_SHOWN} more" if len(faulty) > _ROW_NUMBERS_SHOWN else ""
    said = " ".join(f"{count} x {rule}. {REMEDIES[rule]}" for rule, count in sorted(Counter(faulty.values()).items()))
    return f"{path.name}: {len(faulty)} of {rows} rows cannot be read (data rows {shown}{more}): {said}"


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


def _read_part(path: Path, part: Part, largest_mb: int) -> tuple[pl.DataFrame, dict[int, str]]:
    """One file, with its columns' names, and its faulty rows (which are empty) by row number."""
    table = open_table(path, part, largest_mb, delimiter=None)
    places = [place for place in range(len(table.header)) if table.has_text(place)]
    read = table.read(places)
    names = _distinct([name.strip('" ') for name in table.header])
    frame = read.frame.rename({str(place): names[place] for place in places})
    if table.delimiter not in (",", ""):
        frame = frame.with_columns(_with_decimal_points(column) for column in frame)
    stated = [pl.lit(value, pl.String).alias(name) for name, value in part.columns]
    return frame.with_columns(stated), read.faulty


def _with_decimal_points(column: pl.Series) -> pl.Series:
    """Where commas do not part columns they part decimals: a column of such numbers gets points."""
    filled = column.str.strip_chars().replace("", None).drop_nulls()
    numbers = filled.str.contains(r"^[+-]?\d+(,\d+)?$")
    if not len(filled) or not numbers.all() or not filled.str.contains(_DECIMAL_COMMA).any():
        return column
    return column.str.replace(",", ".", literal=True)


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for place, name in enumerate(names, 1):
        name = name or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
