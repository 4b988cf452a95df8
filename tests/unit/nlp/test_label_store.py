"""The file of readings: what it keeps, under which identity, and files it did not write."""

import sqlite3
from dataclasses import replace

import pytest

from nlp_assets.steps.label_store import LabelStore, LabelStoreUnusable
from nlp_assets.steps.note_engine import EngineIdentity, Reading

IDENTITY = EngineIdentity("e", "m", "w", "p", "1", "{}", "model")
READ = Reading("scored", 0.1, 0.0)


def test_a_reading_is_never_overwritten(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(IDENTITY, [("a", READ)])
        store.add(IDENTITY, [("a", Reading("scored", 0.9, 0.0)), ("b", Reading("too_long"))])
        assert store.readings(IDENTITY, ["b", "a", "c"]).rows() == [
            ("a", "scored", 0.1, 0.0), ("b", "too_long", None, None),
        ]


@pytest.mark.parametrize("field", ["engine", "model", "weights", "prompt_hash", "version", "settings", "kind"])
def test_another_identity_has_readings_of_its_own(tmp_path, field):
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(IDENTITY, [("a", READ)])
        assert store.readings(replace(IDENTITY, **{field: "fixture"}), ["a"]).height == 0


def test_a_rejected_note_is_not_kept(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(IDENTITY, [("a", Reading("rejected"))])
        assert store.readings(IDENTITY, ["a"]).height == 0


def test_the_whole_identity_is_in_the_file(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(IDENTITY, [("a", READ)])
    with sqlite3.connect(tmp_path / "labels.sqlite") as file:
        assert file.execute("SELECT * FROM label_run").fetchall() == [
            (IDENTITY.run_id, "e", "m", "w", "p", "1", "{}", "model")
        ]


def test_a_file_of_an_earlier_layout_is_written_on_and_keeps_what_it_has(tmp_path):
    with sqlite3.connect(tmp_path / "labels.sqlite") as file:
        file.execute("CREATE TABLE score (model_id TEXT, note_hash TEXT, p1 REAL)")
        file.execute("INSERT INTO score VALUES ('m', 'a', 0.5)")
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(IDENTITY, [("a", READ)])
        assert store.readings(IDENTITY, ["a"]).height == 1
    with sqlite3.connect(tmp_path / "labels.sqlite") as file:
        assert file.execute("SELECT count(*) FROM score").fetchone() == (1,)


def test_a_file_that_is_no_store_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "labels.sqlite").write_text("these are not the labels" * 100, encoding="utf-8")
    with pytest.raises(LabelStoreUnusable, match="move the file away"):
        LabelStore(tmp_path / "labels.sqlite")
