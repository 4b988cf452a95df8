"""Keeps every reading that engines gave, across runs and quarters, so that no note is read twice.

Belongs here: one SQLite file. Does not belong here: note text, and what a reading means (label_notes.py).
A row is written once and never changed: a run killed in the middle loses at most the chunk in its hands. Notes are
known by hashes under the key of the zone (note_hash.py); the file says which key, and is refused under another. Each
row is sealed under that key: one that was changed since is not believed, and its note is read again.
"""

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Self

import polars as pl

from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from nlp_assets.steps.notes.note_hash import note_hash
from resources.records.progress import say
from resources.secrets.keyed_hash import key_digest, keyed_digests, subkey

# Of earlier layouts, whose hashes had no key: anybody could test whether a sentence was labelled. They are deleted.
UNKEYED = ("score", "note_score")
TABLES = (
    "CREATE TABLE IF NOT EXISTS label_run (run_id TEXT PRIMARY KEY, engine TEXT, model TEXT, weights TEXT,"
    " prompt_hash TEXT, version TEXT, settings TEXT, kind TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS keyed_score (run_id TEXT, note_hash TEXT, outcome TEXT NOT NULL, p1 REAL,"
    " off_choice REAL, seal TEXT, PRIMARY KEY (run_id, note_hash)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS hashed_with (key_digest TEXT PRIMARY KEY) WITHOUT ROWID",
)
SEAL = "seal_of(run_id, note_hash, outcome, p1, off_choice)"
CHANGED = f"seal IS NOT {SEAL}"
NOT_KEPT = ("rejected", "off_choice")
SCHEMA = {"note_hash": pl.String, "outcome": pl.String, "p1": pl.Float64, "off_choice": pl.Float64}


class LabelStoreUnusable(Exception):
    """The file of labels cannot be opened or written; the message says which and what to do."""


class LabelStore:
    """The file of readings; opens with its folder when missing. Use it in a `with` block and in one thread.

    `key`: under which the hashes of notes are made. Raises LabelStoreUnusable when `path` is not such a file, cannot be
    written, or was begun under another key.
    """

    def __init__(self, path: Path, key: bytes):
        self._path, self._key = path, key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=60)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._delete_unkeyed()
            for table in TABLES:
                self._file.execute(table)
            self._require_key()
            self._file.create_function("seal_of", 5, self._seal, deterministic=True)
            self._seal_earlier()
        except (sqlite3.DatabaseError, OSError) as error:
            raise LabelStoreUnusable(self._why(error)) from None

    def _delete_unkeyed(self) -> None:
        tables = {name for (name,) in self._file.execute("SELECT name FROM sqlite_master")}
        if found := [table for table in UNKEYED if table in tables]:
            self._file.execute("PRAGMA secure_delete = ON")
            for table in found:
                self._file.execute(f"DROP TABLE IF EXISTS {table}")
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            say(
                f"{self._path.name}: labels of an earlier version are deleted, as notes could be recognised by their "
                "hashes. Those notes are read again."
            )

    def _require_key(self) -> None:
        digest = key_digest(self._key)
        with self._file:
            self._file.execute(
                "INSERT INTO hashed_with SELECT ? WHERE NOT EXISTS (SELECT * FROM hashed_with)", (digest,)
            )
        if self._file.execute("SELECT key_digest FROM hashed_with").fetchall() != [(digest,)]:
            self._file.close()
            raise LabelStoreUnusable(
                f"{self._path} was begun under another key than the one in the secrets of the notes zone. Put "
                "note_hash.key back, or move the file away: labels are then made anew."
            )

    def _seal(self, *reading: object) -> str:
        """What only the key gives: of run_id, note_hash, outcome, p1, off_choice, as SQLite has them."""
        (digest,) = keyed_digests([repr(reading)], subkey(self._key, "seal of a reading"))
        return digest.hex()

    def _seal_earlier(self) -> None:
        """Seal what an earlier version wrote without."""
        if "seal" not in {column[1] for column in self._file.execute("PRAGMA table_info(keyed_score)")}:
            with self._file:
                self._file.execute("ALTER TABLE keyed_score ADD COLUMN seal TEXT")
                self._file.execute(f"UPDATE keyed_score SET seal = {SEAL}")

    def changed(self) -> int:
        """How many readings were changed since they were written. Raises LabelStoreUnusable."""
        with self._whole():
            return self._file.execute(f"SELECT count(*) FROM keyed_score WHERE {CHANGED}").fetchone()[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._file.close()

    @contextmanager
    def _whole(self) -> Generator[None]:
        """All that is done within, or nothing. Raises LabelStoreUnusable when the file turns out to be damaged."""
        try:
            with self._file:
                yield
        except sqlite3.DatabaseError as error:
            raise LabelStoreUnusable(self._why(error)) from None

    def _why(self, error: Exception) -> str:
        return (
            f"{self._path} cannot be used as the store of labels ({type(error).__name__}). Make the folder writable, "
            "or move the file away: labels are then made anew."
        )

    def hashed(self, texts: Iterable[str]) -> pl.Series:
        """Column note_hash of texts, as notes are known here."""
        return note_hash(texts, self._key)

    def add(self, identity: EngineIdentity, readings: Iterable[tuple[str, Reading]]) -> None:
        """Write readings, given as (note hash, reading), at once, all or none; a note that has one keeps it.

        What may be answered another time (NOT_KEPT) is not written: the next run asks again.
        """
        rows = (
            (identity.run_id, note_hash, reading.outcome, reading.p1, reading.off_choice)
            for note_hash, reading in readings
            if reading.outcome not in NOT_KEPT
        )
        with self._whole():
            self._file.execute(
                "INSERT OR IGNORE INTO label_run VALUES (:run_id, :engine, :model, :weights, :prompt_hash, :version,"
                " :settings, :kind)",
                {"run_id": identity.run_id, **asdict(identity)},
            )
            self._file.executemany(
                "INSERT OR IGNORE INTO keyed_score VALUES (?1, ?2, ?3, ?4, ?5,"
                " seal_of(?1, ?2, ?3, CAST(?4 AS REAL), CAST(?5 AS REAL)))",
                rows,
            )

    def readings(self, identity: EngineIdentity, note_hashes: Sequence[str]) -> pl.DataFrame:
        """Columns note_hash, outcome, p1, off_choice: the readings there are of `note_hashes`, sorted by hash.

        One that was changed since it was written is deleted, and said to be.
        """
        with self._whole():
            self._file.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (note_hash TEXT PRIMARY KEY) WITHOUT ROWID")
            self._file.execute("DELETE FROM wanted")
            self._file.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((value,) for value in note_hashes))
            changed = self._file.execute(
                f"DELETE FROM keyed_score WHERE run_id = ? AND note_hash IN (SELECT * FROM wanted) AND {CHANGED}",
                (identity.run_id,),
            ).rowcount
            rows = self._file.execute(
                "SELECT note_hash, outcome, p1, off_choice FROM wanted JOIN keyed_score USING (note_hash)"
                " WHERE run_id = ? ORDER BY note_hash",
                (identity.run_id,),
            ).fetchall()
        if changed:
            say(f"{self._path.name}: readings were changed since they were written. Those notes are read again.")
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")
