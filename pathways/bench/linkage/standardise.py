"""Brings the two columns of a field into one form, so that they can be compared.

Belongs here: names, dates, postcodes, sex and other text to comparable text. Does not belong here: which field
is made of them (prepare_fields.py).

Every function takes and returns a pair: the left file's column and the right file's. What cannot be read is null,
except in dates, where an impossible date such as 31 February still tells much when it is compared by character.
"""

from collections.abc import Callable

import polars as pl

from record_linkage.comparisons.transliterate import latin

Pair = tuple[pl.Series, pl.Series]

# Midnight of a day in London or Paris as UTC: an hour or two before it, on the day before.
_MIDNIGHTS_IN_UTC = ["22:00", "23:00"]
_TIME_OF_DAY = r"[T ](\d{1,2}:\d{2})(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$"
_TIME = r"[T ]\d{1,2}:\d{2}.*$"
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MONTH_NUMBERS = [f"{number:02d}" for number in range(1, 13)]
_SEX = {"M": "M", "F": "F", "1": "M", "2": "F"}
_WHOLE = r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$"
_SECTOR = r"^[A-Z]{1,2}\d[A-Z\d]?\s+\d$"
_OUTWARD = r"^[A-Z]{1,2}\d[A-Z\d]?$"
_TITLE = r"^(MR|MRS|MS|MISS|DR|PROF|SIR)\.? "


def each(function: Callable[[pl.Series], pl.Series], pair: Pair) -> Pair:
    """`function` of either column."""
    return function(pair[0]), function(pair[1])


def evaluate(series: pl.Series, expression: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """An expression of one column, as a column of the same name."""
    return series.to_frame().select(expression(pl.col(series.name)).alias(series.name)).to_series()


def text(series: pl.Series) -> pl.Series:
    """Capitals without accents, one space between words; a whole number loses a trailing .0."""
    plain = series.str.normalize("NFD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    return _filled(plain.str.replace_all(r"\s+", " ").str.replace(r"^(\d+)\.0+$", "$1").str.strip_chars())


def name(series: pl.Series) -> pl.Series:
    """Letters and single spaces only, in Latin letters."""
    return _filled(latin(text(series)).str.replace_all(r"[^\p{L} ]", "").str.replace_all(r" +", " ").str.strip_chars())


def split_name(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Forename and surname of a whole name: "SURNAME, FORENAME", or first and last word."""
    whole = text(series).str.replace(_TITLE, "")
    turned = whole.str.replace(r"^(\S+),\s*(.+)$", "$2 $1").str.replace(r",.*$", "")
    surname_first = whole.str.extract(r"^(\S+),", 1)
    words = name(turned)
    first, last = words.str.extract(r"^(\S+) ", 1), words.str.extract(r" (\S+)$", 1)
    return first.fill_null(words), name(surname_first).fill_null(last)


def dates(pair: Pair) -> Pair:
    """YYYY-MM-DD text of whatever writing; a part that is not given is 00. Day first unless a file shows otherwise."""
    return each(_dates, pair)


def _local_days(series: pl.Series) -> pl.Series:
    """Days whose midnights were written as UTC, so that all are 22:00, 23:00 or 00:00, as the days themselves."""
    times = series.str.extract(_TIME_OF_DAY, 1)
    shifted = times.is_in(_MIDNIGHTS_IN_UTC).fill_null(False)
    if not shifted.any() or not (times.is_in([*_MIDNIGHTS_IN_UTC, "00:00"]) | times.is_null()).all():
        return series
    days = series.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).dt.offset_by("1d").dt.to_string("%Y-%m-%d")
    return series.zip_with(~(shifted & days.is_not_null()), days)


def _dates(series: pl.Series) -> pl.Series:
    plain = _local_days(text(series)).str.replace(_TIME, "").str.replace_all(r"(\d)(ST|ND|RD|TH)\b", "$1")
    spelled = plain.str.replace_all(r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*", "$1")
    month_first_word = spelled.str.replace(r"^([A-Z]{3})[ .-]*(\d{1,2})[ ,.-]+(\d{2,4})$", "$2-$1-$3")
    numbered = month_first_word.str.replace_all(r"(\d)([A-Z]{3})", "$1-$2").str.replace_many(_MONTHS, _MONTH_NUMBERS)
    parts = (
        numbered.str.replace_all(r"[^0-9]+", "-")
        .str.strip_chars("-")
        .to_frame("date")
        .with_columns(by_word=month_first_word.str.contains(r"[A-Z]{3}").fill_null(False))
    )
    date = pl.col("date")
    parts = parts.with_columns(
        pl.when(date.str.contains(r"^\d{8}$") & ~date.str.contains(r"^(1[6-9]|20)\d{6}$"))
        .then(date.str.replace(r"^(\d{2})(\d{2})(\d{4})$", "$1-$2-$3"))
        .otherwise(date.str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3"))
        .alias("date")
    ).with_columns(
        first=date.str.extract(r"^(\d{1,2})-(\d{1,2})-(\d{2}|\d{4})$", 1).cast(pl.Int32),
        second=date.str.extract(r"^(\d{1,2})-(\d{1,2})-(\d{2}|\d{4})$", 2).cast(pl.Int32),
        year=date.str.extract(r"^\d{1,2}-\d{1,2}-(\d{2}|\d{4})$", 1),
    )
    by_number = parts.filter(~pl.col("by_word"))
    only_month_first = by_number.filter(pl.col("first") <= 12, pl.col("second").is_between(13, 31)).height
    only_day_first = by_number.filter(pl.col("first").is_between(13, 31), pl.col("second") <= 12).height
    month_first = (only_month_first > only_day_first) & ~pl.col("by_word") & (pl.col("first") <= 12)
    month_first = month_first | ((pl.col("second") > 12) & (pl.col("first") <= 12))
    day, month = pl.col("first"), pl.col("second")
    # A year of two digits is the latest that is not in the future of the latest four-digit year a birth can have.
    century = pl.when(pl.col("year").cast(pl.Int32) > 25).then(pl.lit("19")).otherwise(pl.lit("20"))
    year = pl.when(pl.col("year").str.len_chars() == 2).then(century + pl.col("year")).otherwise("year")
    two = [column.cast(pl.String).str.zfill(2) for column in (day, month)]
    iso = [date.str.extract(r"^(\d{4})-(\d{1,2})-(\d{1,2})$", group).str.zfill(2) for group in (1, 2, 3)]
    read = parts.select(
        pl.coalesce(
            pl.when(month_first).then(pl.concat_str(year, two[0], two[1], separator="-")),
            pl.concat_str(year, two[1], two[0], separator="-"),
            pl.concat_str(*iso, separator="-"),
            date.str.extract(r"^(\d{4}-\d{2})$", 1) + "-00",
            date.str.extract(r"^(\d{4})$", 1) + "-00-00",
        )
    ).to_series()
    return read.alias(series.name)


def sexes(pair: Pair) -> Pair:
    """M and F where both files use a usual coding; else the codes as they are."""
    first = each(lambda series: text(series).str.slice(0, 1), pair)
    known = each(lambda series: series.replace_strict(_SEX, default=None, return_dtype=pl.String), first)
    usual = all(
        known_side.count() >= 0.5 * max(series.count(), 1) for known_side, series in zip(known, pair, strict=True)
    )
    return known if usual else each(text, pair)


def postcodes(pair: Pair) -> tuple[Pair, Pair, Pair]:
    """Postcodes at three sizes, smallest first: as fine as both files are, near and wide.

    UK: of whole postcode, sector, district and area letters, the first that both files mostly give and the next two.
    Elsewhere: the whole code, all but its last character, its first half. Digits get back the zeros a spreadsheet took.
    """
    plain = each(text, pair)
    compact = each(lambda series: series.str.replace(r"^(\d{5})-\d{4}$", "$1").str.replace_all(r"[^A-Z0-9]", ""), plain)
    both = pl.concat([series.alias("") for series in compact]).drop_nulls()
    british = both.str.contains(rf"{_WHOLE}|{_OUTWARD}|^[A-Z]{{1,2}}\d{{2,3}}$")
    if british.sum() > 0.5 * len(both):
        sizes = [_uk_sizes(*columns) for columns in zip(plain, compact, strict=True)]
        shares = [min(side[size].count() / max(compact[0].count(), 1) for side in sizes) for size in range(3)]
        finest = next((size for size in range(2) if shares[size] >= 0.5), 2)
        chosen = [min(finest + step, 3) for step in range(3)]
        return tuple((sizes[0][size], sizes[1][size]) for size in chosen)  # pyright: ignore[reportReturnType]  # three pairs, which pyright cannot count
    digits = both.filter(both.str.contains(r"^\d+$"))
    if len(digits) > 0.9 * len(both) and len(digits):
        usual = int(digits.str.len_chars().mode().max())  # pyright: ignore[reportArgumentType]  # lengths are whole numbers; polars types any scalar
        compact = each(lambda series: series.str.zfill(usual), compact)
    near = each(lambda series: evaluate(series, lambda code: code.str.head(-1)), compact)
    wide = each(
        lambda series: evaluate(series, lambda code: code.str.slice(0, (code.str.len_chars() + 1) // 2)), compact
    )
    return each(_filled, compact), each(_filled, near), each(_filled, wide)


def _uk_sizes(plain: pl.Series, compact: pl.Series) -> list[pl.Series]:
    columns = pl.DataFrame({"plain": plain, "code": compact})
    code = pl.col("code")
    whole = pl.when(code.str.contains(_WHOLE)).then("code")
    sector = pl.coalesce(whole.str.head(-2), pl.when(pl.col("plain").str.contains(_SECTOR)).then("code"))
    district = pl.coalesce(sector.str.head(-1), pl.when(code.str.contains(_OUTWARD)).then("code"))
    area = code.str.extract(r"^([A-Z]{1,2})\d", 1)
    frame = columns.select(whole.alias("0"), sector.alias("1"), district.alias("2"), area.alias("3"))
    return frame.get_columns()


def _filled(series: pl.Series) -> pl.Series:
    return evaluate(series, lambda value: pl.when(value != "").then(value))
