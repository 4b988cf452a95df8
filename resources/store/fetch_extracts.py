"""Copies the extracts of a quarter from a bucket into the folder that they are read from.

Belongs here: which objects, and files that are whole when they are there. Does not belong here: reading an extract
(resources/extracts), and what a bucket is (bucket.py).

A variable of the environment names the bucket, whose objects are called QUARTER/SYSTEM/TABLE.csv or .parquet, as in the
folder. From then on all is as if the files had been put there by hand: the same checks, hashes and receipts.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import MARK
from resources.process.storage_faults import StorageFault
from resources.secrets.private_files import make_folder
from resources.store.bucket import Bucket, Found

EXTRACTS = "PATHWAYS_EXTRACTS"
ENDINGS = (".csv", ".parquet")


def fetch_extracts(
    root: Path, quarter: str, extracts: Iterable[Extract], sources: str = "", variable: str = EXTRACTS
) -> tuple[int, int]:
    """Have `extracts` of a quarter here as the bucket has them; how many files were copied, and how many were there.

    sources: folder below the root that holds `extracts`. variable: which names the bucket.

    A part that the bucket no longer has is removed. Of other extracts nothing is asked, listed or copied. Raises
    StorageFault, also where no bucket is named; NotAQuarter.
    """
    folder, bucket = extracts_of(root / sources, quarter), Bucket.named(variable, os.environ)
    if bucket is None:
        raise StorageFault(
            f"Set {variable} to s3://BUCKET/PREFIX, or put the extracts in {folder}: no bucket is named."
        )
    wanted: dict[Path, Found] = {}
    for extract in extracts:
        place = f"{extract.system}/{extract.name}"
        for found in bucket.under(f"{quarter}/{extract.system}"):
            inside = found.name.removeprefix(f"{quarter}/")
            if any(inside == f"{place}{ending}" or inside.startswith(f"{place}{ending}/") for ending in ENDINGS):
                wanted[_within(folder, inside)] = found
        for path in _parts_here(folder, place):
            if path not in wanted:
                path.unlink()
    if mark := bucket.find(f"{quarter}/{MARK}"):
        wanted[_within(folder, MARK)] = mark
    copied = sum(_copied(root, bucket, path, found) for path, found in sorted(wanted.items()))
    return copied, len(wanted) - copied


def _within(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise StorageFault("An object in the bucket of the extracts has a name that leaves its folder. Remove it.")
    return path


def _parts_here(folder: Path, place: str) -> list[Path]:
    return [path for ending in ENDINGS for path in (folder / f"{place}{ending}").rglob("*") if path.is_file()]


def _copied(root: Path, bucket: Bucket, path: Path, found: Found) -> bool:
    """Copy an object to a file unless it is that one already; whether it was copied."""
    state = path.stat() if path.exists() else None
    if state and (state.st_size, state.st_mtime) == (found.size, found.written):
        return False
    make_folder(root, path.parent)
    partial = path.with_name(f".{path.name}.fetched")
    bucket.read(found.name, partial)
    os.utime(partial, (found.written, found.written))
    partial.replace(path)
    return True
