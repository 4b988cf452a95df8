"""Which column of which file is what: the column mapping of a benchmark.

Belongs here: kinds of field, reading `--map` options, finding columns by name. Does not belong here: values.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pathways.bench.linkage.kinds import KINDS, REPEATABLE

USUAL_NAMES = {
    "forename": ["forename", "first_name", "given_name", "givenname", "fname", "forename_initial", "first_initial"],
    "surname": ["surname", "last_name", "family_name", "lastname", "lname", "surname_initial", "last_initial"],
    "name": ["name", "full_name", "fullname"],
    "dob": ["dob", "date_of_birth", "birth_date", "birthdate", "dateofbirth"],
    "postcode": ["postcode", "post_code", "postal_code", "zip", "zipcode", "zip_code", "postcode_sector"],
    "area": ["state", "county", "region", "utla", "utla_code", "local_authority"],
    "sex": ["sex", "gender"],
}
_LOOKS_LIKE_A_NAME = re.compile(r"^[A-Za-z_][A-Za-z_ .()/-]{0,39}[0-9]{0,2}$")


class BenchInputError(Exception):
    """The benchmark cannot be run as asked; names file, column and what to do, never a value."""


@dataclass(frozen=True)
class MappedField:
    """One field to compare: its kind, a name that no other field has, and its column in either file."""

    kind: str
    name: str
    left: str
    right: str


@dataclass(frozen=True)
class File:
    """A file that was read: every column as text, rows in file order.

    `left_out`: what is wrong with the rows that could not be read, in counts and row numbers; "" when all could.
    """

    path: Path
    frame: pl.DataFrame
    left_out: str = ""

    def column(self, name: str, option: str) -> str:
        """The column called `name`, whatever its case and spacing. Raises BenchInputError, naming what is there."""
        alike = {_folded(column): column for column in reversed(self.frame.columns)}
        found = name.strip() if name.strip() in self.frame.columns else alike.get(_folded(name))
        if found:
            return found
        close = difflib.get_close_matches(_folded(name), alike, 1, 0.6)
        guess = f" Is it {alike[close[0]]}?" if close and self._has_names() else ""
        raise BenchInputError(
            f"{self.path.name} has no column {name.strip()} ({option}).{guess} Its columns: {self.columns_shown()}."
        )

    def columns_shown(self) -> str:
        """Column names for a message; only their number where the first line may be data, for want of a header."""
        if not self._has_names():
            return f"{self.frame.width}, not shown, as its first line may be no header"
        return ", ".join(self.frame.columns[:40])

    def _has_names(self) -> bool:
        """Whether every column looks as if it had a name: a row of data nearly always holds a number or a date."""
        return all(_LOOKS_LIKE_A_NAME.match(name) for name in self.frame.columns)


def both_columns(given: str, left: File, right: File, option: str) -> tuple[str, str]:
    """`column` or `left column:right column` as the columns of the two files. Raises BenchInputError."""
    if given.strip() in left.frame.columns and given.strip() in right.frame.columns:
        return given.strip(), given.strip()
    parts = given.split(":")
    for place in range(1, len(parts)):  # a name may hold a colon itself
        names = ":".join(parts[:place]).strip(), ":".join(parts[place:]).strip()
        if names[0] in left.frame.columns and names[1] in right.frame.columns:
            return names
    name_left, colon, name_right = given.partition(":")
    return left.column(name_left, option), right.column(name_right if colon else name_left, option)


def map_fields(given: Sequence[str], left: File, right: File) -> list[MappedField]:
    """Fields of `--map kind=column` options; without any, of the columns that both files have under a usual name.

    Raises BenchInputError on an unknown kind, a column that is not there, or a kind given twice that may not be.
    """
    if not given:
        return _recognised(left, right)
    fields: list[MappedField] = []
    for option in given:
        kind, equals, columns = option.partition("=")
        kind = kind.strip().lower()
        if not equals or kind not in KINDS or not columns.strip():
            raise BenchInputError(f"--map {option} is not kind=column or kind=left:right. Kinds: {', '.join(KINDS)}.")
        times = sum(field.kind == kind for field in fields)
        if times and kind not in REPEATABLE:
            raise BenchInputError(f"--map {kind}=... is given twice. Only {', '.join(sorted(REPEATABLE))} may be.")
        fields.append(_field(kind, times, *both_columns(columns, left, right, f"--map {option}")))
    kinds = {field.kind for field in fields}
    if "name" in kinds and kinds & {"forename", "surname"}:
        raise BenchInputError("--map name=... holds forename and surname already. Give it, or the two, not both.")
    return fields


def _field(kind: str, times: int, left: str, right: str) -> MappedField:
    return MappedField(kind, f"{kind}_{times + 1}" if times else kind, left, right)


def _recognised(left: File, right: File) -> list[MappedField]:
    def find(file: File, kind: str) -> str | None:
        by_folded = {_folded(column): column for column in reversed(file.frame.columns)}
        return next((by_folded[_folded(name)] for name in USUAL_NAMES[kind] if _folded(name) in by_folded), None)

    found = ((kind, find(left, kind), find(right, kind)) for kind in USUAL_NAMES)
    fields = [_field(kind, 0, on_left, on_right) for kind, on_left, on_right in found if on_left and on_right]
    split = any(field.kind in ("forename", "surname") for field in fields)
    fields = [field for field in fields if not (split and field.kind == "name")]
    if len(fields) < 2:
        raise BenchInputError(
            "fewer than two columns have a usual name in both files. Say what they are: --map forename=..., "
            f"--map dob=... Columns of {left.path.name}: {left.columns_shown()}. "
            f"Columns of {right.path.name}: {right.columns_shown()}."
        )
    return fields


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
