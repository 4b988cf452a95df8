"""The files that an extract consists of: one file, or the parts of a folder as Spark writes it.

Belongs here: which files, whether they may be opened at all, their hash. Does not belong here: what is in them
(table_file.py).

Nothing is opened that is no plain file inside the folder of the extracts: a pipe would wait for ever, a device never
ends, and a link can lead to any file of the machine.
"""

import re
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from resources.extracts.extract_rules import ExtractError
from resources.process.storage_faults import shown_path
from resources.receipts.receipts import file_hash

_HIDDEN = ("_", ".")
_OF_A_FILE_MANAGER = ("thumbs.db", "desktop.ini")
_SUCCESS, _UNFINISHED = "_SUCCESS", "_temporary"
_VERSIONED = {
    "_delta_log": "a Delta table",
    ".hoodie": "a Hudi table",
    "metadata": "an Iceberg table",
    "_spark_metadata": "an output of Spark streaming",
}
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_WRITE = re.compile(r"^part-\d+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_OF_A_PROGRAM = re.compile(r"^(part[-_.]?\d|\w+=)")
_KINDS = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}
_PUT_FILE = "Put the file itself here."


@dataclass(frozen=True)
class Part:
    """One file of an extract. `columns`: columns that stand in the names of its folders (x=1), with their values."""

    path: Path
    bytes: int
    columns: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Parts:
    """The files of one extract in the order of their paths, and what is odd about the folder, in words."""

    path: Path
    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """Size of all files together, as they lie there."""
        return sum(part.bytes for part in self.parts)

    def hash(self, hashes: list[str]) -> str:
        """SHA-256 of the extract, from those of its parts: of a single file, that file's own."""
        if not self.path.is_dir():
            return hashes[0]
        names = [str(part.path.relative_to(self.path)) for part in self.parts]
        lines = (f"{name}\0{digest}\n" for name, digest in zip(names, hashes, strict=True))
        return sha256("".join(lines).encode()).hexdigest()


def shown_name(name: str) -> str:
    """The name of a part, or of a folder of parts, as it may be shown: people may name files after people."""
    return shown_path(name) if _OF_A_PROGRAM.match(name) else "(name not shown)"


def extract_parts(path: Path, within: Path | None = None) -> Parts:
    """The files at `path`, none of which was opened. Raises ExtractError where one is no plain file in `within`.

    `within`: the folder that no link may leave; else that of the system the extract is in, and its neighbours.
    """
    within = (within or path.absolute().parent.parent).resolve()
    if not _plain(path, path, within).is_dir():
        return Parts(path, (Part(path, path.stat().st_size),))
    for name, kind in _VERSIONED.items():
        if (path / name).is_dir():
            rule = f"the folder is {kind}, which may keep rows that no longer hold beside those that do"
            raise ExtractError(path, rule, "Export the current version as plain Parquet or CSV.")
    if (path / _UNFINISHED).exists():
        rule = f"the folder was not written to its end: {_UNFINISHED} is still in it"
        raise ExtractError(path, rule, "Wait until the export has finished, or export again; then copy it whole.")
    parts = tuple(_parts_in(path, path, within, ()))
    if not parts:
        raise ExtractError(path, "the folder holds no part of a table", "Put the file, or the folder's parts, here.")
    return Parts(path, parts, tuple(_warnings(path, parts)))


def extract_hash(path: Path) -> str:
    """SHA-256 of an extract, a file or a folder, as ReadExtract.sha256; "" where there is nothing that can be read."""
    try:
        parts = extract_parts(path)
        return parts.hash([file_hash(part.path) for part in parts.parts])
    except (ExtractError, OSError):
        return ""


def last_touched(path: Path) -> float:
    """When a file, or any file of a folder, was last written or replaced; seconds since 1970."""
    inside = path.rglob("*") if path.is_dir() else ()
    return max(one.lstat().st_ctime for one in (path, *inside))


def hashes_under(folder: Path) -> dict[str, str]:
    """Path below `folder` -> SHA-256 of every file there; "" for what is no plain file of the folder."""
    return {name: hash_under(folder, name) for name in files_under(folder)}


def files_under(folder: Path) -> list[str]:
    """Paths below `folder` of every file there, in order."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [str(path.relative_to(folder)) for path in sorted(found)]


def hash_under(folder: Path, name: str) -> str:
    """SHA-256 of a file below `folder`; "" for what is no plain file of it."""
    path = folder / name
    try:
        return file_hash(path) if _plain(path, path, folder.resolve()).is_file() else ""
    except (ExtractError, OSError):
        return ""


def is_read(name: str) -> bool:
    """Whether a path below a folder of extracts can be part of one, and is not what programs leave beside files."""
    parts = Path(name).parts
    return not any(part.startswith(_HIDDEN) or part.lower() in _OF_A_FILE_MANAGER for part in parts)


def _plain(path: Path, extract: Path, within: Path) -> Path:
    """Where a path leads: a plain file or a folder in `within`. Raises ExtractError for anything else."""
    name = "the file" if path == extract else f"part {shown_name(path.name)}"
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except FileNotFoundError:
        raise ExtractError(extract, f"{name} is a link to a file that is not there", _PUT_FILE) from None
    except PermissionError:
        raise ExtractError(
            extract,
            f"{name} may not be read by this account",
            "Give the account read permission.",
        ) from None
    except (OSError, RuntimeError):  # a link that leads to itself
        raise ExtractError(extract, f"{name} is a link that leads nowhere", _PUT_FILE) from None
    if not real.is_relative_to(within):
        raise ExtractError(extract, f"{name} is a link that leaves the folder of the extracts", _PUT_FILE)
    for is_kind, kind in _KINDS.items():
        if is_kind(mode):
            raise ExtractError(extract, f"{name} is {kind}, not a file", _PUT_FILE)
    return real


def _parts_in(folder: Path, extract: Path, within: Path, columns: tuple[tuple[str, str | None], ...]) -> list[Part]:
    parts: list[Part] = []
    for entry in sorted(folder.iterdir()):
        if not is_read(entry.name):
            continue
        if not _plain(entry, extract, within).is_dir():
            if entry.stat().st_size or entry.suffix.lower() == ".parquet":  # Spark leaves CSV parts without a byte
                parts.append(Part(entry, entry.stat().st_size, columns))
        elif entry.is_symlink():
            raise ExtractError(extract, "the folder holds a link to a folder", "Put the parts themselves here.")
        else:
            parts += _parts_in(entry, extract, within, (*columns, _column_of(entry.name, extract)))
    return parts


def _column_of(name: str, extract: Path) -> tuple[str, str | None]:
    """Column and value that a folder's name states, such as x=1."""
    column, equals, value = name.partition("=")
    if not (column and equals):
        raise ExtractError(
            extract,
            "the folder holds a folder that is no partition (name=value)",
            "Put the parts of one table here, and nothing else.",
        )
    return unquote(column), None if value == _NO_VALUE else unquote(value)


def _warnings(path: Path, parts: tuple[Part, ...]) -> list[str]:
    warnings: list[str] = []
    if not (path / _SUCCESS).exists():
        warnings.append(
            f"the folder has no {_SUCCESS}, so nothing says that its {len(parts)} part(s) are all there; "
            "count the rows against the source"
        )
    writes = {match.group(1) for part in parts if (match := _WRITE.match(part.path.name))}
    if len(writes) > 1:
        warnings.append(
            f"the parts were written by {len(writes)} exports; where one replaces another, remove the older parts"
        )
    return warnings
