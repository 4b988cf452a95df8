"""One column of an extract: text to typed values, what was normalised, and which rows have a faulty value.

Belongs here: what each kind of column accepts. Does not belong here: files, rows, tables, and what happens to a
faulty row (resources/extracts/extract_reader.py).

Principle: what has one meaning is normalised and counted; what has none is faulty. 03/04/2020 is 3 April everywhere.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Column
from resources.extracts.values.extract_dates import DateForms, read_dates
from resources.extracts.values.extract_initials import fold_initials
from resources.extracts.values.identity_numbers import KEY_PATTERN
from resources.extracts.values.listed_text import listed_forms, meaning_of
from resources.extracts.values.missing_words import is_placeholder, says_nothing

EARLIEST_DATE, LONGEST_TEXT = date(1900, 1, 1), 1_000
# Joiners and marks of direction, pasted from documents, make two numbers of one. A soft hyphen may stand for a dash.
_INVISIBLE = r"[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]"
_YES_NO = {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N", "T": "Y", "F": "N", "1": "Y", "0": "N"}
_ONE_ZERO = {"YES": "1", "NO": "0", "TRUE": "1", "FALSE": "0", "T": "1", "F": "0", "Y": "1", "N": "0"}


@dataclass
class ColumnValues:
    """`values`: typed, null where missing or faulty. `faults`: rule per row, null where none. `counts`: normalised.

    `date_forms`: how its dates are written; empty for other columns.
    """

    values: pl.Series
    faults: pl.Series
    counts: dict[str, int] = field(default_factory=dict[str, int])
    date_forms: DateForms = field(default_factory=DateForms)


def read_values(raw: pl.Series, column: Column, latest: date) -> ColumnValues:
    """Read the text of one column as `column` declares it; dates after `latest` are faulty."""
    if column.kind == "note":
        return ColumnValues(raw.replace("", None), _no_faults(raw))
    counts: dict[str, int] = {}
    text = _trimmed(raw, counts)
    text = _without_missing_words(text, column, counts)
    readers = {"id": _ids, "code": _codes, "date": _dates, "whole": _numbers, "decimal": _numbers, "initial": _initials}
    reader = readers.get(column.kind)
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
        text = text.str.replace_all("\u00a0", " ", literal=True).str.replace_all(_INVISIBLE, "")
    text = text.str.strip_chars()
    counts[rules.SPACES] = _differ(text, raw)
    return text.replace("", None) if (text == "").any() else text


def _without_missing_words(text: pl.Series, column: Column, counts: dict[str, int]) -> pl.Series:
    """`text` without words for missing, but for those that a code list of the column gives a meaning."""
    missing = says_nothing(text).fill_null(False)
    if not missing.any():
        return text
    words = text.filter(missing).unique()
    meant = listed_forms((*column.allowed, *column.code_list))
    missing &= ~text.is_in(words.filter(pl.Series(listed_forms(words)).is_in(meant)).implode())
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
    faults = _too_long(values, _no_faults(values))
    return ColumnValues(_without(values, faults.is_not_null()), faults)


def _too_long(text: pl.Series, faults: pl.Series) -> pl.Series:
    """A name of two megabytes is a quote that was never closed, or notes; comparing it took longer than all others."""
    return _first_fault(faults, text.str.len_bytes() > LONGEST_TEXT, rules.TOO_LONG)


def _initials(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    values, faults = text.str.to_uppercase(), _no_faults(text)
    odd = text.str.contains(r"^[A-Za-z]$").not_().fill_null(False)
    if odd.any():
        read = pl.DataFrame({"odd": text.filter(odd)}).join(
            fold_initials(text.filter(odd)), on="odd", how="left", maintain_order="left"
        )
        places = odd.arg_true()
        values, faults = values.scatter(places, read["letter"]), faults.scatter(places, read["fault"])
    counts[rules.LETTER_CASE] = _differ(values, text)
    return ColumnValues(values, faults)


def _ids(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    text = _without_point_zero(text, counts)
    values = text.str.to_uppercase()
    if column.null and column.pattern in ("", KEY_PATTERN):
        placeholder = is_placeholder(values).fill_null(False)
        counts[rules.PLACEHOLDER_ID] = int(placeholder.sum())
        text, values = _without(text, placeholder), _without(values, placeholder)
    faults = _too_long(values, _no_faults(values))
    if values.str.contains("E+", literal=True).any():
        faults = _first_fault(faults, values.str.contains(r"^\d(\.\d+)?E\+\d+$"), rules.SCIENTIFIC)
    if column.pattern:
        faults = _first_fault(faults, values.str.contains(column.pattern).not_(), rules.PATTERN)
    values = _without(values, faults.is_not_null())
    counts[rules.LETTER_CASE] = _differ(values, text)
    return ColumnValues(values, faults)


def _codes(text: pl.Series, column: Column, counts: dict[str, int], latest: date) -> ColumnValues:
    text = _without_point_zero(text, counts)
    as_shown = {written.upper(): code for written, code in column.spelt}
    meaning = as_shown | {code.upper(): code for code in column.allowed}
    if set(column.allowed) == {"Y", "N"}:
        meaning = _YES_NO | meaning
    elif set(column.allowed) == {"0", "1"}:
        meaning = _ONE_ZERO | meaning
    values = text.str.to_uppercase().replace_strict(meaning, default=None, return_dtype=pl.String)
    unknown = values.is_null() & text.is_not_null()
    if unknown.any():
        spellings = text.filter(unknown).unique().to_frame("text")
        read = spellings.with_columns(code=meaning_of(pl.col("text"), meaning))
        values = values.zip_with(~unknown, text.replace_strict(read["text"], read["code"], default=None))
        unknown = values.is_null() & text.is_not_null()
    counts[rules.CODE_SPELLING] = _differ(values, text)
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
    values, faults, forms = read_dates(text, counts)
    faults = _no_faults(text) if faults is None else faults
    if column.null and not column.birth:
        placeholder = (values == EARLIEST_DATE).fill_null(False)
        counts[rules.PLACEHOLDER_DATE] = int(placeholder.sum())
        values = _without(values, placeholder)
    faults = _first_fault(faults, values < EARLIEST_DATE, rules.TOO_EARLY)
    faults = _first_fault(faults, values > latest, rules.TOO_LATE)
    return ColumnValues(_without(values, faults.is_not_null()), faults, date_forms=forms)
