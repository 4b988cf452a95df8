"""What people have decided of pairs of records: one person, or two. A signed file, which nobody can change unnoticed.

Belongs here: the form of the file, signing and reading it. Does not belong here: the command (pathways/justice), what
clusters make of it.

The file holds every entry there was: pairs, who decided them, when and why, and who took an entry back. It is signed as
a whole by whoever added last. Whose key counts is not said here (justice_assets/models/who_decides.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from record_linkage.entities.clusters import smallest_connected
from resources.receipts.signed_statement import StatementRefused, signed, verified

KIND = "application/vnd.pathways.linkage-overrides+json"
FILE = "justice/overrides/overrides.json"
COLUMNS = {
    "source": pl.String,
    "record_key": pl.String,
    "other_source": pl.String,
    "other_record_key": pl.String,
    "same": pl.Boolean,
}
ENDS = (("source", "record_key"), ("other_source", "other_record_key"))
TAKE_BACK = "Take back the entry that is wrong: pathways overrides list and withdraw."
RESTORE = "Restore the signed file, or move it away and sign the decisions again: pathways overrides sign."


class OverridesRefused(Exception):
    """A file of overrides cannot be used; names the file and what is wrong, never a record."""


@dataclass(frozen=True)
class Entry:
    """Pairs that somebody decided at once (COLUMNS, as rows). `withdrawn`: by, reason and on, of who took them back."""

    by: str
    reason: str
    on: str
    decided: tuple[tuple[Any, ...], ...]
    withdrawn: tuple[str, str, str] | None = None

    @property
    def pairs(self) -> pl.DataFrame:
        """The pairs (COLUMNS)."""
        return pl.DataFrame(list(self.decided), schema=COLUMNS, orient="row")


def entry_of(decided: pl.DataFrame, by: str, reason: str, on: date) -> Entry:
    """Pairs (COLUMNS) as an entry."""
    return Entry(by, reason, on.isoformat(), tuple(decided.select(list(COLUMNS)).rows()))


def withdrawn(entry: Entry, by: str, reason: str, on: date) -> Entry:
    """The entry, taken back."""
    return replace(entry, withdrawn=(by, reason, on.isoformat()))


def sign_overrides(entries: Sequence[Entry], by: str, seed: bytes) -> str:
    """The signed file of all entries. `by`: who signs; `seed`: the secret of the signer's key, 32 bytes."""
    listed = [
        {
            "by": each.by,
            "reason": each.reason,
            "on": each.on,
            "decided": [list(row) for row in each.decided],
            "withdrawn": each.withdrawn and list(each.withdrawn),
        }
        for each in entries
    ]
    return signed({"signed_by": by, "entries": listed}, KIND, seed)


def read_entries(file: Path, keys: Mapping[str, Ed25519PublicKey]) -> list[Entry]:
    """The entries in a file that one of those who may decide has signed, whose keys are given by name; none without it.

    Raises OverridesRefused.
    """
    if not file.exists():
        return []
    statement = _signed_by_one_of(file.read_bytes(), keys, file.name)
    return [_entry(each, file.name) for each in cast("list[dict[str, Any]]", statement.get("entries", []))]


def read_overrides(file: Path, keys: Mapping[str, Ed25519PublicKey]) -> pl.DataFrame:
    """The pairs (COLUMNS) in a signed file that nobody took back. As read_entries."""
    valid = [each.pairs for each in read_entries(file, keys) if each.withdrawn is None]
    decided = pl.concat([pl.DataFrame(schema=COLUMNS), *valid])
    both = decided.group_by(pair_of().alias("pair")).agg(pl.col("same").n_unique())
    if (contradicted := both.filter(pl.col("same") > 1).height) > 0:
        raise OverridesRefused(f"{file.name}: {contradicted} pair(s) are said to be one person and two. {TAKE_BACK}")
    if (contradicted := int((contradicting(decided) & ~decided["same"]).sum())) > 0:
        raise OverridesRefused(
            f"{file.name}: {contradicted} pair(s) are said to be two persons, and one through other pairs. {TAKE_BACK}"
        )
    return decided


def contradicting(decided: pl.DataFrame) -> pl.Series:
    """Whether a decision (COLUMNS) is part of what cannot be: A is B, B is C, and A is not C."""
    records = pl.concat([decided.select(source=end[0], record_key=end[1]) for end in ENDS]).unique(maintain_order=True)
    rows = decided_rows(decided.with_row_index("decision"), records, "decision").sort("decision")
    person = smallest_connected(pl.int_range(records.height, eager=True), rows.filter("same"))
    rows = rows.with_columns(person=person[rows["l"]], one=person[rows["l"]] == person[rows["r"]])
    impossible = rows.filter(~pl.col("same") & pl.col("one"))["person"].unique()
    return rows.select(pl.col("person").is_in(impossible.implode()) & pl.col("one")).to_series()


def pair_of() -> pl.Expr:
    """What is the same of a pair whichever record is named first."""
    return pl.concat_list(pl.concat_str(end, separator=" ") for end in ENDS).list.sort()


def decided_rows(decided: pl.DataFrame, records: pl.DataFrame, *besides: str) -> pl.DataFrame:
    """l, r, same: the decisions by row number of `records` (source, record_key), where both are still there.

    besides: further columns of `decided`.
    """
    rows = records.select("source", "record_key").with_row_index("row")
    found = decided
    for name, end in zip(("l", "r"), ENDS, strict=True):
        found = found.join(
            rows.rename({"source": end[0], "record_key": end[1], "row": name}), on=list(end), how="inner"
        )
    return found.select("l", "r", "same", *besides)


def said_apart(decided: pl.DataFrame) -> pl.DataFrame:
    """source and record_key of records that are said to be another person than some record."""
    apart = decided.filter(~pl.col("same"))
    ends = [apart.select(source=end[0], record_key=end[1]) for end in ENDS]
    return pl.concat(ends).unique(maintain_order=True)


def _signed_by_one_of(content: bytes, keys: Mapping[str, Ed25519PublicKey], name: str) -> dict[str, Any]:
    refusal = "nobody who may decide has a key here"
    for person, key in keys.items():
        try:
            statement = verified(content, KIND, key)
        except StatementRefused as refused:
            refusal = str(refused)
            continue
        if statement.get("signed_by") == person:
            return statement
    raise OverridesRefused(f"{name}: {refusal}. {RESTORE}")


def _entry(said: dict[str, Any], name: str) -> Entry:
    by, reason, on = (str(said.get(word) or "").strip() for word in ("by", "reason", "on"))
    if not (by and reason):
        raise OverridesRefused(f"{name}: it does not say who decided, and why.")
    rows = cast("list[list[Any]]", said.get("decided", []))
    whole = [row for row in rows if _is_whole(row)]
    if len(whole) < len(rows):
        raise OverridesRefused(f"{name}: {len(rows) - len(whole)} of {len(rows)} decisions are no pair of records.")
    back = said.get("withdrawn")
    return Entry(by, reason, on, tuple(map(tuple, rows)), tuple(back) if back else None)


def _is_whole(row: list[Any]) -> bool:
    return (
        len(row) == len(COLUMNS) and all(isinstance(one, str) and one for one in row[:4]) and isinstance(row[4], bool)
    )
