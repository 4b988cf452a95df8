"""What a zone tells others of its receipts: a table, with counts that are rounded.

Belongs here: from receipts to the table that crosses, and back to what can be walked. Does not belong here: the columns
(contracts/crossings.py), and a receipt as its own zone reads it (receipts.py).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from resources.receipts.receipts import CheckRecord, Receipt
from resources.records.shown_counts import shown_count

SCHEMA = {
    "table": pl.String,
    "quarter": pl.String,
    "rows": pl.Int64,
    "rows_quarantined": pl.Int64,
    "sha256": pl.String,
    "made_from": pl.String,
    "code": pl.String,
    "settings": pl.String,
    "checks": pl.String,
    "accepted": pl.String,
    "seconds": pl.Float64,
    "cpu_seconds": pl.Float64,
    "peak_mb": pl.Int64,
    "run": pl.String,
    "launched_by": pl.String,
    "made_at": pl.String,
    "number": pl.Int64,
}


def told_receipts(receipts: Iterable[Receipt], quarantined: Mapping[str, int], base: int) -> pl.DataFrame:
    """Receipts as contracts.crossings.ZoneReceipts. `quarantined`: extract to rows set aside; `base`: what counts are
    rounded to, and the smallest that is told.
    """
    rows = [_told(receipt, quarantined.get(receipt.table), base) for receipt in receipts]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("table")


def _told(receipt: Receipt, quarantined: int | None, base: int) -> tuple[Any, ...]:
    return (
        receipt.table,
        receipt.quarter,
        _count(receipt.rows, base),
        None if quarantined is None else _count(quarantined, base),
        receipt.sha256,
        json.dumps(receipt.made_from),
        receipt.code,
        receipt.settings,
        json.dumps({name: bool(record and record.passed) for name, record in sorted(receipt.checks.items())}),
        json.dumps(told_decisions(receipt, base)),
        receipt.seconds,
        receipt.cpu_seconds,
        receipt.peak_mb,
        receipt.run,
        receipt.launched_by,
        receipt.made_at,
        receipt.number,
    )


def receipts_told(told: pl.DataFrame) -> list[Receipt]:
    """Receipts as far as another zone was told of them: rows are rounded, and what of a check was measured stays there.

    Where few rows were withheld they count as one.
    """
    return [
        Receipt(
            **{
                name: row[name] for name in ("table", "quarter", "sha256", "code", "settings", "seconds", "cpu_seconds")
            },
            **{name: row[name] for name in ("peak_mb", "run", "launched_by", "made_at", "number")},
            rows=1 if row["rows"] is None else row["rows"],
            columns=0,
            bytes=0,
            made_from=json.loads(row["made_from"]),
            checks={
                name: CheckRecord(passed=passed, judged={}) if passed else None
                for name, passed in json.loads(row["checks"]).items()
            },
        )
        for row in told.iter_rows(named=True)
    ]


def told_decisions(receipt: Receipt, base: int) -> list[dict[str, Any]]:
    """Decisions by which checks of a table passed; without a value that is a small count."""
    records = [record for record in receipt.checks.values() if record]
    accepted = [acceptance.model_dump(mode="json") for record in records for acceptance in record.accepted]
    small = {float(count) for count in range(1, base)}
    return [decision | ({"value": WITHHELD} if decision["value"] in small else {}) for decision in accepted]


WITHHELD = "[c]"


def _count(count: int, base: int) -> int | None:
    told = shown_count(count, base, "")
    return told if isinstance(told, int) else None
