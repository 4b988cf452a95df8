"""What one value means: words for missing, days, initials, and what a code list says about them."""

from datetime import date, timedelta

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS
from resources.extracts.extract_declaration import Column
from resources.extracts.extract_rules import MISSING_WORD, PLACEHOLDER_DATE, PLACEHOLDER_ID, REMEDIES, SPACES, TOO_LONG
from resources.extracts.values.date_order import cut_fault, first_days, order_fault
from resources.extracts.values.extract_dates import DateForms
from resources.extracts.values.extract_values import read_values

LAST_DAY = date(2023, 3, 31)
WORDS = [
    "None",
    "NULL",
    "(null)",
    "<null>",
    r"\N",
    "N/K",
    "NK",
    "Not known",
    "not-known",
    "Unknown",
    "Not recorded",
    ".",
    "-",
    "--",
    "–",
    "nil",
    "#N/A",
    "#VALUE!",
    "NaN",
    "NaT",
    "n/a",
    "N / A",
    "?",
    "Not available.",
    "don't know",
    "None recorded",
    "Not yet known",
    "Unknown / not recorded",
    "Not known/not stated",
    "NULL NULL",
    "N/A (n/a)",
    "DNK",
    "U/K",
    "t.b.c.",
    "data missing",
    "1.#QNAN",
    "NULL,",
]
KINDS = ["text", "id", "date", "whole", "decimal", "code", "initial"]


def _read(values: list, kind: str, **declared):
    text = pl.Series("value", values, dtype=pl.String)
    return read_values(text, Column("value", kind, "a value", **declared), LAST_DAY)


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_for_missing_is_missing_in_a_column_of_every_kind(kind):
    result = _read(WORDS, kind)
    assert result.values.null_count() == len(WORDS) and result.faults.null_count() == len(WORDS)
    assert result.counts == {MISSING_WORD: len(WORDS)}


@pytest.mark.parametrize("kind", ["text", "id"])
def test_a_text_that_no_name_or_key_can_be_is_faulty_and_a_long_name_is_not(kind):
    result = _read(["A1" * 501, "É" * 250, "A1" * 500], kind)
    assert result.faults.to_list() == [TOO_LONG, None, None] and result.values.null_count() == 1
    assert _read(["x" * 5000], "note").faults.null_count() == 1


def test_free_text_keeps_its_words_for_missing():
    assert _read(WORDS, "note").values.to_list() == WORDS


@pytest.mark.parametrize("kind", ["text", "id"])
def test_text_that_only_resembles_a_word_for_missing_is_kept(kind):
    values = [
        "N",
        "NKR",
        "NO",
        "NIL RETURN",
        "NOT GUILTY",
        "NONESUCH",
        "UNKNOWN ROAD 3",
        "0A",
        "NS",
        "NOT COMPLETED",
        "NO RESPONSE",
        "NONE OF THESE",
        "NOT KNOWN AT ADDRESS",
        "N/A HEARING",
        "MISSING PERSON",
    ]
    assert _read(values, kind).values.to_list() == values


@pytest.mark.parametrize(("kind", "role"), [("text", "code_list"), ("code", "allowed")])
def test_a_word_for_missing_that_a_code_list_holds_has_a_meaning(kind, role):
    result = _read(["-", "NOT  KNOWN.", "--", "Unknown"], kind, **{role: ("-", "Not known")})
    assert result.values.null_count() == 2 and result.counts[MISSING_WORD] == 2


def test_a_placeholder_is_no_identifier_where_the_identifier_may_be_missing():
    result = _read(["0", "000", "9999", "xxxx", "90", "X1"], "id")
    assert result.values.to_list() == [None, None, None, None, "90", "X1"]
    assert result.counts[PLACEHOLDER_ID] == 4
    assert _read(["0", "9999"], "id", null=False).values.to_list() == ["0", "9999"]


@pytest.mark.parametrize(
    "text",
    [
        "7-Sept-1984",
        "07-SEP-1984",
        "7 September 1984",
        "7th Sept 1984",
        "7th of September 1984",
        "Fri, 7 Sep 1984",
        "September 7, 1984",
        "1984-Sep-07",
        "7SEP1984",
        "07091984",
        "19840907",
        "7.9.1984",
        "7/9/1984",
        "1984/9/7",
        "1984-09-07T00:00:00Z",
        "1984-09-07T00:00:00+01:00",
        "1984-09-07 00:00:00.000",
        "07-SEP-1984 00:00:00",
        "7/9/1984 12:00:00 AM",
        "07 . 09 . 1984",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert _read([text], "date").values.to_list() == [date(1984, 9, 7)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("07-SEP-84", "two-digit year"),
        ("07/09/84", "two-digit year"),
        ("45012", "day number of a spreadsheet"),
        ("1984-09-07 10:30", "time of day"),
        ("1984-06-30T23:00:00Z", "time of day"),
        ("31/02/1984", "does not exist"),
        ("1984-13-02", "does not exist"),
        ("20120732", "does not exist"),
        ("7 Febtober 1984", "not a date"),
    ],
)
def test_what_is_no_day_is_set_aside_with_its_rule_and_a_remedy(text, rule):
    result = _read([text], "date")
    assert result.values.to_list() == [None]
    assert rule in result.faults[0] and REMEDIES[result.faults[0]]


@pytest.mark.parametrize("kind", ["id", "text", "date"])
def test_what_is_not_seen_makes_no_other_value(kind):
    values = ["2021\u200d0508", "\u200e20210508", "20210508\u2060", "\u202a20210508\u202c", "\ufeff20210508\u00a0"]
    read = _read([*values, "20210508"], kind)
    assert read.values.n_unique() == 1 and read.counts[SPACES] == len(values)


def test_the_first_day_of_1900_stands_for_no_date_but_where_it_may_be_a_birth_or_must_be_filled():
    assert _read(["1900-01-01"], "date").counts == {PLACEHOLDER_DATE: 1}
    assert _read(["1900-01-01", "01/01/1900"], "date").values.to_list() == [None, None]
    for declared in ({"birth": True}, {"null": False}):
        assert _read(["1900-01-01"], "date", **declared).values.to_list() == [date(1900, 1, 1)]


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("j", "J"),
        ("É", "E"),
        ("Ł", "L"),
        ("ø", "O"),
        ("Đ", "D"),
        ("Æ", "A"),
        ("Þ", "T"),
        ("ß", "S"),
        ("Œ", "O"),
        ("Ð", "D"),
        ("Ħ", "H"),
        ("ı", "I"),
        ("İ", "I"),
        ("Ŋ", "N"),
        ("Ŧ", "T"),
        ("Ə", "E"),
        ("Ș", "S"),
        ("Ơ", "O"),
        ("Ư", "U"),
        ("E\u0301", "E"),
        ("Ｊ", "J"),
        ("O'", "O"),
        ("’O", "O"),
        ("J.", "J"),
        ("(S)", "S"),
        ("Ǆ", "D"),
        ("ŉ", "N"),
        ("Ʒ", "Z"),
        ("ɣ", "G"),
        ("Ʊ", "U"),
        ("Ǿ", "O"),
        ("Ɖ", "D"),
    ],
)
def test_every_latin_letter_is_an_initial(text, letter):
    assert _read([text], "initial").values.to_list() == [letter]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Null Smith", "not one letter"),
        ("Mc", "not one letter"),
        ("7", "not one letter"),
        ("J2", "not one letter"),
        ("Ж", "another script"),
        ("Ω", "another script"),
        ("ع", "another script"),
        ("李", "another script"),
    ],
)
def test_what_is_no_latin_letter_is_counted_by_its_rule(text, rule):
    result = _read([text], "initial")
    assert result.values.to_list() == [None] and rule in result.faults[0]


def test_the_orders_of_all_columns_of_a_file_are_compared():
    fine = {"a": DateForms(day_first=9, either=5), "b": DateForms(real_low=4, real_high=6)}
    assert order_fault(fine) is None
    assert order_fault(fine | {"c": DateForms(month_first=1)}) is None
    columns, rule, _ = order_fault(fine | {"c": DateForms(month_first=1), "d": DateForms(month_first=1, either=2)})
    assert columns == "c, d" and rule.startswith("2 date(s) can only be month first, 9 only day first: 7 other")


def test_one_month_first_date_is_no_slip_where_the_others_could_be_month_first_too():
    assert order_fault({"a": DateForms(month_first=1, either=6)})
    assert order_fault({"a": DateForms(month_first=1, real_low=3, real_high=5)}) is None
    assert order_fault({"a": DateForms(month_first=1, either=6, day_first=9)}) is None


def test_real_dates_of_a_spreadsheet_are_known_with_the_month_in_words_too():
    text = [f"{day}/05/2021" for day in range(13, 31)]
    by_spreadsheet = [f"{month:02}-May-2021" for month in range(1, 13)]
    assert order_fault({"a": _read(text + by_spreadsheet, "date").date_forms})
    both_kinds = [*text, *(f"{day:02}/05/2021" for day in range(1, 13)), *(f"{day}-May-2021" for day in range(1, 29))]
    assert order_fault({"a": _read(both_kinds, "date").date_forms}) is None


@pytest.mark.parametrize(
    ("forms", "refused"),
    [
        (DateForms(day_first=30, real_low=20), True),
        (DateForms(day_first=4, real_low=4), True),
        (DateForms(day_first=3, real_low=3), False),
        (DateForms(day_first=20, real_low=300, real_high=500), True),
        (DateForms(day_first=30, either=19, real_low=20, real_high=31), False),
        (DateForms(day_first=5, real_low=200, real_high=300), False),
        (DateForms(day_first=30, either=19), False),
        (DateForms(day_first=2, real_low=9), False),
    ],
)
def test_text_above_the_twelfth_beside_real_dates_up_to_it_are_the_mark_of_a_spreadsheet(forms, refused):
    assert (order_fault({"a": forms}) is not None) == refused


def test_dates_that_were_cut_to_the_month_or_year_are_known_and_one_day_for_everybody_is_none():
    days = [date(1960, 1, 1) + timedelta(days=97 * number) for number in range(100)]
    of_years, of_months = [day.replace(month=1, day=1) for day in days], [day.replace(day=1) for day in days]
    for cut in (of_years, of_months, [*of_years, *days[:90]]):
        rule, remedy = cut_fault(first_days(pl.Series(cut)))
        assert f"of {len(cut)} dates are the first of a month" in rule and remedy
    for whole in (days, [date(2022, 5, 1)] * 100, [*days, *of_years[:40]], of_years[:49], [None] * 100):
        assert cut_fault(first_days(pl.Series(whole, dtype=pl.Date))) is None


def test_every_word_for_missing_of_a_declared_code_list_is_named_where_it_is_used():
    column = {column.name: column for extract in ALL_EXTRACTS for column in extract.columns if column.code_list}
    assert "7000" in column["DRUG1"].code_list and "Fine" in column["result_text"].code_list
    assert {"DRUG1", "DRUG2", "DRUG3", "DISRSN", "termination_reason", "result_text"} <= set(column)
