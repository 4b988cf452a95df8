"""The file of readings: what it keeps, under which identity, and files it did not write."""

import sqlite3
from dataclasses import replace
from hashlib import sha256

import pytest

from nlp_assets.steps.labels.label_store import LabelStore, LabelStoreUnusable
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from nlp_assets.steps.notes.note_hash import note_hash

IDENTITY = EngineIdentity("e", "m", "w", "p", "1", "{}", "model")
READ = Reading("scored", 0.1, 0.0)
KEY = bytes(32)


def test_a_reading_is_never_overwritten(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        store.add(IDENTITY, [("a", READ)])
        store.add(IDENTITY, [("a", Reading("scored", 0.9, 0.0)), ("b", Reading("too_long"))])
        assert store.readings(IDENTITY, ["b", "a", "c"]).rows() == [
            ("a", "scored", 0.1, 0.0),
            ("b", "too_long", None, None),
        ]


@pytest.mark.parametrize(
    "change",
    [
        "p1 = 0.9",
        "p1 = NULL",
        "off_choice = 0.5",
        "outcome = 'too_long'",
        "seal = NULL",
        "seal = substr(seal, 2) || 'g'",
    ],
)
def test_a_reading_that_was_changed_is_not_believed_and_its_note_is_read_again(tmp_path, capsys, change):
    path = tmp_path / "labels.sqlite"
    with LabelStore(path, KEY) as store:
        store.add(IDENTITY, [("a", READ), ("b", Reading("too_long"))])
        assert store.changed() == 0
    with sqlite3.connect(path) as file:
        file.execute(f"UPDATE keyed_score SET {change} WHERE note_hash = 'a'")
    with LabelStore(path, KEY) as store:
        assert store.changed() == 1
        assert store.readings(IDENTITY, ["a", "b"])["note_hash"].to_list() == ["b"]
        assert "were changed since they were written" in capsys.readouterr().out
        store.add(IDENTITY, [("a", READ)])
        assert store.changed() == 0 and store.readings(IDENTITY, ["a", "b"]).height == 2
    assert capsys.readouterr().out == ""


def test_a_reading_of_another_note_is_not_believed_as_that_of_this_one(tmp_path):
    path = tmp_path / "labels.sqlite"
    with LabelStore(path, KEY) as store:
        store.add(IDENTITY, [("a", READ)])
    with sqlite3.connect(path) as file:
        file.execute("UPDATE keyed_score SET note_hash = 'b'")
    with LabelStore(path, KEY) as store:
        assert store.readings(IDENTITY, ["b"]).height == 0


def test_readings_of_an_earlier_version_are_sealed_as_they_are(tmp_path):
    path = tmp_path / "labels.sqlite"
    with LabelStore(path, KEY) as store:
        store.add(IDENTITY, [("a", READ)])
    with sqlite3.connect(path) as file:
        file.execute("ALTER TABLE keyed_score DROP COLUMN seal")
    for _ in range(2):
        with LabelStore(path, KEY) as store:
            assert store.readings(IDENTITY, ["a"]).rows() == [("a", "scored", 0.1, 0.0)]


@pytest.mark.parametrize("field", ["engine", "model", "weights", "prompt_hash", "version", "settings", "kind"])
def test_another_identity_has_readings_of_its_own(tmp_path, field):
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        store.add(IDENTITY, [("a", READ)])
        assert store.readings(replace(IDENTITY, **{field: "fixture"}), ["a"]).height == 0


@pytest.mark.parametrize("outcome", ["rejected", "off_choice"])
def test_what_may_be_answered_another_time_is_not_kept(tmp_path, outcome):
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        store.add(IDENTITY, [("a", Reading(outcome))])
        assert store.readings(IDENTITY, ["a"]).height == 0


def test_the_whole_identity_is_in_the_file(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        store.add(IDENTITY, [("a", READ)])
    with sqlite3.connect(tmp_path / "labels.sqlite") as file:
        assert file.execute("SELECT * FROM label_run").fetchall() == [
            (IDENTITY.run_id, "e", "m", "w", "p", "1", "{}", "model")
        ]


@pytest.mark.parametrize("table", ["score", "note_score"])
def test_labels_under_hashes_without_a_key_are_deleted_and_said_to_be(tmp_path, capsys, table):
    path, known = tmp_path / "labels.sqlite", sha256(b"He attended CGL.").hexdigest()
    with sqlite3.connect(path) as file:
        file.execute(f"CREATE TABLE {table} (run_id TEXT, note_hash TEXT, p1 REAL)")
        file.execute(f"INSERT INTO {table} VALUES ('m', ?, 0.5)", (known,))
    assert known.encode() in path.read_bytes()
    with LabelStore(path, KEY) as store:
        store.add(IDENTITY, [("a", READ)])
        assert store.readings(IDENTITY, [known, "a"])["note_hash"].to_list() == ["a"]
    assert "labels of an earlier version are deleted" in capsys.readouterr().out
    assert not any(known.encode() in left.read_bytes() for left in tmp_path.iterdir())
    with LabelStore(path, KEY) as store:
        assert store.readings(IDENTITY, ["a"]).height == 1
    assert capsys.readouterr().out == ""


def test_a_file_of_another_key_is_refused_and_kept(tmp_path):
    path = tmp_path / "labels.sqlite"
    with LabelStore(path, KEY) as store:
        store.add(IDENTITY, [("a", READ)])
    with pytest.raises(LabelStoreUnusable, match=r"another key.*Put note_hash\.key back, or move the file away"):
        LabelStore(path, bytes([1] * 32))
    with LabelStore(path, KEY) as store:
        assert store.readings(IDENTITY, ["a"]).height == 1


def test_a_note_is_known_by_a_hash_that_only_the_key_gives(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        ours = store.hashed(["He attended CGL.", "He attended CGL."])
    assert ours[0] == ours[1] == note_hash(["He attended CGL."], KEY).item()
    assert ours[0] != note_hash(["He attended CGL."], bytes([1] * 32)).item()
    assert ours[0] != sha256(b"He attended CGL.").hexdigest()


def test_a_file_that_is_no_store_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "labels.sqlite").write_text("these are not the labels" * 100, encoding="utf-8")
    with pytest.raises(LabelStoreUnusable, match="move the file away"):
        LabelStore(tmp_path / "labels.sqlite", KEY)
