"""The text of a CSV file in blocks of whole rows, so that a file is never held whole.

Belongs here: where a block ends. Does not belong here: letters (extract_text.py), fields (extract_csv.py).

A block ends where a row does: at a line end outside quotes. That is known by counting quotes, which holds only where
quotes stand where they may. Where a row is not found to end within the longest text, quotes are open, and blocks end
at any line end: such a file is read line by line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from resources.extracts.values.extract_text import decode_text

BYTES_PER_BLOCK = 1 << 25
_LONGEST_ROW = 1 << 26  # bytes; a quote open for longer was never closed


class QuoteNeverClosed(Exception):
    """A row does not end: rows of this text cannot be told by counting quotes."""


@dataclass
class TextBlock:
    """Decoded whole lines. `last`: nothing comes after them. `odd`: they hold bytes that are no text."""

    data: bytes
    last: bool
    odd: bool


@dataclass
class TextForm:
    """What decoding found in all blocks together: as Text of extract_text.py."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    odd: bool = False


def raw_blocks(path: Path, size: int | None = None) -> Iterator[tuple[bytes, bool]]:
    """Whole lines of a file as it lies there, and whether they are its last; a file without a line end is one block."""
    size = size or BYTES_PER_BLOCK
    held: bytes | None = None
    rest: list[bytes] = []
    with path.open("rb") as file:
        while chunk := file.read(size):
            cut = chunk.rfind(b"\n") + 1
            if not cut:
                rest.append(chunk)
                continue
            if held is not None:
                yield held, False
            held, rest = b"".join([*rest, chunk[:cut]]), [chunk[cut:]]
    tail = b"".join(rest)
    if held is not None:
        yield held, not tail
    if tail or held is None:
        yield tail, True


def text_blocks(blocks: Iterable[tuple[bytes, bool]], form: TextForm) -> Iterator[TextBlock]:
    """The text of raw blocks; what decoding found is added to `form`."""
    first = True
    for raw, last in blocks:
        text = decode_text(raw, first=first, last=last)
        for ours, theirs in ((form.counts, text.counts), (form.form, text.form)):
            ours.update({rule: ours.get(rule, 0) + count for rule, count in theirs.items()})
        form.odd |= text.odd
        yield TextBlock(text.data, last, text.odd)
        first = False


def after_first_line(blocks: Iterator[TextBlock]) -> Iterator[TextBlock]:
    """The text without its first line, which is the header and may hold quotes that are none."""
    first = next(blocks)
    yield replace(first, data=first.data.partition(b"\n")[2])
    yield from blocks


def row_blocks(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """The same text in blocks that end where a row does. Raises QuoteNeverClosed."""
    rest, odd = b"", False
    for block in blocks:
        data, odd = rest + block.data, odd or block.odd
        if block.last:
            yield TextBlock(data, True, odd)
            return
        cut = _end_of_rows(data)
        rest = data[cut:]
        if len(rest) > _LONGEST_ROW:
            raise QuoteNeverClosed
        if cut:
            yield TextBlock(data[:cut], False, odd)
            odd = odd and bool(rest)


def _end_of_rows(data: bytes) -> int:
    """Where the last line of `data` that ends outside quotes ends; 0 where none does."""
    open_quotes, end = data.count(b'"') % 2, len(data)
    while open_quotes and end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        open_quotes = (open_quotes - data.count(b'"', start, end)) % 2
        end = start
    return end
