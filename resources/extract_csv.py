"""CSV bytes to a frame of text, with the rows that do not have the header's number of fields told apart.

Belongs here: encoding, line ends, delimiter, quotes and fields. Does not belong here: what a column means.

polars fills rows that are too short with nulls and cannot go on after a row that is too long or a quote that is never
closed. So the fields of every row are counted first (numpy); only a file with a faulty row is read line by line.
"""

import csv
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from resources.extract_rules import BYTE_ORDER_MARK, LINE_ENDING, OPEN_QUOTE, WINDOWS_1252, WRONG_FIELD_COUNT

_BLOCK = 1 << 26
_ROWS_AT_ONCE = 50_000
_LONGEST_QUOTE = 2_000  # lines; a quote open for longer was never closed
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
csv.field_size_limit(1 << 28)


@dataclass
class CsvFile:
    """Header names as written, `body`: one String column per header position ("0", "1", ...), one row per data row.

    `faulty`: 1-based data row -> rule. Faulty rows are all-null in `body`. `counts`: normalising rule -> count.
    """

    header: list[str]
    body: pl.DataFrame
    faulty: dict[int, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def decode_csv(data: bytes) -> tuple[bytes, dict[str, int]]:
    """The same text as UTF-8 with \\n line ends and no byte-order mark, and how often each was changed.

    Raises UnicodeDecodeError when the bytes are neither UTF-8 nor Windows-1252.
    """
    counts = {}
    if data.startswith(_BYTE_ORDER_MARK):
        data, counts[BYTE_ORDER_MARK] = data[len(_BYTE_ORDER_MARK):], 1
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
            counts[WINDOWS_1252] = sum(not character.isascii() for character in text)
            data = text.encode("utf-8")
    if line_ends := data.count(b"\r\n"):
        counts[LINE_ENDING] = line_ends
        data = data.replace(b"\r\n", b"\n")
    elif b"\n" not in data and b"\r" in data:
        counts[LINE_ENDING] = data.count(b"\r")
        data = data.replace(b"\r", b"\n")
    return data, counts


def csv_header(data: bytes, delimiter: str = ",") -> list[str]:
    """Names in the first line, as written but for surrounding spaces."""
    line = data.partition(b"\n")[0].decode("utf-8", errors="replace").replace("\r", " ")
    return [name.replace("\u00a0", " ").strip() for name in next(csv.reader([line], delimiter=delimiter), [])]


def read_csv(data: bytes) -> CsvFile:
    """Read decoded CSV (comma, double quote) into text. Faulty rows are kept as empty rows and named in `faulty`."""
    header = csv_header(data)
    start = data.find(b"\n") + 1
    body = data[start:] if start else b""
    if not body.strip():
        return CsvFile(header, pl.DataFrame(schema={str(place): pl.String for place in range(len(header))}))
    if _every_row_has(len(header), body):
        try:
            return CsvFile(header, _read_fast(len(header), body))
        except pl.exceptions.PolarsError:
            pass
    frame, faulty = _read_by_line(len(header), body)
    return CsvFile(header, frame, faulty)


def _read_fast(fields: int, body: bytes) -> pl.DataFrame:
    # Given names as schema, polars cannot guess types or take a first data row for a header.
    return pl.read_csv(
        body, has_header=False, schema={str(place): pl.String for place in range(fields)}, truncate_ragged_lines=False,
    )


def _every_row_has(fields: int, body: bytes) -> bool:
    """Whether every row that is not blank has this number of fields, quotes taken into account."""
    open_quotes, delimiters_before, last_end, last_delimiters = 0, 0, -1, 0
    if not body.endswith(b"\n"):
        body += b"\n"
    for start in range(0, len(body), _BLOCK):
        block = np.frombuffer(body, np.uint8, min(_BLOCK, len(body) - start), start)
        quotes = block == ord('"')
        outside = ((np.cumsum(quotes, dtype=np.uint8) + np.uint8(open_quotes)) & 1) == 0
        open_quotes = (open_quotes + int(np.count_nonzero(quotes))) & 1
        delimiters = np.flatnonzero((block == ord(",")) & outside)
        ends = np.flatnonzero((block == ord("\n")) & outside)
        at_ends = delimiters_before + np.searchsorted(delimiters, ends)
        delimiters_before += len(delimiters)
        if not len(ends):
            continue
        per_row = np.diff(at_ends, prepend=last_delimiters)
        lengths = np.diff(start + ends, prepend=last_end)
        if np.any((per_row != fields - 1) & (lengths > 1)):
            return False
        last_end, last_delimiters = start + int(ends[-1]), int(at_ends[-1])
    return open_quotes == 0


def _read_by_line(fields: int, body: bytes) -> tuple[pl.DataFrame, dict[int, str]]:
    lines = body.decode("utf-8").split("\n")
    if not lines[-1]:
        lines.pop()
    faulty: dict[int, str] = {}
    frames, rows, place, number = [], [], 0, 0
    empty = [None] * fields
    while place < len(lines):
        record, used = _record_at(lines, place)
        number += 1
        if record is None and used:
            faulty[number], record = OPEN_QUOTE, empty
        elif not record:
            record = empty
        elif len(record) != fields:
            faulty[number] = WRONG_FIELD_COUNT if used == 1 else OPEN_QUOTE
            record, used = empty, 1
        rows.append(record)
        place += used
        if len(rows) == _ROWS_AT_ONCE or place >= len(lines):
            frames.append(pl.DataFrame(
                {str(column): values for column, values in enumerate(zip(*rows, strict=True))},
                schema={str(column): pl.String for column in range(fields)},
            ))
            rows = []
    return pl.concat(frames), faulty


def _record_at(lines: list[str], place: int) -> tuple[list[str] | None, int]:
    """The record that starts on line `place` and the lines it takes; None when a quote is open or out of place."""
    text = lines[place]
    if '"' not in text:
        return (text.split(",") if text else []), 1
    for used in range(1, min(_LONGEST_QUOTE, len(lines) - place) + 1):
        if used > 1:
            text += "\n" + lines[place + used - 1]
            if '"' not in lines[place + used - 1]:
                continue
        try:
            return next(csv.reader([text], strict=True)), used
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return None, 1
    return None, 1
