"""Identity numbers of people in the justice systems: one form for each, and whether a number can be right.

Belongs here: what is written of the Police National Computer number (PNC), the Criminal Records Office number (CRO)
and the prison number (NOMS), and what any other key looks like. Does not belong here: whose a number is.

The last letter of a PNC and of a CRO number is a check letter: the two digits of the year before the serial number,
read as one number, modulo 23. A typing error in either gives another letter in 22 of 23 cases.
"""

import polars as pl

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
# A year of two digits from this on is of the 1900s: there is no police computer of 1950, and no number of 2050 yet.
FIRST_YEAR_OF_1900S = 50

PNC_PATTERN = r"^([0-9]{4}|[0-9]{2}) ?[/-]? ?[0-9]{1,7} ?[A-Z]$"
CRO_PATTERN = r"^([0-9]{1,6} ?[/-] ?[0-9]{2}|SF ?[0-9]{2} ?[/-]? ?[0-9]{1,6}) ?[A-Z]$"
NOMS_PATTERN = r"^[A-Z][0-9]{4}[A-Z]{2}$"
# A key that a source system or supplier gives: it has a digit and no space, so that a name is none, nor is a formula.
KEY_PATTERN = r"^([A-Z][A-Z/_.:{+=-]{0,30})?[{]?[0-9][A-Z0-9/_.:{}+=-]{0,99}$"

_PNC_PARTS = (
    # With a slash the year is what stands before it; without one, a number of 10 or 11 digits has a year of four.
    r"^(?:\d{2})?(?P<year>\d{2})/(?P<serial>\d{1,7})(?P<letter>[A-Z])$",
    r"^\d{2}(?P<year>\d{2})(?P<serial>\d{6,7})(?P<letter>[A-Z])$",
    r"^(?P<year>\d{2})(?P<serial>\d{6,7})(?P<letter>[A-Z])$",
)
_CRO_PARTS = (
    r"^(?P<serial>\d{1,6})/(?P<year>\d{2})(?P<letter>[A-Z])$",
    r"^(?P<kind>SF)(?P<year>\d{2})/?(?P<serial>\d{1,6})(?P<letter>[A-Z])$",
)


def police_number(text: pl.Expr) -> pl.Expr:
    """A PNC number as YYYY/0000000L however it is written (2000/0001234X, 00/1234X, 20000001234X); null when it is no
    such number, its check letter is wrong, or its serial number is nought."""
    written = _compact(text)
    year, serial, letter = (_part(written, _PNC_PARTS, name) for name in ("year", "serial", "letter"))
    century = written.str.extract(r"^((?:19|20)\d{2})(?:/|\d{6,7}[A-Z]$)", 1)
    since = pl.when(year.cast(pl.Int32) >= FIRST_YEAR_OF_1900S).then(pl.lit("19")).otherwise(pl.lit("20"))
    full_year = pl.coalesce(century, since + year)
    form = pl.concat_str(full_year, pl.lit("/"), serial.str.zfill(7), letter)
    return pl.when(_checks(year, serial, 7, letter)).then(form)


def criminal_record_number(text: pl.Expr) -> pl.Expr:
    """A CRO number as 000000/YYL, or SFYY/000000L as those without fingerprints are; null as for `police_number`."""
    written = _compact(text)
    year, serial, letter = (_part(written, _CRO_PARTS, name) for name in ("year", "serial", "letter"))
    file_only = written.str.starts_with("SF")
    form = (
        pl.when(file_only)
        .then(pl.concat_str(pl.lit("SF"), year, pl.lit("/"), serial.str.zfill(6), letter))
        .otherwise(pl.concat_str(serial.str.zfill(6), pl.lit("/"), year, letter))
    )
    # Which width the serial number of a file-only record is checked with differs between systems.
    right = _checks(year, serial, 6, letter) | (file_only & _checks(year, serial, 0, letter))
    return pl.when(right).then(form)


def prison_number(text: pl.Expr) -> pl.Expr:
    """A NOMS number (letter, four digits, two letters); null when it is no such number. It has no check letter."""
    written = _compact(text)
    return pl.when(written.str.contains(NOMS_PATTERN)).then(written)


def _compact(text: pl.Expr) -> pl.Expr:
    return text.str.to_uppercase().str.replace_all(r"\s", "").str.replace_all(r"[\\-]", "/")


def _part(written: pl.Expr, forms: tuple[str, ...], name: str) -> pl.Expr:
    holding = [form for form in forms if f"<{name}>" in form]
    return pl.coalesce(written.str.extract_groups(form).struct.field(name) for form in holding)


def _checks(year: pl.Expr, serial: pl.Expr, width: int, letter: pl.Expr) -> pl.Expr:
    digits = serial.str.zfill(width) if width else serial
    number = pl.concat_str(year, digits).cast(pl.Int64, strict=False)
    right = (number % len(CHECK_LETTERS)).replace_strict(
        dict(enumerate(CHECK_LETTERS)), default=None, return_dtype=pl.String
    )
    return (right == letter) & (serial.cast(pl.Int64, strict=False) > 0)
