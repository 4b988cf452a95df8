"""One column of an extract: text to typed values, what was normalised, and which rows have a faulty value.

Belongs here: what each kind of column accepts. Does not belong here: files, rows, tables, and what happens to a
faulty row (resources/extract_reader.py).

Principle: what has one meaning is normalised and counted; what has none is faulty. 03/04/2020 is 3 April everywhere.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from resources import extract_rules as rules
from resources.extract_declaration import Column

EARLIEST_DATE = date(1900, 1, 1)
MISSING_WORDS = ["NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NULL", "Null", "null", "NaN", "nan", "NaT"]
_INVISIBLE = (("\u00a0", " "), ("\u200b", ""), ("\ufeff", ""))
_YES_NO = {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N", "T": "Y", "F": "N", "1": "Y", "0": "N"}
_ONE_ZERO = {"YES": "1", "NO": "0", "TRUE": "1", "FALSE": "0", "T": "1", "F": "0", "Y": "1", "N": "0"}
_TIME = r"(?:[T ]+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$"
_MIDNIGHT = r"(?:[T ]+)0?0:00(?::00(?:\.0+)?)?$"
_DAY_MONTH_YEAR = r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}$"
_DATE_FORMS = (
    r"^\d{4}[/.-]\d{1,2}[/.-]\d{1,2}$", _DAY_MONTH_YEAR, r"^\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}$", r"^\d{8}$",
)


@dataclass
class ColumnValues:
    """`values`: typed, null where missing or faulty. `faults`: rule per row, null where none. `counts`: normalised.

    `month_first`: values that are only possible month first, and `day_first`: only possible day first (dates).
    """

    values: pl.Series
    faults: pl.Series
    counts: dict[str, int] = field(default_factory=dict)
    month_first: int = 0
    day_first: int = 0


def read_values(raw: pl.Series, column: Column, latest: date) -> ColumnValues:
    """Read the text of one column as `column` declares it; dates after `latest` are faulty unless `future_ok`."""
    if column.kind == "note":
        return ColumnValues(raw.replace("", None), _no_faults(raw))
    counts: dict[str, int] = {}
    text = _trimmed(raw, counts)
    if column.kind == "initial":
        result = _initials(text, counts)
    else:
        text = _without_missing_words(text, column, counts)
        reader = {"id": _ids, "code": _codes, "date": _dates, "whole": _numbers, "decimal": _numbers}.get(column.kind)
        result = reader(text, column, counts, latest) if reader else _plain(text, counts)
    result.counts = {rule: count for rule, count in counts.items() if count}
    if not column.null:
        result.faults = _first_fault(result.faults, result.values.is_null(), rules.MISSING)
    return result


def _no_faults(series: pl.Series) -> pl.Series:
    return pl.Series("fault", [None], dtype=pl.String).new_from_index(0, len(series))


def _first_fault(faults: pl.Series, mask: pl.Series, rule: str) -> pl.Series:
    """`faults` with `rule` where `mask` holds and no fault was found before."""
    wanted = mask.fill_null(False) & faults.is_null()
    return faults if not wanted.any() else faults.zip_with(~wanted, pl.Series([rule]).new_from_index(0, len(faults)))


def _without(values: pl.Series, mask: pl.Series) -> pl.Series:
    """`values` with null where `mask` holds."""
    if not mask.any():
        return values
    return pl.select(pl.when(~mask.fill_null(False)).then(values)).to_series()


def _differ(left: pl.Series, right: pl.Series) -> int:
    return int((left != right).sum() or 0)


def _trimmed(raw: pl.Series, counts: dict[str, int]) -> pl.Series:
    text = raw
    if text.str.len_bytes().sum() != text.str.len_chars().sum():
        for invisible, replacement in _INVISIBLE:
            text = text.str.replace_all(invisible, replacement, literal=True)
    text = text.str.strip_chars()
    counts[rules.SPACES] = _differ(text, raw)
    return text.replace("", None) if (text == "").any() else text


def _without_missing_words(text: pl.Series, column: Column, counts: dict[str, int]) -> pl.Series:
    words = [word for word in MISSING_WORDS if word.upper() not in column.allowed]
    missing = text.is_in(words).fill_null(False)
    counts[rules.MISSING_WORD] = int(missing.sum())
    return _without(text, missing)


def _without_point_zero(text: pl.Series, counts: dict[str, int]) -> pl.Series:
    """2500007925.0, as pandas writes a whole number in a column with gaps, is 2500007925."""
    if not text.str.contains(".0", literal=True).any():
        return text
    shorter = text.str.replace(r"^(\d+)\.0+$", "$1")
    counts[rules.POINT_ZERO] = _differ(shorter, text)
    return shorter


def _plain(text: pl.Series, counts: dict[str, int]) -> ColumnValues:
    values = _without_point_zero(text, counts)
    return ColumnValues(values, _no_faults(values))


def _initials(text: pl.Series, counts: dict[str, int]) -> ColumnValues:
    values = text.str.to_uppercase()
    odd = values.str.contains(r"^[A-Z]$").not_().fill_null(False)
    if odd.any():
        folded = values.str.normalize("NFD").str.replace_all(r"\p{M}", "").str.strip_chars(".")
        values = values.zip_with(~odd, folded)
    wrong = values.str.contains(r"^[A-Z]$").not_().fill_null(False)
    values = _without(values, wrong)
    counts[rules.LETTER_CASE] = _differ(values, text)
    return ColumnValues(values, _first_fault(_no_faults(values), wrong, rules.NOT_A_LETTER))


def _ids(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    text = _without_point_zero(text, counts)
    values = text.str.to_uppercase()
    faults = _no_faults(values)
    if values.str.contains("E+", literal=True).any():
        faults = _first_fault(faults, values.str.contains(r"^\d(\.\d+)?E\+\d+$"), rules.SCIENTIFIC)
    if column.pattern:
        faults = _first_fault(faults, values.str.contains(column.pattern).not_(), rules.PATTERN)
    values = _without(values, faults.is_not_null())
    counts[rules.LETTER_CASE] = _differ(values, text)
    return ColumnValues(values, faults)


def _codes(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    text = _without_point_zero(text, counts)
    meaning = {code.upper(): code for code in column.allowed}
    if set(column.allowed) == {"Y", "N"}:
        meaning = _YES_NO | meaning
    elif set(column.allowed) == {"0", "1"}:
        meaning = _ONE_ZERO | meaning
    upper = text.str.to_uppercase()
    values = upper.replace_strict(meaning, default=None, return_dtype=pl.String)
    counts[rules.CODE_SPELLING] = _differ(values, text)
    unknown = values.is_null() & text.is_not_null()
    return ColumnValues(values, _first_fault(_no_faults(text), unknown, rules.NOT_IN_LIST))


def _numbers(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    if column.kind == "whole":
        text = _without_point_zero(text, counts)
        form, rule = r"^[+-]?\d{1,18}$", rules.NOT_WHOLE
    else:
        form, rule = r"^[+-]?(\d+\.?\d*|\.\d+)$", rules.NOT_NUMBER
    wrong = text.str.contains(form).not_().fill_null(False)
    values = _without(text, wrong).cast(column.polars_type, strict=False)
    faults = _first_fault(_no_faults(text), wrong | (values.is_null() & text.is_not_null()), rule)
    if column.low is not None:
        faults = _first_fault(faults, values < column.low, rules.OUT_OF_RANGE)
    if column.high is not None:
        faults = _first_fault(faults, values > column.high, rules.OUT_OF_RANGE)
    return ColumnValues(_without(values, faults.is_not_null()), faults)


def _dates(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    if text.str.contains(":", literal=True).any():
        day_only = text.str.replace(_MIDNIGHT, "")
        counts[rules.MIDNIGHT] = _differ(day_only, text)
        text = day_only
    result = ColumnValues(text.str.to_date("%Y-%m-%d", strict=False), _no_faults(text))
    result.values = _without(result.values, text.str.len_bytes() != 10)
    unread = result.values.is_null() & text.is_not_null()
    if unread.any():
        _read_other_dates(result, text, unread, counts)
    result.faults = _first_fault(result.faults, result.values < EARLIEST_DATE, rules.TOO_EARLY)
    if not column.future_ok:
        result.faults = _first_fault(result.faults, result.values > latest, rules.TOO_LATE)
    result.values = _without(result.values, result.faults.is_not_null())
    return result


def _read_other_dates(result: ColumnValues, text: pl.Series, unread: pl.Series, counts: dict[str, int]) -> None:
    """Read the dates that are not YYYY-MM-DD, and name what is wrong with the rest."""
    form = pl.col("form")
    rest = pl.DataFrame({"text": text.filter(unread)})
    forms = rest.unique(maintain_order=True).with_columns(  # each way of writing a date is read once
        form=pl.col("text").str.replace_all(r"[/. ]", "-"),
    ).with_columns(
        first=pl.col("text").str.extract(_DAY_MONTH_YEAR, 1).cast(pl.Int32),
        second=pl.col("text").str.extract(_DAY_MONTH_YEAR, 2).cast(pl.Int32),
        known=pl.any_horizontal(pl.col("text").str.contains(pattern) for pattern in _DATE_FORMS),
    ).with_columns(
        day=pl.when("known").then(pl.coalesce(
            form.str.to_date("%d-%m-%Y", strict=False), form.str.to_date("%Y-%m-%d", strict=False),
            form.str.to_date("%d-%B-%Y", strict=False), form.str.to_date("%Y%m%d", strict=False),
        )),
    )
    forms = forms.with_columns(
        fault=pl.when(pl.col("day").is_not_null()).then(None)
        .when("known").then(pl.lit(rules.IMPOSSIBLE_DATE))
        .when(pl.col("text").str.contains(_TIME)).then(pl.lit(rules.TIME_OF_DAY))
        .when(form.str.contains(r"^\d{1,2}-(\d{1,2}|[A-Za-z]{3,9})-\d{2}$")).then(pl.lit(rules.TWO_DIGIT_YEAR))
        .otherwise(pl.lit(rules.NOT_A_DATE)),
    )
    rest = rest.join(forms, on="text", how="left", maintain_order="left")
    places = unread.arg_true()
    result.values = result.values.scatter(places, rest["day"])
    result.faults = result.faults.scatter(places, rest["fault"])
    counts[rules.DATE_SPELLING] = rest["day"].count()
    result.month_first = rest.filter(pl.col("first") <= 12, pl.col("second").is_between(13, 31)).height
    result.day_first = rest.filter(pl.col("first").is_between(13, 31), pl.col("second") <= 12).height
