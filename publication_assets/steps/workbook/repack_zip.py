"""Packs a zip archive again without times. Belongs here: nothing else. Office files are zip archives."""

import io
import zipfile
from collections.abc import Callable

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def repack_zip(content: bytes, change: Callable[[str, bytes], bytes] = lambda name, part: part) -> bytes:
    """The same archive with every entry dated 1 January 1980, in the same order; `change` may rewrite entries."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            dated = zipfile.ZipInfo(entry.filename, FIRST_DAY_OF_ZIP)
            dated.compress_type, dated.external_attr = entry.compress_type, entry.external_attr
            new.writestr(dated, change(entry.filename, old.read(entry.filename)))
    return written.getvalue()
