"""Says in words what a disk, a folder or a port refused, whichever library ran into it.

Belongs here: which errors mean a full disk, a read-only folder, no permission, a missing folder or a port that is
taken, and what to do. Does not belong here: errors of data, whose messages may quote it. A path is no data, but for the
value that a folder of a partitioned table is named after.
"""

import errno
import re
from collections.abc import Iterator

GO_ON = "What was finished is kept: run the same command again to go on."
FULL = f"Nothing more can be written{{where}}: the disk, or a quota or limit on it, is full. Free some space. {GO_ON}"
ELSEWHERE = "or set PATHWAYS_VAR to another folder"
READ_ONLY = f"Nothing can be written{{where}}: it is read-only. Make it writable, {ELSEWHERE}. {GO_ON}"
FORBIDDEN = f"This user may not read or write{{where}}. Give the permission, {ELSEWHERE}. {GO_ON}"
MISSING = "There is no file or folder{where}. Create it, or correct its name."
NO_FOLDER = "A folder is needed{where}, and there is a file or nothing. Correct the name, or PATHWAYS_VAR."
TAKEN = "The port is taken by another program. Stop that, or give another with --port."
BROKEN = f"The disk cannot be read or written{{where}}: it reports a fault. {GO_ON}"
NO_TEMPORARY = (
    "No folder for temporary files can be written: the disk of /tmp is full or read-only. Free some space, or set "
    f"TMPDIR to a folder with some. {GO_ON}"
)
TOO_MANY = f"Too many files are open. Raise the limit (`ulimit -n 4096`). {GO_ON}"
BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.ENOENT: MISSING,
    errno.ENOTDIR: NO_FOLDER,
    errno.EISDIR: NO_FOLDER,
    errno.EADDRINUSE: TAKEN,
    errno.EIO: BROKEN,
    errno.EMFILE: TOO_MANY,
    errno.ENFILE: TOO_MANY,
}
# What polars, DuckDB, SQLite and the operating system say; their errors are of no common class.
BY_WORDS = {
    r"no space left on device|os error 28\b|disk is full|disk full|out of disk space|os error 122\b|quota exceeded"
    r"|file too large|os error 27\b|max_temp_directory_size": FULL,
    r"read-only file system|os error 30\b|readonly database|read-only mode": READ_ONLY,
    r"permission denied|os error 13\b": FORBIDDEN,
    r"unable to open database file": FORBIDDEN,
    r"disk i/o error|input/output error|os error 5\b": BROKEN,
    r"no usable temporary directory": NO_TEMPORARY,
    r"too many open files|os error 24\b": TOO_MANY,
}
OF_LIBRARIES = (
    "polars",
    "duckdb",
    "_duckdb",
    "sqlite3",
    "sqlalchemy",
    "pyarrow",
    "builtins",
    "splink",
    "dagster",
    "safetensors",
)


_VALUE_IN_PATH = re.compile(r"=[^/]*(?=/|$)")


class StorageFault(Exception):
    """A disk, folder or port refused; the message says which and what to do, and holds no data."""


def storage_fault(error: BaseException) -> str | None:
    """What the storage refused, in words, when that is why `error` or what caused it arose; else None."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno in BY_NUMBER and not str(each).startswith("[Errno 2] No usable"):
            return BY_NUMBER[each.errno].format(where=f" at {shown_path(each.filename)}" if each.filename else "")
        package = type(each).__module__.split(".")[0]
        of_library = package in OF_LIBRARIES and not isinstance(each, (ValueError, KeyError))
        if of_library and (said := words_of_storage(str(each))):
            return said
    return None


def shown_path(path: object) -> str:
    """A path as it may be shown: of a folder such as place=Leeds, which holds the rows of a value, only the column."""
    return _VALUE_IN_PATH.sub("=...", str(path))


def words_of_storage(message: str) -> str | None:
    """What the storage refused, by the message of a library; None when the message is of something else."""
    found = (said for words, said in BY_WORDS.items() if re.search(words, message, re.IGNORECASE))
    return next((said.format(where="") for said in found), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__
