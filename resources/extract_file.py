"""Find an extract's file and read it as text, one String column per declared column, before anything is normalised.

Belongs here: which file, is it what its name says, which columns has it. Does not belong here: what a value means
(resources/extract_values.py).
"""

import difflib
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow.parquet import ParquetFile

from resources.extract_csv import csv_header, decode_csv, read_csv
from resources.extract_declaration import Extract
from resources.extract_rules import COLUMN_ORDER, HEADER_SPELLING, ExtractError

_SEND_CSV = "Send comma-separated UTF-8 text with a header line, or Parquet."
_DAMAGED, _COPY_AGAIN = "the Parquet file is damaged", "Copy the file again, whole."
_NOT_CSV = (
    (b"PK\x03\x04", "the file is an Excel workbook or a zip archive, not CSV"),
    (b"\xd0\xcf\x11\xe0", "the file is an old Excel workbook, not CSV"),
    (b"PAR1", "the file is Parquet, not CSV; name it .parquet"),
    (b"\x1f\x8b", "the file is gzip-compressed, not CSV"),
    (b"%PDF", "the file is a PDF, not CSV"),
    (b"\xff\xfe", "the file is UTF-16 text, not UTF-8"),
    (b"\xfe\xff", "the file is UTF-16 text, not UTF-8"),
)
_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LINES_SEARCHED_FOR_HEADER = 20
_READABLE_NAME = re.compile(r"^[A-Za-z][A-Za-z_ .()/-]{1,39}[0-9]{0,2}$")


@dataclass
class RawExtract:
    """`frame`: declared columns as String, file order of rows. `faulty`: 1-based data row -> rule (row unreadable)."""

    path: Path
    frame: pl.DataFrame
    sha256: str
    ignored: list[str]
    faulty: dict[int, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def find_extract(folder: Path, extract: Extract) -> Path:
    """Path of the extract's one file under `folder`/`system`. Raises ExtractError when there is none, or two."""
    places = [Path(folder) / extract.system / f"{extract.name}{ending}" for ending in (".csv", ".parquet")]
    found = [path for path in places if path.exists()]
    if len(found) == 2:
        raise ExtractError(found[0], f"{found[1].name} lies beside it", "Keep the one that is meant, remove the other.")
    if not found:
        raise ExtractError(places[0], "the file is missing", _missing_remedy(places[0], extract))
    return found[0]


def _missing_remedy(path: Path, extract: Extract) -> str:
    remedy = f"Put {extract.name}.csv or {extract.name}.parquet in {path.parent}."
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist. " + remedy
    names = sorted(entry.name for entry in path.parent.iterdir())
    close = [name for name in names if name.lower().split(".")[0] == extract.name]
    close = close or difflib.get_close_matches(path.name, names, 1, 0.85)
    return remedy + (f" {close[0]} is there: is it this file under another name or in another format?" if close else "")


def read_raw(path: Path, extract: Extract) -> RawExtract:
    """Read the file as text. Raises ExtractError when it cannot be what it claims; the message quotes no value."""
    data = _bytes(path)
    digest = sha256(data).hexdigest()
    read = _read_parquet if path.suffix.lower() == ".parquet" else _read_csv
    raw = read(path, data, extract)
    raw.sha256 = digest
    if not raw.frame.height and not extract.may_be_empty:
        remedy = "Send the extract again; this table is never empty."
        raise ExtractError(path, "the file has a header but no row", remedy)
    return raw


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise ExtractError(path, "this is a folder, not a file", "Put the file itself here.")
    try:
        data = path.read_bytes()
    except PermissionError:
        rule, remedy = "the file may not be read by this account", "Give the account read permission."
        raise ExtractError(path, rule, remedy) from None
    except OSError as error:
        raise ExtractError(path, f"the file cannot be read ({error.strerror})", "Copy the file again.") from None
    if not data.strip():
        raise ExtractError(path, f"the file is empty ({len(data)} bytes)", "Send the extract again.")
    return data


def _read_csv(path: Path, data: bytes, extract: Extract) -> RawExtract:
    for start, rule in _NOT_CSV:
        if data.startswith(start):
            raise ExtractError(path, rule, _SEND_CSV)
    if data[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise ExtractError(path, "the file is a web page or XML, not CSV", _SEND_CSV)
    if data[:1] in (b"{", b"["):
        raise ExtractError(path, "the file is JSON, not CSV", _SEND_CSV)
    if b"\0" in data:
        raise ExtractError(path, "the file contains zero bytes: it is binary, UTF-16 or damaged", _SEND_CSV)
    try:
        data, counts = decode_csv(data)
    except UnicodeDecodeError:
        raise ExtractError(path, "the text is neither UTF-8 nor Windows-1252", "Save the file as UTF-8.") from None
    _look_at_header(path, data, extract)
    places, ignored = _match_header(path, csv_header(data), extract, counts)
    csv_file = read_csv(data)
    frame = csv_file.body.select(pl.col(str(place)).alias(name) for name, place in places.items())
    return RawExtract(path, frame, "", ignored, csv_file.faulty, counts)


def _look_at_header(path: Path, data: bytes, extract: Extract) -> None:
    """Raise ExtractError when the header line is there but with another delimiter, or further down."""
    declared = {name.lower() for name in extract.column_names}

    def matched(line: bytes, delimiter: str = ",") -> int:
        return len(declared & {name.lower() for name in csv_header(line, delimiter)})

    if matched(data):
        return
    for delimiter, name in _DELIMITERS.items():
        other_fields = len(csv_header(data)) == 1 < len(csv_header(data, delimiter))
        if other_fields or matched(data, delimiter) > len(declared) / 2:
            rule = f"columns are separated by {name}s ({delimiter!r}), not commas"
            raise ExtractError(path, rule, "Export with commas.")
    for number, line in enumerate(data[:200_000].split(b"\n")[1:_LINES_SEARCHED_FOR_HEADER], start=2):
        if line and matched(line) > len(declared) / 2:
            rule = f"the header is on line {number}, not line 1"
            raise ExtractError(path, rule, "Remove the lines above the header.")


def _match_header(
    path: Path, header: list[str], extract: Extract, counts: dict[str, int],
) -> tuple[dict[str, int], list[str]]:
    """Declared name -> place in the file, and the names that are not declared. Counts respelled names."""
    by_lower = {name.lower(): name for name in extract.column_names}
    places: dict[str, int] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    respelled = 0
    for place, written in enumerate(header):
        name = by_lower.get(written.lower())
        if name is None:
            unknown.append(written)
        elif name in places:
            repeated.append(name)
        else:
            places[name] = place
            respelled += written != name
    if repeated:
        names = ", ".join(dict.fromkeys(repeated))
        raise ExtractError(path, f"column(s) {names} stand twice in the header", "Send each column once.", names)
    missing = [name for name in extract.column_names if name not in places]
    shown = _names_to_show(unknown, places, extract)
    if missing:
        raise _missing_columns(path, missing, shown, len(unknown), extract)
    if respelled:
        counts[HEADER_SPELLING] = respelled
    if list(places) != extract.column_names:
        counts[COLUMN_ORDER] = sum(a != b for a, b in zip(places, extract.column_names, strict=True))
    return {name: places[name] for name in extract.column_names}, shown


def _names_to_show(unknown: list[str], places: dict[str, int], extract: Extract) -> list[str]:
    """The names that are not declared, unless they may be data: a file without a header line, or with a broken one."""
    named = [name for name in unknown if name]
    if named and (not places or len(named) > max(len(extract.columns) / 2, 3)):
        return [f"({len(named)} names, not shown)"]
    return [name if _READABLE_NAME.match(name) else "(a name that is not shown)" for name in named]


def _missing_columns(path: Path, missing: list[str], shown: list[str], unknown: int, extract: Extract) -> ExtractError:
    if len(missing) == len(extract.columns):
        return ExtractError(
            path, f"the first line has none of the {len(missing)} column names of {extract.name} ({unknown} other(s))",
            "Check that this is the right file and that its first line is the header.",
        )
    lower = {name.lower(): name for name in shown}
    guesses = []
    for name in missing:
        close = difflib.get_close_matches(name.lower(), lower, 1, 0.5)
        if close:
            guesses.append(f"{lower[close[0]]} may be {name}")
    rule = f"{len(missing)} column(s) missing: {', '.join(missing)}"
    if shown:
        rule += f"; not known: {', '.join(shown)}"
    remedy = "Name the columns as contracts/extracts.py declares them." + (f" {'; '.join(guesses)}." if guesses else "")
    return ExtractError(path, rule, remedy, ", ".join(missing) if len(missing) == 1 else "")


def _read_parquet(path: Path, data: bytes, extract: Extract) -> RawExtract:
    # pyarrow, because polars panics on damaged pages and prints what it was doing to stderr.
    if not (data.startswith(b"PAR1") and data.endswith(b"PAR1")):
        rule = "the file is cut off" if data.startswith(b"PAR1") else "the file is not Parquet"
        raise ExtractError(path, rule, _COPY_AGAIN)
    counts: dict[str, int] = {}
    try:
        parquet = ParquetFile(pa.BufferReader(data))
        header = parquet.schema_arrow.names
    except Exception:  # of many kinds, with messages that may quote data
        raise ExtractError(path, _DAMAGED, _COPY_AGAIN) from None
    places, ignored = _match_header(path, header, extract, counts)
    try:
        table = parquet.read(columns=[header[place] for place in places.values()])
        table.validate(full=True)
        frame = pl.DataFrame(pl.from_arrow(table))
    except (Exception, pl.exceptions.PanicException):  # of many kinds, with messages that may quote data
        raise ExtractError(path, _DAMAGED, _COPY_AGAIN) from None
    frame = frame.select(pl.col(header[place]).alias(name) for name, place in places.items())
    return RawExtract(path, pl.DataFrame([_as_text(path, column) for column in frame]), "", ignored, {}, counts)


def _as_text(path: Path, column: pl.Series) -> pl.Series:
    """A typed Parquet column as the text it would have in a CSV file."""
    kind = column.dtype
    if kind == pl.String:
        return column
    if kind.is_nested() or kind in (pl.Object, pl.Duration):
        rule = f"the column's type is {kind.base_type()}"
        raise ExtractError(path, rule, "Send text, numbers or dates.", column.name)
    if kind.is_float():
        whole = (column == column.round(0)) & (column.abs() < 2**53)
        return column.cast(pl.Int64, strict=False).cast(pl.String).zip_with(
            whole.fill_null(False), column.fill_nan(None).cast(pl.String),
        )
    if kind == pl.Datetime:
        text = column.dt.strftime("%Y-%m-%d %H:%M:%S")
        return text.str.replace(" 00:00:00", "", literal=True)
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        raise ExtractError(path, "the column is not UTF-8 text", "Send text, numbers or dates.", column.name) from None
