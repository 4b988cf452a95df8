"""Dates of birth, as text YYYY-MM-DD.

Fast forms of the levels: on text of one length Hamming distance finds the pairs of an edit distance of one, and the
swapped date, its year and its month and day are columns made once. A part that is not known may be 00.
"""

import polars as pl

from record_linkage.comparisons.field import Field, key
from record_linkage.comparisons.levels import anything_else, exact, missing
from record_linkage.specification import Comparison, Level


def birth_date(name: str, column: str, years_apart: int, frequency: bool, further: bool = False) -> Comparison:
    """Same, one character differs, day and month swapped, same day and month up to `years_apart`, anything else.

    With `further`, also two neighbouring digits swapped, and two of year, month and day. Needs date_columns.
    """
    month, day = (f"substr({column}_l, {place}, 2) = substr({column}_r, {place}, 2)" for place in (6, 9))
    month_day, year = (f"{column}_{part}_l = {column}_{part}_r" for part in ("month_day", "year"))
    turned = f"CASE hamming({column}_l, {column}_r) WHEN 2 THEN damerau_levenshtein({column}_l, {column}_r) = 1 END"
    apart = f"abs({column}_year_l - {column}_year_r) <= {years_apart}"
    levels = [
        exact("same date", column, frequency),
        Level("one character differs", f"hamming({column}_l, {column}_r) = 1"),
        Level("day and month swapped", f"{column}_swapped_l = {column}_r"),
        *([Level("two neighbouring digits swapped", turned)] if further else []),
        Level("same day and month, years apart", f"{month_day} AND {apart}"),
        *([Level("two of year, month and day", f"{year} AND ({month} OR {day}) OR {month_day}")] if further else []),
        anything_else(),
    ]
    return Comparison(name, missing(column), tuple(levels))


def date_columns(column: str) -> tuple[pl.Expr, ...]:
    """<column>_year, <column>_month_day and <column>_swapped; null where the part is not known or not possible."""
    date = pl.col(column)
    swapped = date.str.extract(r"^\d{4}-\d{2}-(0[1-9]|1[0-2])$", 0)
    return (
        date.str.slice(0, 4).cast(pl.Int32, strict=False).alias(f"{column}_year"),
        pl.when(~date.str.ends_with("-00")).then(date.str.slice(5, 5)).alias(f"{column}_month_day"),
        swapped.str.replace(r"^(\d{4})-(\d{2})-(\d{2})$", "$1-$3-$2").alias(f"{column}_swapped"),
    )


def birth_date_field(name: str, years_apart: int = 10) -> Field:
    """A date of birth in the column `name`."""
    keys = (
        key(name, "year day", name),
        key(f"{name}_month_day", "day", name),
        key(f"{name}_year", "year", name),
        key(f"{name}_swapped", "swapped_date", name, left=f"{name}_swapped", right=name),
    )
    return Field(birth_date(name, name, years_apart, frequency=True, further=True), keys, date_columns(name))
