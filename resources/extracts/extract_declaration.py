"""How one extract file is declared: its columns, their kinds and what is allowed.

Belongs here: the classes. Does not belong here: any particular file (contracts/sources), nor how a file is read
(resources/extracts/extract_reader.py).

One row of `columns` is one column of the file. `kind` decides how text is read:
    text    any text, trimmed
    id      an identifier: trimmed, upper case, must match `pattern` when one is given
    date    ISO YYYY-MM-DD, or DD/MM/YYYY as NDTMS writes it; not after the quarter
    whole   whole number within `low`..`high`
    decimal number within `low`..`high`
    code    one of `allowed` in any spelling (listed_text.py), or a text of `spelt`, which stands for its code
    initial one letter A-Z
    note    free text: never logged, never trimmed away
`null=False` means that a row without a readable value is set aside (quarantined). `code_list`: codes and names that a
later stage matches the text with; a word for missing that stands in it has a meaning and is kept, as one of `allowed`
is. `birth`: a date of birth, which may be as early as 1900; any other optional date of 1900-01-01 stands for none.

What a file holds besides its declared columns is not read: a column that no step uses is not asked for
(tests/unit/contracts/test_every_column_is_used.py).
"""

from dataclasses import dataclass, field

import polars as pl

_TYPES = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}


@dataclass(frozen=True)
class Use:
    """Why a column is asked for.

    step: the function that reads it, as "module:function", and fails without it. purpose: what of it is published or
    stopped: the tables, the figure or the check that need it.
    """

    step: str
    purpose: str


@dataclass(frozen=True)
class Column:
    """One column of an extract: its name in the file, what it means, how it is read, what is allowed, and what it is
    used for."""

    name: str
    kind: str
    meaning: str
    null: bool = True
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    code_list: tuple[str, ...] = ()
    birth: bool = False
    spelt: tuple[tuple[str, str], ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def polars_type(self) -> type[pl.DataType]:
        """Type of the column once read: dates Date, whole numbers Int64, decimals Float64, everything else String."""
        return _TYPES.get(self.kind, pl.String)


@dataclass(frozen=True)
class Order:
    """Two dates, or numbers, of one row of which `first` cannot exceed `then`; `rule` names the contradiction.

    A row that contradicts itself is quarantined, or, where `void` names optional columns, only these become empty.
    """

    first: str
    then: str
    rule: str
    void: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """In rows whose `mark` has this `value` nothing of `columns` is kept, whatever was sent; `rule` says why."""

    mark: str
    value: str
    columns: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Extract:
    """One extract: `<extracts>/<quarter>/<system>/<name>.csv` or `.parquet`, a file or a folder of parts.

    A column that may be empty may be absent. `one_of`: sets of such columns of which the file must have at least one.
    `may_be_blank`: columns of these that must be there but may hold no value, such as ends, where nothing has ended.
    `event_date`: the date on which what a row records happened, by which an old file is recognised; "" without one.
    `absent_means`: what is missing where the file is not sent, in words; "" for a file without which nothing runs.
    `not_asked`: columns that the source is known to have and no step needs: named when they are sent, and not read.
    `withheld`: what is not kept of rows with a mark, such as of people who refused to share.
    """

    name: str
    system: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())
    may_be_empty: bool = False
    orders: tuple[Order, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    may_be_blank: tuple[str, ...] = ()
    event_date: str = ""
    absent_means: str = ""
    not_asked: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """Names of the columns in file order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> dict[str, type[pl.DataType]]:
        """Names and types of the table once read."""
        return {column.name: column.polars_type for column in self.columns}
