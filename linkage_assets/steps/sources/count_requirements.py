"""Counts the newest requirements beside those before them, in the same extract: a region or a month that is missing.

Belongs here: counts by date of sentence. Does not belong here: any other measure of the profile (profile_sources.py).
"""

from datetime import date

import polars as pl

from contracts.vocabulary import REGIONS, TYPES
from resources.drift.quarter_profile import Row, recent

QUARTERS_BEFORE, MONTHS, MONTHS_BEFORE = 4, 3, 12


def count_requirements(source: str, requirements: pl.DataFrame, last_day: date) -> list[Row]:
    """Requirements sentenced in the quarter that ends on `last_day`, by region and type, beside the mean of the four
    quarters before it; and in each of its months beside the mean of the twelve months before the quarter.
    """
    dated = requirements.select("disposal_date", "region", "requirement_type").with_columns(
        months_ago=(last_day.year - pl.col("disposal_date").dt.year()) * 12
        + last_day.month
        - pl.col("disposal_date").dt.month()
    )
    dated = dated.filter(pl.col("months_ago") >= 0).with_columns(quarters_ago=pl.col("months_ago") // 3)
    rows = [
        recent(source, f"newest quarter: {words}", *_newest(found["quarters_ago"], 0, range(1, QUARTERS_BEFORE + 1)))
        for words, found in _groups(dated)
    ]
    months = range(MONTHS, MONTHS + MONTHS_BEFORE)
    return rows + [
        recent(source, f"newest months: {_ordinal(month)} of the quarter", *_newest(dated["months_ago"], month, months))
        for month in reversed(range(MONTHS))
    ]


def _groups(dated: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    regions = [(region, dated.filter(region=region)) for region in REGIONS]
    types = [(name, dated.filter(requirement_type=name)) for name in TYPES]
    return [*regions, *types]


def _newest(ago: pl.Series, newest: int, before: range) -> tuple[int, list[int]]:
    counts = dict(ago.value_counts(name="requirements").iter_rows())
    return counts.get(newest, 0), [counts.get(number, 0) for number in before]


def _ordinal(months_ago: int) -> str:
    return ("last month", "second month", "first month")[months_ago]
