"""Text to dates: every way of writing a day that has one meaning, and what speaks for or against day first.

Belongs here: one column's dates. Does not belong here: other kinds of column (extract_values.py), and whether
the columns of a file agree on the order of day and month (resources/extracts/values/date_order.py).

Each distinct text is read once. 03/04/2020 is 3 April, unless its file shows that it may not be.
"""

from dataclasses import dataclass, fields

import polars as pl

from resources.extracts import extract_rules as rules

LONDON = "Europe/London"
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    "Nov(?:ember)?|Dec(?:ember)?"
)
_MONTH_NUMBERS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WEEKDAY = r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +"
_GAP = r"[ ,./-]+"
_ORDINAL = r"(?:st|nd|rd|th)?"
# Year, month and day by group name; the first pattern that fits decides.
_NUMBERS = r"^(?P<first>\d{1,2})[ ]?[/. -][ ]?(?P<second>\d{1,2})[ ]?[/. -][ ]?(?P<year>\d{4})$"
_ISO = r"^(?P<year>\d{4})[/. -](?P<month>\d{1,2})[/. -](?P<day>\d{1,2})$"
_WORD_DAY_FIRST = (
    rf"(?i)^(?P<day>\d{{1,2}}){_ORDINAL}(?:{_GAP}|)(?:of )?(?P<word>{_MONTHS})(?:{_GAP}|)(?P<year>\d{{4}})$"
)
_WORD_FIRST = rf"(?i)^(?P<word>{_MONTHS}){_GAP}(?P<day>\d{{1,2}}){_ORDINAL}{_GAP}(?P<year>\d{{4}})$"
_WORD_YEAR_FIRST = rf"(?i)^(?P<year>\d{{4}}){_GAP}(?P<word>{_MONTHS}){_GAP}(?P<day>\d{{1,2}})$"
_DIGITS_YEAR_FIRST = r"^(?P<year>(?:1[89]|20)\d{2})(?P<month>0\d|1[0-2])(?P<day>\d{2})$"
_DIGITS_DAY_FIRST = r"^(?P<first>\d{2})(?P<second>\d{2})(?P<year>(?:1[89]|20)\d{2})$"
_KNOWN = (_NUMBERS, _ISO, _WORD_DAY_FIRST, _WORD_FIRST, _WORD_YEAR_FIRST, _DIGITS_YEAR_FIRST, _DIGITS_DAY_FIRST)
_TWO_DIGIT_YEAR = rf"(?i)^\d{{1,2}}(?:[ ./-]+\d{{1,2}}[ ./-]+|{_ORDINAL}[ ./-]*(?:{_MONTHS})[ ./-]*)\d{{2}}$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_ZONE = r"(?: ?(?:Z|UTC|GMT|BST|\+0[01]:?00|\+0[01]|\[?Europe/London\]?)){0,2}"
_MIDNIGHT = rf"(?i)(?:T| +)(?:0?0[:.]00(?:[:.]00(?:[.,]0+)?)?(?: ?AM)?|12:00(?::00)? ?AM){_ZONE}$"
_TIME = r"(?i)(?:T| +)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[AP]M)?(?: ?[A-Z+-][A-Z0-9:+/]*)?$"
_ON_THE_HOUR = r"^(\d{4}-\d{2}-\d{2})[T ]+(2[123]):00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00|[+-]00| ?UTC| ?GMT)?$"


@dataclass
class DateForms:
    """How the dates of a column, or of a file, are written: numbers of values.

    `day_first`: only possible with the day first; `month_first`: only with the month first (13/02/1984, 02/13/1984).
    `either`: possible in both orders. `real_low`, `real_high`: year first or with the month in words, as a spreadsheet
    writes what it took for a date, with a day up to 12 and above.
    `day_in_middle`: year first, only possible as year, day, month. `utc_midnights`: midnight in London told in UTC.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    real_low: int = 0
    real_high: int = 0
    day_in_middle: int = 0
    utc_midnights: int = 0

    def __add__(self, other: "DateForms") -> "DateForms":
        return DateForms(*(getattr(self, place.name) + getattr(other, place.name) for place in fields(self)))


def read_dates(text: pl.Series, counts: dict[str, int]) -> tuple[pl.Series, pl.Series | None, DateForms]:
    """Dates of `text` (null where missing or faulty), a rule per faulty value (None when all are read), their forms.

    Adds to `counts` what was rewritten.
    """
    values = text.str.to_date("%Y-%m-%d", strict=False)
    written_so = (text.str.len_bytes() == 10) & values.is_not_null()
    rest = text.is_not_null() & ~written_so.fill_null(False)
    if not rest.any():
        return values, None, _count_real(values)
    forms = _read_forms(text.filter(rest).unique())
    read = pl.DataFrame({"text": text.filter(rest)}).join(forms, on="text", how="left", maintain_order="left")
    places = rest.arg_true()
    faults = pl.Series("fault", [None], dtype=pl.String).new_from_index(0, len(text)).scatter(places, read["fault"])
    values = pl.select(pl.when(~rest).then(values)).to_series().scatter(places, read["date"])
    counts[rules.MIDNIGHT] = int(read["midnight"].sum())
    counts[rules.DATE_SPELLING] = int((read["date"].is_not_null() & read["respelled"]).sum())
    return values, faults, _count_forms(read, values.filter(written_so.fill_null(False)))


def _read_forms(texts: pl.Series) -> pl.DataFrame:
    """text, date, fault, midnight, respelled and the order it is in, of distinct texts."""
    parts = (
        pl.DataFrame({"text": texts})
        .with_columns(
            bare=pl.col("text").str.replace(_MIDNIGHT, "").str.replace(_WEEKDAY, ""),
        )
        .with_columns(
            midnight=pl.col("text").str.contains(_MIDNIGHT),
            utc_midnight=_is_utc_midnight(),
        )
    )
    found = [pl.col("bare").str.extract_groups(pattern) for pattern in _KNOWN]

    def part(name: str) -> pl.Expr:
        return pl.coalesce(
            group.struct.field(name) for group, pattern in zip(found, _KNOWN, strict=True) if f"<{name}>" in pattern
        )

    parts = parts.with_columns(
        year=part("year").cast(pl.Int32, strict=False),
        first=part("first").cast(pl.Int32, strict=False),
        second=part("second").cast(pl.Int32, strict=False),
        iso_month=part("month").cast(pl.Int32, strict=False),
        given_day=part("day").cast(pl.Int32, strict=False),
        word=part("word")
        .str.slice(0, 3)
        .str.to_lowercase()
        .replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.Int32),
    ).with_columns(
        day=pl.coalesce("first", "given_day"),
        month=pl.coalesce("second", "word", "iso_month"),
    )
    written = pl.format("{}-{}-{}", pl.col("year"), *(pl.col(n).cast(pl.String).str.zfill(2) for n in ("month", "day")))
    return parts.with_columns(date=written.str.to_date("%Y-%m-%d", strict=False)).with_columns(
        fault=_fault(),
        respelled=pl.col("bare").str.contains(r"^\d{4}-\d\d-\d\d$").not_(),
        one_order=pl.col("iso_month").is_not_null() | pl.col("word").is_not_null(),
    )


def _fault() -> pl.Expr:
    text = pl.col("text")
    return (
        pl.when(pl.col("date").is_not_null())
        .then(None)
        .when(pl.col("year").is_not_null())
        .then(pl.lit(rules.IMPOSSIBLE_DATE))
        .when(text.str.contains(_TIME))
        .then(pl.lit(rules.TIME_OF_DAY))
        .when(text.str.contains(_TWO_DIGIT_YEAR))
        .then(pl.lit(rules.TWO_DIGIT_YEAR))
        .when(text.str.contains(_SERIAL))
        .then(pl.lit(rules.SERIAL_DATE))
        .otherwise(pl.lit(rules.NOT_A_DATE))
    )


def _is_utc_midnight() -> pl.Expr:
    """Whether a time late in the evening is midnight of the next day in London: summer time, or 1968 to 1971."""
    stamp = pl.concat_str(
        pl.col("text").str.extract(_ON_THE_HOUR, 1),
        pl.lit(" "),
        pl.col("text").str.extract(_ON_THE_HOUR, 2),
        pl.lit(":00"),
    ).str.to_datetime("%Y-%m-%d %H:%M", strict=False)
    return (stamp.dt.replace_time_zone("UTC").dt.convert_time_zone(LONDON).dt.hour() == 0).fill_null(False)


def _count_forms(read: pl.DataFrame, iso_dates: pl.Series) -> DateForms:
    first, second, day = pl.col("first"), pl.col("second"), pl.col("given_day")
    real = pl.col("one_order") & pl.col("date").is_not_null()
    counted = read.select(
        day_first=(first.is_between(13, 31) & (second <= 12)).sum(),
        month_first=((first <= 12) & second.is_between(13, 31)).sum(),
        either=((first <= 12) & (second <= 12) & pl.col("date").is_not_null()).sum(),
        real_low=(real & (day <= 12)).sum(),
        real_high=(real & (day > 12)).sum(),
        day_in_middle=(pl.col("iso_month").is_between(13, 31) & (day <= 12)).sum(),
        utc_midnights=pl.col("utc_midnight").sum(),
    ).row(0, named=True)
    return DateForms(**counted) + _count_real(iso_dates)


def _count_real(dates: pl.Series) -> DateForms:
    """Forms of dates written year first."""
    low = int((dates.dt.day() <= 12).sum())
    return DateForms(real_low=low, real_high=dates.count() - low)
