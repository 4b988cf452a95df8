"""Somebody holds notes, or sentences that notes often are, and what the notes zone keeps of labels: none is recognised.

The same with the key of the zone succeeds: so it would be seen here if the key were not needed.
"""

import sqlite3
from hashlib import md5, sha1, sha256, sha512
from pathlib import Path

import polars as pl
import pytest

from nlp_assets.steps.notes.note_hash import note_hash
from resources.secrets.zone_secrets import notes_secrets

QUARTER = "2023Q1"
HASHED = ("filtered_notes", "note_labels", "excluded_sample", "excluded_labels")


@pytest.fixture(scope="module")
def known(small_quarter: Path) -> list[str]:
    """Every text of the contact notes."""
    notes = pl.read_parquet(small_quarter / "nlp" / QUARTER / "contact_note.parquet", columns=["notes"])
    return notes["notes"].drop_nulls().unique().to_list()


@pytest.fixture(scope="module")
def kept(small_quarter: Path) -> set[str]:
    """Every hash of a note that the zone keeps, in its tables and with its labels."""
    folder = small_quarter / "nlp"
    with sqlite3.connect(f"file:{folder / 'labels.sqlite'}?mode=ro", uri=True) as file:
        labelled = {value for (value,) in file.execute("SELECT note_hash FROM keyed_score")}
    tables = [pl.read_parquet(folder / QUARTER / f"{name}.parquet")["note_hash"] for name in HASHED]
    assert len(labelled) > 500 and all(table.len() for table in tables)
    return labelled.union(*map(set, tables))


def test_no_known_note_is_recognised_without_the_key_of_the_zone(known, kept, small_quarter, tmp_path):
    plain = [kind(text.encode()).hexdigest() for text in known for kind in (sha256, sha512, sha1, md5)]
    own = [*note_hash(known, notes_secrets(tmp_path).of("note_hash")), *note_hash(known, bytes(32))]
    assert not kept & {found[: len(next(iter(kept)))] for found in (*plain, *own)}
    right = set(note_hash(known, notes_secrets(small_quarter).of("note_hash")))
    filtered = pl.read_parquet(small_quarter / "nlp" / QUARTER / "filtered_notes.parquet")["note_hash"]
    assert set(filtered) <= right  # others that are kept are our own notes with instructions in them


def test_no_hash_of_a_note_leaves_the_notes_zone(kept, small_quarter):
    for folder in ("crossings", "modelling", "publication", "linkage", "dagster"):
        for path in (small_quarter / folder).rglob("*"):
            if path.suffix == ".parquet":
                frame = pl.read_parquet(path)
                texts = [frame[name] for name, kind in frame.schema.items() if kind == pl.String]
                assert not any(text.is_in(list(kept)).any() for text in texts), path.name
            elif path.is_file():
                content = path.read_bytes()
                assert not any(each.encode() in content for each in sorted(kept)[:50]), path.name
