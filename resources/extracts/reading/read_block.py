"""Reads some rows of an extract: text to typed values, what was normalised, voided and set aside.

Belongs here: rows by themselves. Does not belong here: what is known only of all rows (rows_in_parts.py,
judge_reading.py), what a value means (resources/extracts/values).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from resources.extracts import extract_rules as rules
from resources.extracts.extract_contradictions import find_contradictions
from resources.extracts.extract_declaration import Column, Extract
from resources.extracts.files.raw_extract import RawBlock
from resources.extracts.values.date_order import FirstDays, first_days
from resources.extracts.values.extract_dates import DateForms
from resources.extracts.values.extract_text import plain_values
from resources.extracts.values.extract_values import ColumnValues, read_values

FAULT_SCHEMA = {"extract": pl.String, "row_number": pl.Int64, "column": pl.String, "rule": pl.String}
WHOLE_ROW = "(row)"


@dataclass
class ColumnFacts:
    """What the values of a column say together: how many are filled, faults by rule, how its dates are written."""

    filled: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    forms: DateForms = field(default_factory=DateForms)
    first_days: FirstDays = field(default_factory=FirstDays)

    def __add__(self, other: "ColumnFacts") -> "ColumnFacts":
        return ColumnFacts(
            self.filled + other.filled,
            self.faults + other.faults,
            self.forms + other.forms,
            self.first_days + other.first_days,
        )


@dataclass
class BlockRead:
    """Rows as read: `frame`, kept columns and row_number, without rows set aside.

    quarantined, voided: FAULT_SCHEMA. rows_read: rows that are not empty. normalised: column -> rule -> count.
    facts: by column.
    """

    frame: pl.DataFrame
    quarantined: pl.DataFrame
    voided: pl.DataFrame
    rows_read: int
    normalised: dict[str, dict[str, int]]
    facts: dict[str, ColumnFacts]


def read_block(raw: RawBlock, extract: Extract, latest: date) -> BlockRead:
    """Read some rows of an extract; dates after `latest` are faulty."""
    body = raw.frame.with_row_index("row_number", raw.before + 1)
    unreadable = pl.Series(sorted(raw.faulty), dtype=pl.UInt32)
    written = pl.any_horizontal(pl.col(name).is_not_null() & (pl.col(name) != "") for name in extract.column_names)
    body = body.filter(written | pl.col("row_number").is_in(unreadable.implode()))
    rows_read = body.height
    body = body.filter(~pl.col("row_number").is_in(unreadable.implode()))
    quarantined = [_unreadable_rows(raw, extract)]
    voided: list[pl.DataFrame] = []
    numbers = body["row_number"].cast(pl.Int64)
    read: dict[str, pl.Series] = {}
    normalised: dict[str, dict[str, int]] = {}
    facts: dict[str, ColumnFacts] = {}
    for column in extract.columns:
        result = _values(body[column.name], column, latest, raw.odd)
        read[column.name] = result.values.alias(column.name)
        normalised[column.name] = dict(result.counts)
        facts[column.name] = _facts(column, result)
        faults = _fault_rows(extract.name, numbers, column.name, result.faults)
        (voided if column.null else quarantined).append(faults)
        body = body.drop(column.name)
    frame = _without_withheld(pl.DataFrame(read), extract, normalised)
    frame, contradictions, doubtful = find_contradictions(frame.with_columns(numbers.alias("row_number")), extract)
    faulty = pl.concat([*quarantined, contradictions]).sort("row_number", maintain_order=True)
    aside = faulty["row_number"].unique().implode()
    emptied = pl.concat([pl.DataFrame(schema=FAULT_SCHEMA), *voided, doubtful])
    return BlockRead(
        frame.filter(~pl.col("row_number").is_in(aside)),
        faulty,
        emptied.filter(~pl.col("row_number").is_in(aside)).sort("row_number", maintain_order=True),
        rows_read,
        normalised,
        facts,
    )


def _values(text: pl.Series, column: Column, latest: date, odd: bool) -> ColumnValues:
    """The values of a column; where some hold bytes that are no text, those are faulty."""
    plain = plain_values(text, column.kind == "note") if odd else None
    if plain is None:
        return read_values(text, column, latest)
    result = read_values(plain.values.zip_with(plain.faults.is_null(), _nothing(text)), column, latest)
    result.faults = plain.faults.zip_with(plain.faults.is_not_null(), result.faults)
    result.counts |= plain.counts
    return result


def _nothing(text: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(text))


def _facts(column: Column, result: ColumnValues) -> ColumnFacts:
    found = result.faults.drop_nulls().value_counts()
    return ColumnFacts(
        int(result.values.count()),
        Counter(dict(found.iter_rows())),
        result.date_forms,
        first_days(result.values) if column.kind == "date" else FirstDays(),
    )


def _without_withheld(frame: pl.DataFrame, extract: Extract, normalised: dict[str, dict[str, int]]) -> pl.DataFrame:
    for withheld in extract.withheld:
        marked = (frame[withheld.mark] == withheld.value).fill_null(False)
        for column in withheld.columns:
            if filled := int((marked & frame[column].is_not_null()).sum()):
                normalised.setdefault(column, {})[withheld.rule] = filled
                frame = frame.with_columns(pl.when(~marked).then(column).alias(column))
    return frame


def _unreadable_rows(raw: RawBlock, extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "extract": [extract.name] * len(raw.faulty),
            "row_number": list(raw.faulty),
            "column": [WHOLE_ROW] * len(raw.faulty),
            "rule": list(raw.faulty.values()),
        },
        schema=FAULT_SCHEMA,
    )


def _fault_rows(extract: str, numbers: pl.Series, column: str, faults: pl.Series) -> pl.DataFrame:
    return (
        pl.DataFrame({"row_number": numbers, "rule": faults})
        .filter(pl.col("rule").is_not_null())
        .select(extract=pl.lit(extract), row_number="row_number", column=pl.lit(column), rule="rule")
    )


def conflicting_rows(extract: Extract, numbers: pl.Series) -> pl.DataFrame:
    """FAULT_SCHEMA of rows whose key is not theirs alone."""
    return pl.DataFrame({"row_number": numbers}).select(
        extract=pl.lit(extract.name),
        row_number="row_number",
        column=pl.lit(" + ".join(extract.key)),
        rule=pl.lit(rules.CONFLICTING_KEY),
    )
