"""Whether all dates of one file were written in one order of day and month, told by how their forms are spread, and
whether they were cut to the month or year.

Belongs here: the judgement over a file. Does not belong here: reading a date (extract_dates.py).

A wrong order makes plausible dates, so nothing later can find it: a file that shows one is refused as a whole.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from resources.extracts.values.extract_dates import DateForms

WRITE_ISO = "Write every date as YYYY-MM-DD."
NOT_A_SLIP = 2  # one odd date is a slip, which is set to missing; two are a habit of whoever wrote the file
FEWEST_OF_EACH, FEWEST_TOGETHER = 3, 8  # so few split by chance in one honest column of two hundred at most
FEWEST_ABOVE = 12  # days in a row above the 12th: by chance once in 350 files
OTHER_SIDE = 0.05
# More than half of a column's days the first of their month, many of them different: the days were left out.
FEWEST_CUT, FEWEST_CUT_MONTHS, CUT_SHARE = 50, 12, 0.5


def order_fault(columns: dict[str, DateForms]) -> tuple[str, str, str] | None:
    """(columns at fault, rule with counts, remedy) when the dates of a file cannot all have been day first, or None.

    `columns`: forms of each date column of the file, by name.
    """
    total = sum(columns.values(), DateForms())
    if total.utc_midnights >= NOT_A_SLIP:
        return (
            _names(columns, "utc_midnights"),
            f"{total.utc_midnights} value(s) are 23:00 (or 22:00) of the day before: midnights of London days, told in "
            "UTC; their dates alone would be a day early",
            "Convert to London time and write the date alone, as YYYY-MM-DD.",
        )
    alone = total.month_first and total.either and not total.day_first  # nothing says that it is a slip
    if total.month_first >= NOT_A_SLIP or alone:
        return (
            _names(columns, "month_first"),
            f"{total.month_first} date(s) can only be month first, {total.day_first} only day first: "
            f"{total.either} other date(s) could be either and would be read wrongly",
            WRITE_ISO,
        )
    if total.day_in_middle >= NOT_A_SLIP:
        return (
            _names(columns, "day_in_middle"),
            f"{total.day_in_middle} date(s) can only be year, day, month: others of them would be read wrongly",
            WRITE_ISO,
        )
    both = {name: forms for name, forms in columns.items() if forms.day_first and forms.real_low}
    split = {name: forms for name, forms in both.items() if _split_by_day(forms)}
    if not split and _split_by_day(sum(both.values(), DateForms())):
        split = both
    if split:
        found = sum(split.values(), DateForms())
        return (
            ", ".join(split),
            f"{found.day_first} date(s) are text with a day above 12, {found.either} with one up to 12, and "
            f"{found.real_low} are real dates with a day up to 12: so a spreadsheet set to month first saves a file "
            "written day first, with day and month of the real dates exchanged",
            "Export again without opening the file in a spreadsheet, with dates as YYYY-MM-DD.",
        )
    return None


@dataclass
class FirstDays:
    """How many dates of a column are the first of their month: of `known` dates `first`, which are `months`."""

    known: int = 0
    first: int = 0
    months: frozenset[date] = frozenset()

    def __add__(self, other: "FirstDays") -> "FirstDays":
        return FirstDays(self.known + other.known, self.first + other.first, self.months | other.months)


def first_days(days: pl.Series) -> FirstDays:
    """The same of dates, or of a part of them."""
    known = days.drop_nulls()
    first = known.filter(known.dt.day() == 1)
    return FirstDays(known.len(), first.len(), frozenset(first.unique().to_list()))


def cut_fault(days: FirstDays) -> tuple[str, str] | None:
    """(rule with counts, remedy) when most dates of a column are the first of a month, or of a year; else None.

    A date of birth that is 1 January for everybody links people who share no more than a year.
    """
    if days.known < FEWEST_CUT or days.first <= CUT_SHARE * days.known or len(days.months) < FEWEST_CUT_MONTHS:
        return None
    return (
        f"{days.first} of {days.known} dates are the first of a month: the days were left out",
        "Send whole dates; leave out those of which the day is not known.",
    )


def _split_by_day(forms: DateForms) -> bool:
    """Days above the 12th stand almost only in text, and days up to the 12th almost only in real dates."""
    text_is_above = forms.either <= OTHER_SIDE * forms.day_first
    few_real_above = forms.real_high <= OTHER_SIDE * forms.real_low
    found = (forms.day_first, forms.real_low)
    enough = min(found) >= FEWEST_OF_EACH and sum(found) >= FEWEST_TOGETHER
    return text_is_above and ((enough and few_real_above) or (forms.day_first >= FEWEST_ABOVE and forms.real_low > 0))


def _names(columns: dict[str, DateForms], form: str) -> str:
    return ", ".join(name for name, forms in columns.items() if getattr(forms, form))
