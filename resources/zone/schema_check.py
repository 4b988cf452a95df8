"""Tables declared once as classes, and the check that a frame, or a stored table, is what its class says.

Belongs here: the base class of every table, `check_frame` and `check_scan`. Does not belong here: any particular table.

pandera's own error quotes data values, and Dagster stores exceptions in its event log: it is caught here and
turned into counts per column and rule.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError, SchemaErrors

ROWS_AT_ONCE = 250_000  # of a stored table that is checked


class Table(pa.DataFrameModel):
    """Base of every declared table: exactly the declared columns, in order, each with a meaning (`description`)."""

    class Config:  # pyright: ignore[reportIncompatibleVariableOverride]  # as pandera is given its options
        strict = True
        ordered = True


class TableDoesNotMatchSchema(Exception):
    """A frame is not what its declaration says. Carries names and counts, never a value."""


def check_frame(frame: pl.DataFrame, table: type[Table], name: str) -> pl.DataFrame:
    """Return `frame` unchanged if it is what `table` declares.

    Raises TableDoesNotMatchSchema with one line per column and broken rule and the number of rows, never a value.
    """
    _refuse(_faults(table.to_schema(), frame), table, name)
    return frame


def check_scan(scan: pl.LazyFrame, table: type[Table], name: str) -> None:
    """As check_frame of the whole table, which is looked at some rows at a time. Raises TableDoesNotMatchSchema."""
    rows = scan.select(pl.len()).collect().item()
    if rows <= ROWS_AT_ONCE:
        check_frame(scan.collect(), table, name)
        return
    whole = table.to_schema()
    by_row = deepcopy(whole)
    unique = [list(whole.unique)] if whole.unique else []
    by_row.unique = None
    for column in by_row.columns.values():
        unique += [[column.name]] if column.unique else []
        column.unique = False
    of_columns = _faults(by_row, scan.head(0).collect())  # in every part the same
    faults = Counter(of_columns)
    hashes: list[list[np.ndarray]] = [[] for _ in unique]
    for start in range(0, rows, ROWS_AT_ONCE):
        part = scan.slice(start, ROWS_AT_ONCE).collect()
        found = _faults(by_row, part)
        faults += Counter({fault: count for fault, count in found.items() if fault not in of_columns})
        for columns, seen in zip(unique, hashes, strict=True):
            if there := [column for column in columns if column in part.columns]:
                seen.append(part.select(there).hash_rows().to_numpy())
    _refuse(faults + _repeated(whole, scan, hashes), table, name)


def _repeated(schema: Any, scan: pl.LazyFrame, hashes: Sequence[Sequence[np.ndarray]]) -> Counter[tuple[str, str]]:
    """Faults of values that must be unique: judged on the rows that share a hash with others."""
    alike: np.ndarray | None = None
    for parts in filter(None, hashes):
        all_rows = np.concatenate(parts)
        ordered = np.sort(all_rows)
        shared = np.isin(all_rows, ordered[1:][ordered[1:] == ordered[:-1]])
        alike = shared if alike is None else alike | shared
    if alike is None or not alike.any():
        return Counter()
    found = _faults(schema, scan.filter(pl.lit(pl.Series(alike))).collect())
    return Counter({(column, rule): count for (column, rule), count in found.items() if rule.endswith("DUPLICATES")})


def _refuse(faults: Counter[tuple[str, str]], table: type[Table], name: str) -> None:
    said = [f"{column}: {rule} broken by {rows} row(s)" for (column, rule), rows in sorted(faults.items())]
    if said:
        raise TableDoesNotMatchSchema(f"table {name} does not match its schema {table.__name__}: " + "; ".join(said))


def _faults(schema: Any, frame: pl.DataFrame) -> Counter[tuple[str, str]]:
    """Rows that break a rule, by column and rule."""
    try:
        schema.validate(frame, lazy=True)
    except (SchemaErrors, SchemaError) as error:
        return _faults_said(error)
    return Counter()


def _faults_said(error: SchemaErrors | SchemaError) -> Counter[tuple[str, str]]:
    errors: list[Any] = error.schema_errors if isinstance(error, SchemaErrors) else [error]
    faults: Counter[tuple[str, str]] = Counter()
    for fault in errors:
        column = getattr(fault.schema, "name", None) or "table"
        rule = getattr(fault.check, "name", None) or getattr(fault.reason_code, "name", "rule")
        rows = fault.failure_cases.height if isinstance(fault.failure_cases, pl.DataFrame) else 1
        if column == "table" and getattr(fault.reason_code, "name", "").startswith("COLUMN"):
            rule = f"{rule} ({fault.failure_cases})"  # a column name, not a value
        faults[(column, str(rule))] += rows
    return faults


def column_meanings(table: type[Table]) -> dict[str, str]:
    """Column name to meaning, in order, as the class declares it."""
    return {name: column.description or "" for name, column in table.to_schema().columns.items()}
