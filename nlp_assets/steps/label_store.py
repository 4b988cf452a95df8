"""Keeps every score the model gave, across runs and quarters, so that no note is scored twice.

Belongs here: one SQLite file. Does not belong here: note text, and what a score means (label_notes.py).
A row is written once and never changed: a run killed in the middle loses at most the chunk in its hands.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Engine:
    """What a score depends on besides the note: model, prompt and the length from which notes are windowed."""

    model_id: str
    prompt_hash: str
    maximum_prompt_tokens: int


@dataclass(frozen=True)
class NoteScore:
    """What the model said of one note. `outcome`: scored, too_long or rejected; the numbers are empty unless scored."""

    note_hash: str
    outcome: str
    p1: float | None = None
    off_choice: float | None = None


class LabelStore:
    """The file of scores; opens with its folder when missing. Use it in a `with` block and in one thread."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, timeout=60)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS score (model_id TEXT, prompt_hash TEXT, maximum_prompt_tokens INTEGER,"
            " note_hash TEXT, outcome TEXT NOT NULL, p1 REAL, off_choice REAL,"
            " PRIMARY KEY (model_id, prompt_hash, maximum_prompt_tokens, note_hash)) WITHOUT ROWID"
        )

    def __enter__(self) -> "LabelStore":
        return self

    def __exit__(self, *_) -> None:
        self._file.close()

    def add(self, engine: Engine, scores: Iterable[NoteScore]) -> None:
        """Write scores at once, all or none; a note that has one keeps it."""
        with self._file:
            self._file.executemany(
                "INSERT OR IGNORE INTO score VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((*astuple(engine), *astuple(score)) for score in scores),
            )

    def scores(self, engine: Engine) -> pl.DataFrame:
        """Columns note_hash, outcome, p1, off_choice: every score of this engine."""
        rows = self._file.execute(
            "SELECT note_hash, outcome, p1, off_choice FROM score"
            " WHERE model_id = ? AND prompt_hash = ? AND maximum_prompt_tokens = ?",
            astuple(engine),
        ).fetchall()
        schema = {"note_hash": pl.String, "outcome": pl.String, "p1": pl.Float64, "off_choice": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")
