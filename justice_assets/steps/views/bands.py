"""From values of records to the year and the bands that a research view has.

Belongs here: bands, and rows that are the same in all of them as one. Does not belong here: any view.
"""

from collections.abc import Sequence

import polars as pl

from contracts.vocabulary import AGE_BANDS, ETHNIC_GROUPS, NOT_RECORDED

RECORDS = "records"
UNDER_18 = "Under 18"
AGES = (UNDER_18, *AGE_BANDS)
LENGTHS = ("Under 6 months", "6 to under 12 months", "1 to under 4 years", "4 years and over")
OGRS = ("Low", "Medium", "High", "Very high")
YES, NO = "Yes", "No"


def year(day: str) -> pl.Expr:
    """The calendar year of a date."""
    return pl.col(day).dt.year().cast(pl.String).alias("year")


def year_band(day: str) -> pl.Expr:
    """The four calendar years of which a date is, such as 2013 to 2016."""
    first = (pl.col(day).dt.year() - 1) // 4 * 4 + 1
    return pl.format("{} to {}", first, first + 3)


def age_band(born: str, day: str) -> pl.Expr:
    """Age in completed years on a day, in bands; an age that cannot be is not recorded."""
    before = pl.col(day).dt.to_string("%m%d") < pl.col(born).dt.to_string("%m%d")
    age = pl.col(day).dt.year() - pl.col(born).dt.year() - before.cast(pl.Int32)
    return in_bands(pl.when(age >= 10).then(age), (18, 30, 40, 50), AGES).alias("age_band")


def sex(column: str = "sex") -> pl.Expr:
    """Sex as recorded."""
    return one_of(column, {"M": "Male", "F": "Female"}).alias("sex")


def ethnic_group(column: str = "ethnicity") -> pl.Expr:
    """One of five groups, from a code of probation, prisons or courts, which all begin with the letter of the group."""
    return one_of(pl.col(column).str.head(1), {group[0]: group for group in ETHNIC_GROUPS}).alias("ethnic_group")


def length_band(days: str) -> pl.Expr:
    """Length of a sentence to custody."""
    return in_bands(pl.col(days), (183, 365, 1461), LENGTHS).alias("length_band")


def ogrs_band(score: str) -> pl.Expr:
    """Risk of reconviction within two years (OGRS3), in the bands of reference/code_lists/risk_bands.csv."""
    return in_bands(pl.col(score), (50, 75, 90), OGRS).alias("ogrs_band")


def yes_or_no(condition: pl.Expr) -> pl.Expr:
    """Yes or No; No where it is not known."""
    return pl.when(condition.fill_null(value=False)).then(pl.lit(YES)).otherwise(pl.lit(NO))


def one_of(column: str | pl.Expr, words: dict[str, str]) -> pl.Expr:
    """A code in words; any other is not recorded."""
    return as_column(column).replace_strict(words, default=NOT_RECORDED, return_dtype=pl.String)


def as_column(column: str | pl.Expr) -> pl.Expr:
    """A column by its name, or what is computed of some."""
    return pl.col(column) if isinstance(column, str) else column


def in_bands(value: pl.Expr, edges: Sequence[float], labels: Sequence[str]) -> pl.Expr:
    """The band of a number, of which each begins at an edge; not recorded where there is none."""
    band = pl.lit(labels[0])
    for edge, label in zip(edges, labels[1:], strict=True):
        band = pl.when(value >= edge).then(pl.lit(label)).otherwise(band)
    return pl.when(value.is_null()).then(pl.lit(NOT_RECORDED)).otherwise(band)


def combinations(rows: pl.DataFrame | pl.LazyFrame, *columns: str) -> pl.DataFrame:
    """One row per combination of the columns, sorted, and `records`: how many rows it stands for."""
    counted = rows.lazy().group_by(columns).agg(pl.len().cast(pl.Int64).alias(RECORDS))
    return counted.select(*columns, RECORDS).sort(columns).collect()
