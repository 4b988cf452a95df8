"""CSV text to a frame of text, with the rows that do not have the header's number of fields told apart.

Belongs here: delimiter, quotes and fields. Does not belong here: encoding and line ends (extract_text.py), what a
column means.

polars fills rows that are too short with nulls and cannot go on after a row that is too long or a quote that is never
closed. So the fields of every row are counted first (numpy); only a file with a faulty row is read line by line. Either
way a file can be read in blocks (text_blocks.py): what is read is the same.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from resources.extracts.extract_rules import OPEN_QUOTE, TRAILING_FIELD, WRONG_FIELD_COUNT
from resources.extracts.files.text_blocks import TextBlock

_BLOCK = 1 << 26
_ROWS_AT_ONCE = 50_000
_LONGEST_QUOTE = 2_000  # lines; a quote open for longer was never closed
csv.field_size_limit(1 << 28)


@dataclass
class CsvFile:
    """Header names as written, `body`: the columns wanted as String, called by their places in the header ("0", "1",
    ...), one row per data row.

    `faulty`: 1-based data row -> rule. Faulty rows are all-null in `body`. `form`: rule -> rows. `fields_found`: number
    of fields -> faulty rows that have it.
    """

    header: list[str]
    body: pl.DataFrame
    faulty: dict[int, str] = field(default_factory=dict[int, str])
    form: dict[str, int] = field(default_factory=dict[str, int])
    fields_found: Counter[int] = field(default_factory=Counter[int])


def csv_header(data: bytes, delimiter: str = ",") -> list[str]:
    """Names in the first line, as written but for surrounding spaces."""
    line = data.partition(b"\n")[0].decode("utf-8", errors="replace").replace("\r", " ")
    names = next(csv.reader([line], delimiter=delimiter), list[str]())
    return [name.replace("\u00a0", " ").strip() for name in names]


def read_csv(data: bytes, delimiter: str = ",", places: Sequence[int] | None = None) -> CsvFile:
    """Read decoded CSV (double quotes) into text. Faulty rows are kept as empty rows and named in `faulty`.

    `places`: the columns wanted, by place in the header; no value of another is kept. None for all. Empty fields after
    the last named column, in the header or in rows, say nothing and are left out.
    """
    header = csv_header(data, delimiter)
    wanted = list(range(len(header))) if places is None else list(places)
    start = data.find(b"\n") + 1
    body = data[start:] if start else b""
    if not body.strip():
        return no_rows(header, wanted)
    for fields in fields_allowed(header):
        if every_row_has(fields, body, delimiter):
            file = read_at_once(header, fields, body, delimiter, wanted)
            if file is not None:
                return file
    return read_by_line(header, body, delimiter, wanted)


def fields_allowed(header: Sequence[str]) -> list[int]:
    """Numbers of fields that rows may have: those of the header, to its last name, or one empty field more."""
    return list(dict.fromkeys((len(header), _named(header), len(header) + 1)))


def _named(header: Sequence[str]) -> int:
    """Columns up to the last that has a name."""
    return next((place for place in range(len(header), 0, -1) if header[place - 1]), len(header))


def no_rows(header: list[str], wanted: Sequence[int]) -> CsvFile:
    """A file that has a header and no row."""
    return CsvFile(header, pl.DataFrame(schema={str(place): pl.String for place in wanted}))


def read_at_once(header: list[str], fields: int, body: bytes, delimiter: str, wanted: Sequence[int]) -> CsvFile | None:
    """The file, all of whose rows have this number of fields; None when it must be read line by line."""
    names = [f"column_{place + 1}" for place in range(max(fields, len(header)))]  # as polars must be told them
    trailing = names[len(header) : fields]
    read = [names[place] for place in wanted if place < fields] + trailing
    try:
        # Given names as schema, polars cannot guess types or take a first data row for a header.
        frame = pl.read_csv(
            body,
            has_header=False,
            schema=dict.fromkeys(names[:fields], pl.String),
            separator=delimiter,
            truncate_ragged_lines=False,
            columns=read,
        )
    except pl.exceptions.PolarsError:
        return None
    if any((frame[name].fill_null("") != "").any() for name in trailing):
        return None
    absent = [pl.lit(None, pl.String).alias(names[place]) for place in wanted if place >= fields]
    frame = frame.with_columns(absent).select(pl.col(names[place]).alias(str(place)) for place in wanted)
    return CsvFile(header, frame, form={TRAILING_FIELD: frame.height} if fields != len(header) else {})


def every_row_has(fields: int, body: bytes | memoryview, delimiter: str = ",") -> bool:
    """Whether every row that is not blank has this number of fields, and every quote opens or closes a whole field."""
    whole = np.frombuffer(body, np.uint8)
    open_quotes, delimiters_before, last_end, last_delimiters = 0, 0, -1, 0
    for start in range(0, len(whole), _BLOCK):
        block = whole[start : start + _BLOCK]
        quotes = block == ord('"')
        outside = ((np.cumsum(quotes, dtype=np.uint8) + np.uint8(open_quotes)) & 1) == 0
        if not _quotes_stand_at_ends(whole, start + np.flatnonzero(quotes), open_quotes, delimiter):
            return False
        open_quotes = (open_quotes + int(np.count_nonzero(quotes))) & 1
        delimiters = np.flatnonzero((block == ord(delimiter)) & outside)
        ends = np.flatnonzero((block == ord("\n")) & outside)
        if start + _BLOCK >= len(whole) and whole[-1] != ord("\n"):
            ends = np.append(ends, len(block))
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


def _quotes_stand_at_ends(whole: np.ndarray, quotes: np.ndarray, open_before: int, delimiter: str) -> bool:
    """Whether each quote at these places opens a field at its begin, closes one at its end, or is doubled."""
    if not len(quotes):
        return True
    opening, closing = quotes[open_before::2], quotes[1 - open_before :: 2]
    before = whole[np.maximum(opening - 1, 0)][opening > 0]
    after = whole[np.minimum(closing + 1, len(whole) - 1)][closing < len(whole) - 1]
    ends = [ord(delimiter), ord("\n"), ord('"')]
    return bool(np.isin(before, ends).all() and np.isin(after, [*ends, ord("\r")]).all())


def read_by_line(header: list[str], body: bytes, delimiter: str, wanted: Sequence[int]) -> CsvFile:
    """Rows that do not all have the header's fields, line by line."""
    return together(list(lines_by_line(header, [TextBlock(body, last=True, odd=False)], delimiter, wanted)))


def together(files: Sequence[CsvFile]) -> CsvFile:
    """Rows of one file that were read in blocks, one after the other."""
    whole, before = CsvFile(files[0].header, pl.concat(file.body for file in files)), 0
    for file in files:
        whole.faulty |= {before + row: rule for row, rule in file.faulty.items()}
        whole.fields_found += file.fields_found
        whole.form.update({rule: whole.form.get(rule, 0) + count for rule, count in file.form.items()})
        before += file.body.height
    return whole


def lines_by_line(
    header: list[str], blocks: Iterable[TextBlock], delimiter: str, wanted: Sequence[int]
) -> Iterator[CsvFile]:
    """Rows of whole lines that come in blocks, some thousands at a time; `faulty` counts from the first of them."""
    lines: list[str] = []
    place = 0
    rows = _Rows(header, wanted)
    for block in blocks:
        lines = lines[place:] + block.data.decode("utf-8").split("\n")
        place = 0
        if not lines[-1]:
            lines.pop()
        ahead = 0 if block.last else _LONGEST_QUOTE  # so far a quote may be open
        while place < len(lines) - ahead:
            place += rows.take(*_record_at(lines, place, delimiter))
            if rows.full:
                yield rows.give()
    yield rows.give()


class _Rows:
    """Rows that were read line by line, until there are enough for a frame."""

    def __init__(self, header: list[str], wanted: Sequence[int]):
        self.header, self.wanted, self.named = header, wanted, _named(header)
        self.empty: list[str | None] = [None] * len(header)
        self._begin()

    def _begin(self) -> None:
        self.rows: list[list[str | None]] = []
        self.file = no_rows(self.header, self.wanted)

    @property
    def full(self) -> bool:
        """Whether there are enough."""
        return len(self.rows) >= _ROWS_AT_ONCE

    def take(self, record: list[str] | None, used: int) -> int:
        """Add what `_record_at` found; returns the lines it takes."""
        fields: list[str | None] = list(record) if record else self.empty
        number = len(self.rows) + 1
        if record is None:
            self.file.faulty[number] = OPEN_QUOTE
        elif record and (len(record) < self.named or any(record[len(self.header) :])):
            self.file.faulty[number] = WRONG_FIELD_COUNT if used == 1 else OPEN_QUOTE
            self.file.fields_found[len(record)] += 1
            fields, used = self.empty, 1
        elif record and len(record) != len(self.header):
            fields = (fields + self.empty)[: len(self.header)]
            self.file.form[TRAILING_FIELD] = self.file.form.get(TRAILING_FIELD, 0) + 1
        self.rows.append([fields[place] for place in self.wanted])
        return used

    def give(self) -> CsvFile:
        """The rows so far as a file; begins anew."""
        file = self.file
        if self.rows:
            columns = zip(*self.rows, strict=True)
            file.body = pl.DataFrame(dict(zip(file.body.columns, columns, strict=True)), schema=file.body.schema)
        self._begin()
        return file


def _record_at(lines: list[str], place: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The record that starts on line `place` and the lines it takes; None when a quote is open or out of place."""
    text = lines[place]
    if '"' not in text:
        return (text.split(delimiter) if text else []), 1
    for used in range(1, min(_LONGEST_QUOTE, len(lines) - place) + 1):
        if used > 1:
            text += "\n" + lines[place + used - 1]
            if '"' not in lines[place + used - 1]:
                continue
        try:
            return next(csv.reader([text], delimiter=delimiter, strict=True)), used
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return None, 1
    return None, 1
