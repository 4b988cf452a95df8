"""The table class (pandera) of an extract, made from its declaration.

Belongs here: translating a declaration. Does not belong here: any particular extract (contracts/sources).
"""

from typing import Any

import pandera.polars as pa
import polars as pl

from resources.extracts.extract_declaration import Column, Extract
from resources.zone.schema_check import Table


def extract_table(extract: Extract) -> type[Table]:
    """Table class of the extract as read: the columns kept; types, code lists, patterns, ranges, key as declared."""
    fields = {column.name: _field(column, unique=extract.key == (column.name,)) for column in extract.columns}
    annotations = {column.name: column.polars_type for column in extract.columns}
    body = {"__annotations__": annotations, "__doc__": f"{extract.meaning}.", "__module__": __name__, **fields}
    if len(extract.key) > 1:
        body["Config"] = type("Config", (Table.Config,), {"unique": list(extract.key)})
    return type("".join(part.title() for part in extract.name.split("_")), (Table,), body)


def _field(column: Column, unique: bool):
    rules: dict[str, Any] = {}
    if column.allowed:
        rules["isin"] = list(column.allowed)
    if column.pattern:
        rules["str_matches"] = column.pattern
    if column.low is not None:
        rules["ge"] = column.low
    if column.high is not None:
        rules["le"] = column.high
    return pa.Field(nullable=column.null, unique=unique, description=_meaning_and_use(column), **rules)


def _meaning_and_use(column: Column) -> str:
    """What a column holds, and what it is asked for: what is shown of it beside the table."""
    return ". ".join([column.meaning, *(f"For {use.purpose}" for use in column.uses)])


class QuarantinedRows(Table):
    """Rows of the extracts that were set aside, one row per fault, sorted by extract and row number. No values."""

    extract: str = pa.Field(description="table the row was sent in")
    row_number: int = pa.Field(ge=1, description="1-based data row of the file")
    column: str = pa.Field(description='column at fault; "(row)" when the row as a whole is')
    rule: str = pa.Field(description="rule that is broken, see resources/extracts/extract_rules.py")


class ExtractAges(Table):
    """What the ages of extracts say, a row per finding: of an earlier quarter, or with the new rows alone. No date."""

    extract: str = pa.Field(description="file whose age is judged")
    measure: str = pa.Field(unique=True, description="what was measured, in words")
    value: float = pa.Field(description="days between two ends, or rows of a file that was sent before")
    allowed: str = pa.Field(description="what is allowed, in words")
    within: bool = pa.Field(description="within what is allowed: a warning; else a refresh stops unless it is accepted")
    problem: str = pa.Field(description="what was found, in words and counts")
    remedy: str = pa.Field(description="what to do about the age")


class ExtractFit(Table):
    """One row per reference, agreement, code list and identity number of the extracts, in order. Counts only."""

    measure: str = pa.Field(unique=True, description="what must fit, in words")
    extract: str = pa.Field(description="file that is judged")
    column: str = pa.Field(description="column that is judged")
    rows: pl.Int64 = pa.Field(gt=0, description="rows with a value")
    fitting: pl.Int64 = pa.Field(ge=0, description="of these, rows that fit")
    least: float = pa.Field(ge=0, le=1, description="share that must fit")
    stops: bool = pa.Field(description="too few fit: a refresh stops unless somebody accepts it")
    problem: str = pa.Field(description="what was found, in words and counts; empty text when nothing is to be said")
    remedy: str = pa.Field(description="what to do")
