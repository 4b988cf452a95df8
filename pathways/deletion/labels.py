"""Labels of the notes of a quarter that no other quarter has: they go with it.

Labels are kept by a keyed hash of the note for all quarters, in nlp/labels.sqlite. Does not belong here: other files.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import polars as pl

NOTE_HASH = "note_hash"


def delete_labels(root: Path, quarter: str) -> int:
    """Delete the labels of notes that this quarter alone has; returns how many. Its tables must still be there."""
    store = root / "nlp" / "labels.sqlite"
    if not store.exists():
        return 0
    folders = [folder for folder in sorted((root / "nlp").glob("*Q*")) if folder.is_dir()]
    own = _hashes(folder for folder in folders if folder.name == quarter)
    own -= _hashes(folder for folder in folders if folder.name != quarter)
    with closing(sqlite3.connect(store)) as connection:
        before = connection.total_changes
        connection.execute("PRAGMA secure_delete = ON")
        with connection:
            connection.executemany("DELETE FROM keyed_score WHERE note_hash = ?", ((each,) for each in sorted(own)))
        deleted = connection.total_changes - before
        connection.execute("VACUUM")
    return deleted


def _hashes(folders: Iterable[Path]) -> set[str]:
    found: set[str] = set()
    for path in (path for folder in folders for path in sorted(folder.glob("*.parquet"))):
        if NOTE_HASH in pl.read_parquet_schema(path):
            found |= set(pl.read_parquet(path, columns=[NOTE_HASH])[NOTE_HASH])
    return found
