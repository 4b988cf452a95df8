"""Bytes to text: which letters they are, line by line, and which bytes are no text at all.

Belongs here: encodings, line ends, control characters. Does not belong here: fields (extract_csv.py), values.

A byte that is no UTF-8 is read as Windows-1252 by itself, so that it leaves the other letters of the file alone.
"""

import codecs
import re
from dataclasses import dataclass, field

import polars as pl

from resources.extracts.extract_rules import (
    BYTE_ORDER_MARK,
    END_OF_FILE,
    LINE_ENDING,
    NOT_TEXT,
    NOT_TEXT_IN_NOTE,
    PADDING,
    WINDOWS_1252,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# The first two bytes of – ’ “ ” … and € in UTF-8: without the third they are a letter that was cut, not Windows-1252.
_CUT_SIGNS = (b"\xe2\x80", b"\xe2\x82")
LOST = "\ufffd"
_CONTROL = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F"
_ODD = rf"[{_CONTROL}\u0080-\u009F\uFFFD]"
_PADDING = rf"^[{_CONTROL}]+|[{_CONTROL}]+$"
_MARKED = bytes(1 if byte < 9 or byte in (11, 12, 127) or 13 < byte < 32 else 0 for byte in range(256))


@dataclass
class Text:
    r"""UTF-8 text with \n line ends. `counts`: letters read from another encoding; `form`: how the file is written.

    `odd`: whether any byte of it is no text (control characters, letters lost earlier on).
    """

    data: bytes
    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    odd: bool = False


def decode_text(data: bytes, first: bool = True, last: bool = True) -> Text:
    """The text of a file. Raises nothing: a byte that is neither UTF-8 nor Windows-1252 is read as U+FFFD, and odd.

    first, last: whether `data`, whole lines, begins and ends the file. Blocks of a file, decoded one by one, are
    together what the file is.
    """
    text = Text(data)
    marks = 0
    while data.startswith(_BYTE_ORDER_MARK) and (first or not marks):
        data, marks = data[len(_BYTE_ORDER_MARK) :], marks + 1
    if not data.isascii():
        data = _as_utf_8(data, text.counts)
        inside = data.count(b"\n" + _BYTE_ORDER_MARK)  # files that were put one behind the other
        data = data.replace(b"\n" + _BYTE_ORDER_MARK, b"\n") if inside else data
        marks += inside
    if marks:
        text.form[BYTE_ORDER_MARK] = marks
    text.data = _line_ends(data, text.form, whole=first and last)
    if last:
        text.data = _ended(text.data, text.form)
    text.odd = 1 in text.data.translate(_MARKED) or (not data.isascii() and _has_odd_letters(text.data))
    return text


def _as_utf_8(data: bytes, counts: dict[str, int]) -> bytes:
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError:
        reader = _Reader()
        codecs.register_error(_Reader.NAME, reader)
        text = data.decode("utf-8", errors=_Reader.NAME)
        if reader.converted:
            counts[WINDOWS_1252] = reader.converted
        return text.encode("utf-8")


class _Reader:
    """What Python's decoder asks about bytes that are no UTF-8. `converted`: bytes read as Windows-1252."""

    NAME = "pathways.windows-1252"

    def __init__(self):
        self.converted = 0

    def __call__(self, error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        odd = error.object[error.start : error.end]
        if odd in _CUT_SIGNS:
            return LOST, error.end
        letters = odd.decode("cp1252", errors="replace")
        self.converted += len(letters) - letters.count(LOST)
        return letters, error.end


def _line_ends(data: bytes, form: dict[str, int], whole: bool) -> bytes:
    if line_ends := data.count(b"\r\n"):
        form[LINE_ENDING] = line_ends
        return re.sub(rb"\r+\n", b"\n", data) if b"\r\r\n" in data else data.replace(b"\r\n", b"\n")
    if whole and b"\n" not in data and (line_ends := data.count(b"\r")):
        form[LINE_ENDING] = line_ends
        return data.replace(b"\r", b"\n")
    return data


def _ended(data: bytes, form: dict[str, int]) -> bytes:
    """Without the Ctrl-Z that DOS programs end a text with."""
    if data[-2:].rstrip(b"\n").endswith(b"\x1a"):
        form[END_OF_FILE] = 1
        return data.rstrip(b"\n").removesuffix(b"\x1a")
    return data


def _has_odd_letters(data: bytes) -> bool:
    return LOST.encode() in data or re.search(rb"\xc2[\x80-\x9f]", data) is not None


@dataclass
class PlainValues:
    """`values`: text without padding; `faults`: NOT_TEXT per row or null; `counts`: what was counted, by rule."""

    values: pl.Series
    faults: pl.Series
    counts: dict[str, int] = field(default_factory=dict[str, int])


def plain_values(values: pl.Series, note: bool = False) -> PlainValues | None:
    """One column's values without the control characters around them; None when all are plain.

    A value that holds such characters, or lost letters, inside has no one meaning: NOT_TEXT. A note keeps all, counted.
    """
    odd = values.str.contains(_ODD).fill_null(False)
    if not odd.any():
        return None
    none = pl.Series("fault", [None], dtype=pl.String).new_from_index(0, len(values))
    if note:
        return PlainValues(values, none, {NOT_TEXT_IN_NOTE: int(odd.sum())})
    trimmed = values.str.replace_all(_PADDING, "")
    left = trimmed.str.contains(_ODD).fill_null(False)
    faults = none.zip_with(~left, pl.Series([NOT_TEXT]).new_from_index(0, len(values)))
    padded = int((odd & ~left).sum())
    return PlainValues(trimmed, faults, {PADDING: padded} if padded else {})
