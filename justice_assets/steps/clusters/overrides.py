"""What people have decided of pairs of records: one person, or two. A signed file, which nobody can change unnoticed.

Belongs here: the form of the file, and reading it. Does not belong here: what clusters make of it.
"""

from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from resources.receipts.signed_statement import StatementRefused, signed, verified

KIND = "application/vnd.pathways.linkage-overrides+json"
COLUMNS = {
    "source": pl.String,
    "record_key": pl.String,
    "other_source": pl.String,
    "other_record_key": pl.String,
    "same": pl.Boolean,
}
ENDS = (("source", "record_key"), ("other_source", "other_record_key"))


class OverridesRefused(Exception):
    """A file of overrides cannot be used; names the file and what is wrong, never a record."""


def sign_overrides(decided: pl.DataFrame, by: str, reason: str, on: date, seed: bytes) -> str:
    """The signed file of pairs that somebody decided (COLUMNS). `seed`: the secret of the signer's key, 32 bytes."""
    rows = decided.select(list(COLUMNS)).rows()
    return signed({"by": by, "reason": reason, "on": on.isoformat(), "decided": rows}, KIND, seed)


def read_overrides(file: Path, key: Ed25519PublicKey | None) -> pl.DataFrame:
    """The pairs in a signed file (COLUMNS). No file, no pairs. Raises OverridesRefused."""
    if key is None or not file.exists():
        return pl.DataFrame(schema=COLUMNS)
    try:
        statement = verified(file.read_bytes(), KIND, key)
    except StatementRefused as refused:
        raise OverridesRefused(
            f"{file.name}: {refused}. Restore the signed file, or sign the decisions again."
        ) from None
    rows = cast("list[list[Any]]", statement.get("decided", []))
    if not (str(statement.get("by") or "").strip() and str(statement.get("reason") or "").strip()):
        raise OverridesRefused(f"{file.name}: it does not say who decided, and why.")
    whole = [row for row in rows if _is_whole(row)]
    if len(whole) < len(rows):
        raise OverridesRefused(
            f"{file.name}: {len(rows) - len(whole)} of {len(rows)} decisions are no pair of records."
        )
    decided = pl.DataFrame(whole, schema=COLUMNS, orient="row")
    pair = pl.concat_list(pl.concat_str(end, separator=" ") for end in ENDS).list.sort()
    both = decided.group_by(pair.alias("pair")).agg(pl.col("same").n_unique())
    if (contradicted := both.filter(pl.col("same") > 1).height) > 0:
        raise OverridesRefused(f"{file.name}: {contradicted} pair(s) are said to be one person and two.")
    return decided


def decided_rows(decided: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """l, r, same: the decisions by row number of `records` (source, record_key), where both are still there."""
    rows = records.select("source", "record_key").with_row_index("row")
    found = decided
    for name, end in zip(("l", "r"), ENDS, strict=True):
        found = found.join(
            rows.rename({"source": end[0], "record_key": end[1], "row": name}), on=list(end), how="inner"
        )
    return found.select("l", "r", "same")


def said_apart(decided: pl.DataFrame) -> pl.DataFrame:
    """source and record_key of records that are said to be another person than some record."""
    apart = decided.filter(~pl.col("same"))
    ends = [apart.select(source=end[0], record_key=end[1]) for end in ENDS]
    return pl.concat(ends).unique(maintain_order=True)


def _is_whole(row: list[Any]) -> bool:
    return (
        len(row) == len(COLUMNS) and all(isinstance(one, str) and one for one in row[:4]) and isinstance(row[4], bool)
    )
