"""Everything that a file holds, as text to search: what is packed or compressed in it is opened.

Belongs here: formats that a refresh writes (Parquet, SQLite, zip such as xlsx and ods, gzip, zstd, zlib, PDF, pages
with data in them). Does not belong here: what is searched for. Pictures made of points (PNG) are not read.

A text here is bytes told one by one (latin-1), so that ASCII stands as it is in whatever else there is.
"""

import base64
import gzip
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing

import polars as pl
import pyarrow as pa

ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
BASE64 = re.compile(rb"data:[^,\"']{0,80};base64,([A-Za-z0-9+/=\s]+)")
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PDF_WORDS = re.compile(
    rb"\[((?:\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f\s]*>|[^\]()<>])*)\]\s*TJ|(\((?:[^\\()]|\\.)*\))\s*Tj", re.DOTALL
)
PDF_PIECE = re.compile(rb"\(((?:[^\\()]|\\.)*)\)|<([0-9A-Fa-f\s]*)>", re.DOTALL)
PDF_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
PDF_LETTERS = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def texts_in(content: bytes) -> Iterator[str]:
    """The content as it lies, and that of all that is packed in it."""
    yield content.decode("latin-1")
    yield from map(_told, _unpacked(content))


def _unpacked(content: bytes) -> Iterator[bytes | str]:
    """What is packed in the content, one level after another; text is told as text."""
    if content[:4] == b"PAR1":
        yield from _columns(content)
    elif content[:15] == b"SQLite format 3":
        yield from _through(_cells(content))
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from _through(packed.read(name) for name in packed.namelist())
    elif content[:2] == b"\x1f\x8b":
        yield from _through([gzip.decompress(content)])
    elif content[:4] == b"\x28\xb5\x2f\xfd":
        yield from _through([pa.CompressedInputStream(pa.BufferReader(content), "zstd").read()])
    elif content[:4] == b"%PDF":
        yield from _of_pdf(content)
    elif content[:2] in ZLIB:
        yield from _through(_inflated(content))
    else:
        yield from _through(base64.b64decode(found + b"==") for found in BASE64.findall(content))


def _through(packed) -> Iterator[bytes | str]:
    for each in packed:
        yield each
        if isinstance(each, bytes):
            yield from _unpacked(each)


def _told(each: bytes | str) -> str:
    return each if isinstance(each, str) else each.decode("latin-1")


def _columns(content: bytes) -> Iterator[str]:
    """Each column of a Parquet file as text, its different values one a line."""
    for column in pl.read_parquet(io.BytesIO(content)):
        kind = column.dtype
        if kind.is_nested() or kind == pl.Binary:
            # Not searched is not the same as clean: a table with such a column must fail here, not pass unseen.
            raise NotImplementedError(f"a column of kind {kind} is not searched yet: add it to tests/boundaries")
        yield "\n".join(column.unique().cast(pl.String).drop_nulls())


def _cells(content: bytes) -> Iterator[bytes | str]:
    """Everything that is written in the tables of an SQLite database, texts joined by lines."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content[:18] + b"\x01\x01" + content[20:])  # as one without a write-ahead log beside it
        database.text_factory = bytes
        texts = []
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table.decode()}"'):
                for cell in row:
                    if isinstance(cell, bytes) and cell[:2] in ZLIB:
                        yield cell
                    elif cell is not None:
                        texts.append(cell if isinstance(cell, bytes) else str(cell).encode())
        yield b"\n".join(texts)


def _inflated(content: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj().decompress(content)
    except zlib.error:  # two letters that happen to begin as a compressed stream does
        return


def _of_pdf(content: bytes) -> Iterator[bytes | str]:
    """The streams of a PDF, and its words with each of its fonts: a letter is a number in its font."""
    streams = [opened for packed in PDF_STREAM.findall(content) for opened in _inflated(packed)]
    yield from streams
    fonts = [_letters(stream) for stream in streams if b"begincmap" in stream]
    pages = [_words(stream) for stream in streams if b"TJ" in stream or b"Tj" in stream]
    for letters in fonts:
        text = "\n".join(
            "".join(letters.get(number, "?") for (number,) in struct.iter_unpack("2s", line[: len(line) // 2 * 2]))
            for lines in pages
            for line in lines
        )
        yield text
        yield re.sub(r"\s", "", text)  # a phrase goes over the end of a line


def _letters(font: bytes) -> dict[bytes, str]:
    """Number of a letter in a font, two bytes, to what it stands for."""
    return {
        bytes.fromhex(number.decode()): bytes.fromhex(letter.decode()).decode("utf-16-be", "replace")
        for number, letter in PDF_LETTERS.findall(font)
        if len(number) == 4
    }


def _words(page: bytes) -> list[bytes]:
    """The numbers of the letters of each line of a page."""
    return [
        b"".join(
            bytes.fromhex(hexed.decode()) if hexed else PDF_ESCAPE.sub(_escaped, plain)
            for plain, hexed in PDF_PIECE.findall(several or one)
        )
        for several, one in PDF_WORDS.findall(page)
    ]


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() else ESCAPED.get(code, code)
