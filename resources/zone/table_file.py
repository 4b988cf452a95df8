"""Opens one file of a table, CSV or Parquet: the names of its columns, then those columns as text, a block at a time.

Belongs here: is the file what its name says, its size. Does not belong here: which columns are wanted
(extract_file.py), what a value means.
"""

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.csv_text import FileChanged, look_at
from resources.extracts.files.extract_csv import csv_header
from resources.extracts.files.extract_parquet import ParquetFault, open_parquet, too_large, unpacked_bytes
from resources.extracts.files.extract_parts import Part, Parts, shown_name
from resources.extracts.files.parquet_text import KINDS
from resources.receipts.receipts import file_hash, file_state

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
_MOST_COLUMNS = 2_000
_MOST_BLANKS = 1 << 16  # bytes; a file of nothing but spaces is smaller
PARQUET_ENDINGS = (".parquet", ".pq")


@dataclass
class Body:
    """Columns that were read, as String, called by their places ("0", "1", ...); the rest as in CsvFile.

    `odd`: whether values may hold what is no text.
    """

    frame: pl.DataFrame
    faulty: dict[int, str] = field(default_factory=dict[int, str])
    fields_found: Counter[int] = field(default_factory=Counter[int])
    odd: bool = True


@dataclass
class OpenTable:
    """One opened file. `blocks(places)`: those columns, some rows at a time; at least one block, maybe without a row.

    `counts`: normalising rule -> count, and `form`: the same of what changes no value; both complete after `blocks`.
    `kind(place)`: what a Parquet column holds; of CSV all is text. `head`, `delimiter`: the first text of CSV.
    """

    header: list[str]
    sha256: str
    blocks: Callable[[list[int]], Iterator[Body]]
    kind: Callable[[int], str] = lambda place: "text"
    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    head: bytes = b""
    delimiter: str = ""

    def has_text(self, place: int) -> bool:
        """Whether the values of a column have a text: lists, structures and the like have none."""
        return self.kind(place) in KINDS

    def read(self, places: list[int]) -> Body:
        """As blocks, of the whole file."""
        first, *rest = self.blocks(places)
        frames = [first.frame]
        for block in rest:
            before = sum(frame.height for frame in frames)
            first.faulty |= {before + row: rule for row, rule in block.faulty.items()}
            first.fields_found += block.fields_found
            first.odd |= block.odd
            frames.append(block.frame)
        return replace(first, frame=pl.concat(frames))


@contextmanager
def _read_from(path: Path, part: Part) -> Generator[None]:
    """What keeps a file of the extract at `path` from being read, as ExtractError."""
    try:
        yield
    except PermissionError:
        rule, remedy = "the file may not be read by this account", "Give the account read permission."
        raise ExtractError(path, of_part(path, part, rule), remedy) from None
    except FileChanged:
        rule, remedy = "the file was changed while it was read", "Wait until it is copied whole, then run this again."
        raise ExtractError(path, of_part(path, part, rule), remedy) from None
    except OSError as error:
        rule = of_part(path, part, f"the file cannot be read ({error.strerror})")
        raise ExtractError(path, rule, "Copy the file again.") from None
    except ParquetFault as fault:
        raise ExtractError(path, of_part(path, part, fault.rule), fault.remedy, fault.column) from None


def _empty(path: Path, part: Part, size: int) -> ExtractError:
    rule = of_part(path, part, f"the file is empty ({size} bytes)")
    return ExtractError(path, rule, "Send the extract again.")


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
    if path.suffix.lower() in PARQUET_ENDINGS:
        return _open_parquet(path, part, largest_mb * 1_000_000)
    return _open_csv(path, part, delimiter)


def _open_parquet(path: Path, part: Part, largest_bytes: int) -> OpenTable:
    with _read_from(path, part):
        state = file_state(part.path)
        if part.bytes < _MOST_BLANKS and not part.path.read_bytes().strip():
            raise _empty(path, part, part.bytes)
        digest = file_hash(part.path)
        parquet = open_parquet(part.path, largest_bytes)

    def blocks(places: list[int]) -> Iterator[Body]:
        with _read_from(path, part):
            yield from map(Body, parquet.blocks(places))
            if file_state(part.path) != state:
                raise FileChanged

    return OpenTable(parquet.header, digest, blocks, parquet.kind, parquet.counts)


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
    return ""


def _open_csv(path: Path, part: Part, delimiter: str | None) -> OpenTable:
    def judged(raw: bytes, text: bytes, whole: bool) -> tuple[list[str], str]:
        """Header and delimiter of what may be CSV by its first bytes."""
        if whole and not raw.strip():
            raise _empty(path, part, len(raw))
        if rule := _not_csv(raw):
            raise ExtractError(path, of_part(path, part, rule), SEND_CSV)
        return _header_of(path, part, text, delimiter)

    with _read_from(path, part):
        file = look_at(part.path, judged)
    if file.hole:
        rule = "the file has a stretch of zero bytes where rows should be: it was not copied whole"
        raise ExtractError(path, of_part(path, part, rule), SEND_CSV)

    def blocks(places: list[int]) -> Iterator[Body]:
        with _read_from(path, part):
            for block, odd in file.blocks(places):
                form.update({rule: form.get(rule, 0) + count for rule, count in block.form.items()})
                yield Body(block.body, block.faulty, block.fields_found, odd)

    form = file.text.form
    return OpenTable(
        file.header,
        file.sha256,
        blocks,
        counts=file.text.counts,
        form=form,
        head=file.head,
        delimiter=file.delimiter,
    )


def _header_of(path: Path, part: Part, text: bytes, delimiter: str | None) -> tuple[list[str], str]:
    first_line = text.partition(b"\n")[0].decode()
    if "\ufffd" in first_line or re.search(r"[\x00-\x08\x0e-\x1f]", first_line):
        rule = of_part(path, part, "the first line is neither UTF-8 nor Windows-1252 text")
        raise ExtractError(path, rule, "Save the file as UTF-8.")
    chosen = delimiter or max(",;\t|", key=lambda mark: len(csv_header(text, mark)))
    header = csv_header(text, chosen)
    if len(header) > _MOST_COLUMNS:
        rule = of_part(path, part, f"the first line has {len(header):,} columns; at most {_MOST_COLUMNS:,} are read")
        raise ExtractError(path, rule, "Check that this is the right file.")
    return header, chosen
