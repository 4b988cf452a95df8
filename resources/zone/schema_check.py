"""Tables declared once as classes, and the check that a frame is what its class says.

Belongs here: the base class of every table, `check_frame`, and the factory of Dagster's blocking schema checks.
Does not belong here: any particular table.

pandera's own error quotes data values, and Dagster stores exceptions in its event log: it is caught here and
turned into counts per column and rule.
"""

from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError, SchemaErrors


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
    try:
        table.validate(frame, lazy=True)
    except (SchemaErrors, SchemaError) as error:
        faults = _faults(error)
    else:
        return frame
    raise TableDoesNotMatchSchema(f"table {name} does not match its schema {table.__name__}: " + "; ".join(faults))


def _faults(error: SchemaErrors | SchemaError) -> list[str]:
    errors: list[Any] = error.schema_errors if isinstance(error, SchemaErrors) else [error]
    faults: dict[tuple[str, str], int] = {}
    for fault in errors:
        column = getattr(fault.schema, "name", None) or "table"
        rule = getattr(fault.check, "name", None) or getattr(fault.reason_code, "name", "rule")
        rows = fault.failure_cases.height if isinstance(fault.failure_cases, pl.DataFrame) else 1
        if column == "table" and getattr(fault.reason_code, "name", "").startswith("COLUMN"):
            rule = f"{rule} ({fault.failure_cases})"  # a column name, not a value
        faults[(column, str(rule))] = faults.get((column, str(rule)), 0) + rows
    return [f"{column}: {rule} broken by {rows} row(s)" for (column, rule), rows in sorted(faults.items())]


def column_meanings(table: type[Table]) -> dict[str, str]:
    """Column name to meaning, in order, as the class declares it."""
    return {name: column.description or "" for name, column in table.to_schema().columns.items()}
