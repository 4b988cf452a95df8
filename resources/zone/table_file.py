"""Opens one file of a table, CSV or Parquet: the names of its columns, then those columns as text.

Belongs here: is the file what its name says, its size, its bytes. Does not belong here: which columns are wanted
(extract_file.py), what a value means.
"""

import re
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import polars as pl

from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_csv import csv_header, read_csv
from resources.extracts.files.extract_parquet import KINDS, ParquetFault, open_parquet, too_large, unpacked_bytes
from resources.extracts.files.extract_parts import Part, Parts, shown_name
from resources.extracts.values.extract_text import decode_text

SEND_CSV = "Send comma-separated UTF-8 text with a header line, or Parquet."
_NOT_CSV = (
    (b"PK\x03\x04", "the file is an Excel workbook or a zip archive, not CSV"),
    (b"\xd0\xcf\x11\xe0", "the file is an old Excel workbook, not CSV"),
    (b"PAR1", "the file is Parquet, not CSV; name it .parquet"),
    (b"PARE", "the file is encrypted Parquet, not CSV"),
    (b"\x1f\x8b", "the file is gzip-compressed, not CSV"),
    (b"BZh", "the file is bzip2-compressed, not CSV"),
    (b"\xfd7zXZ", "the file is xz-compressed, not CSV"),
    (b"\x28\xb5\x2f\xfd", "the file is Zstandard-compressed, not CSV"),
    (b"%PDF", "the file is a PDF, not CSV"),
    (b"\xff\xfe", "the file is UTF-16 text, not UTF-8"),
    (b"\xfe\xff", "the file is UTF-16 text, not UTF-8"),
)
_HOLE = b"\0" * 512  # what a disk or a copy leaves where it wrote nothing; no field is padded to this length
_MOST_COLUMNS = 2_000
PARQUET_ENDINGS = (".parquet", ".pq")


@dataclass
class Body:
    """Columns that were read, as String, called by their places ("0", "1", ...); the rest as in CsvFile."""

    frame: pl.DataFrame
    faulty: dict[int, str] = field(default_factory=dict[int, str])
    fields_found: Counter[int] = field(default_factory=Counter[int])


@dataclass
class OpenTable:
    """One opened file. `read(places)`: those columns. `odd`: whether its text holds what is no text.

    `counts`: normalising rule -> count, and `form`: the same of what changes no value; both complete after `read`.
    `kind(place)`: what a Parquet column holds; of CSV all is text. `text`, `delimiter`: of CSV.
    """

    header: list[str]
    sha256: str
    read: Callable[[list[int]], Body]
    kind: Callable[[int], str] = lambda place: "text"
    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    odd: bool = True
    text: bytes = b""
    delimiter: str = ""

    def has_text(self, place: int) -> bool:
        """Whether the values of a column have a text: lists, structures and the like have none."""
        return self.kind(place) in KINDS


def read_bytes(path: Path, part: Part) -> bytes:
    """The bytes of one file of the extract at `path`. Raises ExtractError when they cannot be read, or are none."""
    try:
        data = part.path.read_bytes()
    except PermissionError:
        rule, remedy = "the file may not be read by this account", "Give the account read permission."
        raise ExtractError(path, of_part(path, part, rule), remedy) from None
    except OSError as error:
        rule = of_part(path, part, f"the file cannot be read ({error.strerror})")
        raise ExtractError(path, rule, "Copy the file again.") from None
    if not data.strip():
        rule = of_part(path, part, f"the file is empty ({len(data)} bytes)")
        raise ExtractError(path, rule, "Send the extract again.")
    return data


def of_part(path: Path, part: Part, rule: str) -> str:
    """A rule, with the name of the part where the extract is a folder of parts."""
    return rule if part.path == path else f"part {shown_name(part.path.name)}: {rule}"


def require_size(parts: Parts, largest_mb: int) -> None:
    """Raise ExtractError for an extract that is larger than the settings allow, packed or unpacked.

    No value is read: Parquet says in its last bytes how large it is.
    """
    if parts.bytes > largest_mb * 1_000_000:
        fault = too_large(parts.bytes, largest_mb * 1_000_000)
        raise ExtractError(parts.path, fault.rule.replace("unpacks to", "has"), fault.remedy)
    if parts.path.suffix.lower() in PARQUET_ENDINGS:
        unpacked = sum(unpacked_bytes(part.path) for part in parts.parts)
        if unpacked > largest_mb * 1_000_000:
            fault = too_large(unpacked, largest_mb * 1_000_000)
            raise ExtractError(parts.path, fault.rule, fault.remedy)


def open_table(path: Path, part: Part, largest_mb: int, delimiter: str | None = ",") -> OpenTable:
    """Open one part of the extract at `path`, Parquet where its name says so, else CSV. Raises ExtractError.

    `delimiter`: of CSV; None for the one of , ; tab and | that splits the header most.
    """
    data = read_bytes(path, part)
    if path.suffix.lower() in PARQUET_ENDINGS:
        return _open_parquet(path, part, data, largest_mb * 1_000_000)
    if rule := _not_csv(data):
        raise ExtractError(path, of_part(path, part, rule), SEND_CSV)
    return _open_csv(path, part, data, delimiter)


def _open_parquet(path: Path, part: Part, data: bytes, largest_bytes: int) -> OpenTable:
    with _named(path, part):
        parquet = open_parquet(data, largest_bytes)

    def read(places: list[int]) -> Body:
        with _named(path, part):
            return Body(parquet.read(places))

    return OpenTable(parquet.header, sha256(data).hexdigest(), read, parquet.kind, parquet.counts)


@contextmanager
def _named(path: Path, part: Part) -> Generator[None]:
    """A fault of Parquet as one of the extract's file."""
    try:
        yield
    except ParquetFault as fault:
        raise ExtractError(path, of_part(path, part, fault.rule), fault.remedy, fault.column) from None


def _not_csv(data: bytes) -> str:
    """What the file is instead of CSV, or "" when it may be CSV."""
    for start, rule in _NOT_CSV:
        if data.startswith(start):
            return rule
    if data[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "the file is a web page or XML, not CSV"
    if data[:1] in (b"{", b"["):
        return "the file is JSON, not CSV"
    if b"\0" in data.partition(b"\n")[0]:
        return "the file contains zero bytes: it is binary, UTF-16 or damaged"
    if _HOLE in data:
        return "the file has a stretch of zero bytes where rows should be: it was not copied whole"
    return ""


def _open_csv(path: Path, part: Part, data: bytes, delimiter: str | None) -> OpenTable:
    text = decode_text(data)
    first_line = text.data.partition(b"\n")[0].decode()
    if "\ufffd" in first_line or re.search(r"[\x00-\x08\x0e-\x1f]", first_line):
        rule = of_part(path, part, "the first line is neither UTF-8 nor Windows-1252 text")
        raise ExtractError(path, rule, "Save the file as UTF-8.")
    chosen = delimiter or max(",;\t|", key=lambda mark: len(csv_header(text.data, mark)))
    header = csv_header(text.data, chosen)
    if len(header) > _MOST_COLUMNS:
        rule = of_part(path, part, f"the first line has {len(header):,} columns; at most {_MOST_COLUMNS:,} are read")
        raise ExtractError(path, rule, "Check that this is the right file.")

    def read(places: list[int]) -> Body:
        file = read_csv(text.data, chosen, places)
        text.form.update(file.form)
        return Body(file.body, file.faulty, file.fields_found)

    return OpenTable(
        header,
        sha256(data).hexdigest(),
        read,
        counts=text.counts,
        form=text.form,
        odd=text.odd,
        text=text.data,
        delimiter=chosen,
    )
