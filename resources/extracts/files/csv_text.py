"""One CSV file, looked at once in blocks for what it is, then read in blocks as often as it is asked for.

Belongs here: passing over the file. Does not belong here: where blocks end (text_blocks.py), fields (extract_csv.py),
which faults refuse an extract (table_file.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path

from resources.extracts.files.extract_csv import (
    CsvFile,
    every_row_has,
    fields_allowed,
    lines_by_line,
    no_rows,
    read_at_once,
    read_by_line,
)
from resources.extracts.files.text_blocks import (
    QuoteNeverClosed,
    TextBlock,
    TextForm,
    after_first_line,
    raw_blocks,
    row_blocks,
    text_blocks,
)
from resources.receipts.receipts import file_state

_HOLE = b"\0" * 512  # what a disk or a copy leaves where it wrote nothing; no field is padded to this length


class FileChanged(Exception):
    """A file was replaced, or written to, while it was read."""


@dataclass
class CsvText:
    """A CSV file that was looked at: its header, first text, hash, and how its rows can be read.

    fields: fields of every row, or None where rows differ and the file is read line by line. nothing: it has no row.
    hole: it has a stretch of zero bytes. counts, form: as of decode_text, of the whole file.
    """

    path: Path
    header: list[str]
    delimiter: str
    head: bytes
    state: tuple[object, ...]
    sha256: str = ""
    fields: int | None = None
    nothing: bool = False
    hole: bool = False
    text: TextForm = field(default_factory=TextForm)

    def blocks(self, places: Sequence[int]) -> Iterator[tuple[CsvFile, bool]]:
        """Rows of these columns a block at a time, as read_csv of the whole file gives them, and whether the block
        holds bytes that are no text; at least one block. Raises FileChanged.
        """
        if self.nothing:
            yield no_rows(self.header, places), False
            return
        text = after_first_line(text_blocks(raw_blocks(self.path), TextForm()))
        if self.fields is None:
            for file in lines_by_line(self.header, text, self.delimiter, places):
                yield file, self.text.odd
        else:
            for block in row_blocks(text):
                yield self._at_once(block.data, self.fields, places), block.odd
        if file_state(self.path) != self.state:
            raise FileChanged

    def _at_once(self, body: bytes, fields: int, places: Sequence[int]) -> CsvFile:
        if not body.strip(b"\n"):
            return read_by_line(self.header, body, self.delimiter, places)
        file = read_at_once(self.header, fields, body, self.delimiter, places)
        return read_by_line(self.header, body, self.delimiter, places) if file is None else file


def look_at(path: Path, judged: Callable[[bytes, bytes, bool], tuple[list[str], str]]) -> CsvText:
    """Look at a file from its begin to its end.

    judged: is given the first bytes as they lie there, their text and whether that is all; says header and delimiter,
    or raises for what is no CSV. Raises OSError, FileChanged.
    """
    state, seen, form = file_state(path), _Seen(), TextForm()
    blocks = text_blocks(seen.looked_at(raw_blocks(path)), form)
    first = next(blocks)
    header, delimiter = judged(seen.first, first.data, first.last)
    file = CsvText(path, header, delimiter, first.data, state, text=form)
    text = seen.text_of(after_first_line(chain([first], blocks)))
    try:
        file.fields = _fields_of_every_row(header, delimiter, text)
    except QuoteNeverClosed:
        file.fields = None
    for _ in text:  # what counting fields did not need to look at
        pass
    file.nothing, file.hole, file.sha256 = not seen.any_text, seen.hole, seen.digest.hexdigest()
    if file_state(path) != state:
        raise FileChanged
    return file


def _fields_of_every_row(header: Sequence[str], delimiter: str, text: Iterable[TextBlock]) -> int | None:
    allowed = fields_allowed(header)
    for block in row_blocks(text):
        if block.data:
            allowed = [fields for fields in allowed if every_row_has(fields, block.data, delimiter)]
        if not allowed:
            return None
    return allowed[0]


class _Seen:
    """What is told of a file by passing over it: its hash, holes, and whether there is any text after the header."""

    def __init__(self):
        self.digest, self.first, self.hole, self.any_text, self._end = sha256(), b"", False, False, b""

    def looked_at(self, blocks: Iterator[tuple[bytes, bool]]) -> Iterator[tuple[bytes, bool]]:
        """The same raw blocks."""
        for place, (raw, last) in enumerate(blocks):
            self.first = raw if not place else b""
            self.digest.update(raw)
            self.hole |= _HOLE in raw or _HOLE in self._end + raw[: len(_HOLE)]
            self._end = raw[-len(_HOLE) :]
            yield raw, last

    def text_of(self, blocks: Iterator[TextBlock]) -> Iterator[TextBlock]:
        """The same text, without its first line."""
        for block in blocks:
            self.any_text |= bool(block.data.strip())
            yield block
