"""Read one extract file: what has one meaning is normalised and counted, what has none is voided or quarantined.

Belongs here: what happens to rows. Does not belong here: any particular file (contracts/sources), finding and
opening a file (extract_file.py), what a value means (extract_values.py), the rules' names (extract_rules.py).

What happens to a value that cannot be read:
    in a required column  its row is quarantined
    in an optional column the value is voided: losing a person because a court's name is odd would be worse
A row that contradicts itself (ended before it started) is quarantined, or only the dates are voided, as declared.
Of rows with a mark, such as that of a refusal, what is declared as withheld becomes empty before anything else.
Rows that are identical in every column kept are one row. Rows that share a key but differ are all quarantined:
which of them is right cannot be told, and keeping the first would make the result depend on the order of the file.

A file is read some rows at a time (extract_file.py, reading/read_block.py), and rows that were read lie in files once
they are many (reading/rows_in_parts.py): what is read, counted and said is the same as of the file at once.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Extract
from resources.extracts.files.extract_file import find_extract, is_not_sent, read_raw
from resources.extracts.files.raw_extract import RawBlock, RawExtract
from resources.extracts.reading.judge_reading import require_what_it_claims
from resources.extracts.reading.read_block import (
    FAULT_SCHEMA,
    WHOLE_ROW,
    BlockRead,
    ColumnFacts,
    conflicting_rows,
    read_block,
)
from resources.extracts.reading.read_extract import ReadExtract
from resources.extracts.reading.rows_in_parts import RowsInParts
from resources.settings.extract_settings import Extracts

DEFAULTS = Extracts()


def read_extract(
    folder: Path, extract: Extract, latest: date, limits: Extracts = DEFAULTS, parts: Path | None = None
) -> ReadExtract:
    """Read `folder`/`system`/`name`.csv or .parquet; `latest` is the last day of the quarter. `parts`: a folder of its
    own for the rows of a large extract, emptied first; without it all are held in memory.

    An extract that may be absent and is not sent has no row. Raises ExtractError (file, rule, remedy, counts; never a
    value) when the file is missing or cannot be used.
    """
    if is_not_sent(folder, extract):
        return not_sent(folder, extract)
    return read_extract_file(find_extract(folder, extract), extract, latest, limits, parts)


def not_sent(folder: Path, extract: Extract) -> ReadExtract:
    """The reading of an extract that may be absent and is: its columns, and no row."""
    faults = pl.DataFrame(schema=FAULT_SCHEMA)
    return ReadExtract(
        extract.name,
        Path(folder) / extract.system,
        pl.LazyFrame(schema=extract.schema),
        faults,
        faults,
        {},
        "",
        0,
        0,
        warnings=[f"the file was not sent: {extract.absent_means}"],
    )


def read_extract_file(
    path: Path, extract: Extract, latest: date, limits: Extracts = DEFAULTS, parts: Path | None = None
) -> ReadExtract:
    """As read_extract, of one file or folder of parts wherever it lies."""
    raw = RawExtract(Path(path))
    reading = _Reading(extract, RowsInParts(extract.schema, extract.key, parts))
    for block in _read_blocks(read_raw(raw, extract, limits), extract, latest):
        reading.take(block)
    outcome = reading.settled(raw)
    require_what_it_claims(outcome, raw, extract, reading.facts, limits)
    return outcome


def _read_blocks(blocks: Iterator[RawBlock], extract: Extract, latest: date) -> Iterator[BlockRead]:
    for block in blocks:
        yield read_block(block, extract, latest)


class _Reading:
    """What was read of an extract so far."""

    def __init__(self, extract: Extract, rows: RowsInParts):
        self.extract, self.rows = extract, rows
        self.quarantined, self.voided = [pl.DataFrame(schema=FAULT_SCHEMA)], [pl.DataFrame(schema=FAULT_SCHEMA)]
        self.rows_read = self.rows_kept = 0
        self.normalised: dict[str, dict[str, int]] = {name: {} for name in extract.column_names}
        self.facts = {name: ColumnFacts() for name in extract.column_names}

    def take(self, block: BlockRead) -> None:
        """Add rows behind those that are there."""
        self.quarantined.append(block.quarantined)
        self.voided.append(block.voided)
        self.rows_read += block.rows_read
        self.rows_kept += block.frame.height
        for column, counts in block.normalised.items():
            ours = self.normalised[column]
            ours.update({rule: ours.get(rule, 0) + count for rule, count in counts.items()})
        self.facts = {name: facts + block.facts[name] for name, facts in self.facts.items()}
        self.rows.add(block.frame)

    def settled(self, raw: RawExtract) -> ReadExtract:
        """The extract, once all rows are there: without rows that are there twice, or whose key is not theirs alone."""
        normalised: dict[str, dict[str, int]] = {"(file)": dict(raw.counts)}
        if empty := raw.rows - self.rows_read - raw.counts.get(rules.REPEATED_HEADER, 0):
            normalised[WHOLE_ROW] = {rules.EMPTY_ROW: empty}
        normalised |= self.normalised
        if repeated := self.rows.drop_identical():
            normalised.setdefault(WHOLE_ROW, {})[rules.DUPLICATE_ROW] = repeated
        shared = self.rows.drop_shared_keys()
        quarantined = pl.concat([*self.quarantined, conflicting_rows(self.extract, shared)])
        voided = pl.concat(self.voided).filter(~pl.col("row_number").is_in(shared.implode()))
        return ReadExtract(
            extract=self.extract.name,
            path=raw.path,
            table=self.rows.table(),
            quarantined=quarantined.sort("row_number", maintain_order=True),
            voided=voided,
            normalised={name: counts for name, counts in normalised.items() if counts},
            sha256=raw.sha256,
            rows_read=self.rows_read,
            rows_kept=self.rows_kept - repeated - shared.len(),
            ignored=raw.ignored,
            absent=raw.absent,
            form=raw.form,
            warnings=raw.warnings,
            in_files=self.rows.in_files,
        )


def counts_by_rule(faults: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Column -> rule -> number of values, of a quarantined or voided frame."""
    counts: dict[str, dict[str, int]] = {}
    for column, rule, number in faults.group_by("column", "rule").len().sort("column", "rule").iter_rows():
        counts.setdefault(column, {})[rule] = number
    return counts
