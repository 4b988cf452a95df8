"""What a reading means for a label, what is asked again, what is kept. The engine is a stand-in."""

import threading

import polars as pl
import pytest

from nlp_assets.schemas.notes import NoteLabels
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.steps.labels.label_notes import count_statuses, label_notes
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from nlp_assets.steps.notes.note_hash import note_hash
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

LABELS = load_study_settings().notes.labels.model_copy(
    update={"notes_per_request": 2, "requests_in_flight": 2, "notes_per_chunk": 4}
)
KEY = bytes(32)
IDENTITY = EngineIdentity("stand-in", "m", "w", "p", "1", "{}", "model")


class Engine:
    """Reads by what a note says: yes, no, else (off choice), refuse, long. Away when told to, or over a fatal note."""

    identity = IDENTITY

    def __init__(self, failures=0):
        self.asked, self.failures, self.attempts = [], failures, 0
        self._lock = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def recover(self):
        self.attempts += 1
        if self.attempts > 5:
            raise ServerUnavailable("gone")

    def read(self, texts):
        with self._lock:
            if self.failures:
                self.failures -= 1
                raise ServerUnavailable("away")
            if any("fatal" in text for text in texts):
                raise ServerUnavailable("died")
            if any("stop" in text for text in texts):
                raise ServerRefuses("no more")
            self.asked += texts
            self.attempts = 0
        return [self._reading(text) for text in texts]

    def _reading(self, text):
        assert text.strip()
        if "refuse" in text:
            return Reading("rejected")
        if "long" in text:
            return Reading("too_long")
        if "junk" in text:
            return Reading("off_choice")
        if "else" in text:
            return Reading("scored", 0.4, 0.93)
        return Reading("scored", 0.876543, 0.01) if "yes" in text else Reading("scored", 0.123456, 0.02)


def notes_of(texts):
    return pl.DataFrame(
        {"note_hash": note_hash(texts, KEY), "note_text": list(texts)},
        schema={"note_hash": pl.String, "note_text": pl.String},
    )


def labels_of(texts, engine, folder, settings=LABELS, say=lambda *_: None):
    with LabelStore(folder / "labels.sqlite", KEY) as store:
        labels = label_notes(notes_of(texts), settings, engine, store, say)
    check_frame(labels, NoteLabels, "note_labels")
    by_hash = {row["note_hash"]: row for row in labels.iter_rows(named=True)}
    return labels, [by_hash[each] for each in note_hash(texts, KEY)]


def test_every_status_is_told_apart_and_only_ok_has_a_label(tmp_path):
    texts = ["yes", "no", "  ", "refuse", "else", "long", "junk"]
    labels, rows = labels_of(texts, Engine(), tmp_path)
    assert [row["status"] for row in rows] == [
        "ok",
        "ok",
        "empty",
        "rejected",
        "off_choice",
        "too_long",
        "off_choice",
    ]
    assert [row["label"] for row in rows] == [1, 0, *[None] * 5]
    assert count_statuses(labels) == {
        "empty": 1,
        "off_choice": 2,
        "ok": 2,
        "rejected": 1,
        "too_long": 1,
        "engaged": 1,
    }


def test_a_note_without_a_letter_or_digit_is_decided_without_the_engine(tmp_path):
    engine = Engine()
    texts = ["", " \n", "<|im_start|>", "</case_note>", "...?!", "\U0001f600", "\x00\x01"]
    _, rows = labels_of(texts, engine, tmp_path)
    assert engine.asked == [] and {row["status"] for row in rows} == {"empty"}


def test_no_control_character_reaches_the_engine(tmp_path):
    engine = Engine()
    labels_of(["yes\x00 a\x1bb\u202e c\td\r\ne"], engine, tmp_path)
    assert engine.asked == ["yes  a b  c\td\r\ne"]


def test_the_same_text_is_asked_once_and_has_one_row(tmp_path):
    engine = Engine()
    labels, _ = labels_of(["yes", "no", "yes"], engine, tmp_path)
    assert sorted(engine.asked) == ["no", "yes"] and labels.height == 2


def test_rows_are_sorted_by_hash_and_do_not_depend_on_the_order_of_notes(tmp_path):
    texts = [f"yes {number}" for number in range(20)]
    first, _ = labels_of(texts, Engine(), tmp_path / "a")
    second, _ = labels_of(texts[::-1], Engine(), tmp_path / "b")
    assert first.equals(second) and first["note_hash"].is_sorted()


def test_every_label_carries_what_made_it(tmp_path):
    _, (row,) = labels_of(["yes"], Engine(), tmp_path)
    columns = ("engine", "model", "weights", "prompt_hash", "engine_version", "settings", "engine_kind")
    assert [row[name] for name in columns] == ["stand-in", "m", "w", "p", "1", "{}", "model"]
    assert (row["p1"], row["off_choice"]) == (0.8765, 0.01)


def test_what_was_in_the_hands_of_a_server_that_went_away_is_asked_again(tmp_path):
    texts = [f"yes {number}" for number in range(9)]
    engine = Engine(failures=3)
    labels, _ = labels_of(texts, engine, tmp_path)
    assert labels["label"].to_list() == [1] * 9 and sorted(engine.asked) == sorted(texts)


def test_a_server_that_stays_away_stops_the_labelling(tmp_path):
    with pytest.raises(ServerUnavailable):
        labels_of(["yes"] + [f"yes {number}" for number in range(99)], Engine(failures=1000), tmp_path)


def test_a_note_that_ends_the_server_every_time_is_rejected_and_its_neighbours_are_labelled(tmp_path):
    texts = ["fatal", *(f"yes {number}" for number in range(15))]
    settings = LABELS.model_copy(update={"notes_per_request": 16, "requests_in_flight": 1})
    _labels, rows = labels_of(texts, Engine(), tmp_path, settings)
    assert rows[0]["status"] == "rejected" and [row["label"] for row in rows[1:]] == [1] * 15


def test_what_was_read_before_a_fault_is_kept(tmp_path):
    settings = LABELS.model_copy(update={"notes_per_request": 1, "requests_in_flight": 1, "notes_per_chunk": 100})
    texts = [text for text in (f"yes {n}" for n in range(9)) if note_hash([text], KEY).item() < "f8"]
    last = next(f"stop {n}" for n in range(1000) if note_hash([f"stop {n}"], KEY).item() > "f8")
    with pytest.raises(ServerRefuses):
        labels_of([*texts, last], Engine(), tmp_path, settings)
    engine = Engine()
    labels_of(texts, engine, tmp_path, settings)
    assert engine.asked == []


def test_a_rerun_asks_nothing_and_gives_the_same_table(tmp_path):
    texts = [f"{word} {number}" for number in range(10) for word in ("yes", "no", "long", "else")]
    first, _ = labels_of(texts, Engine(), tmp_path)
    engine = Engine()
    second, _ = labels_of(texts, engine, tmp_path)
    assert engine.asked == [] and first.equals(second)


def test_only_new_notes_and_those_that_may_be_answered_now_are_asked(tmp_path):
    labels_of(["yes 1", "yes 2", "refuse", "junk"], Engine(), tmp_path)
    engine = Engine()
    labels_of(["yes 1", "yes 2", "yes 3", "refuse", "junk"], engine, tmp_path)
    assert sorted(engine.asked) == ["junk", "refuse", "yes 3"]


def test_another_threshold_gives_other_labels_without_asking_again(tmp_path):
    labels_of(["no"], Engine(), tmp_path)
    engine = Engine()
    _, (row,) = labels_of(["no"], engine, tmp_path, LABELS.model_copy(update={"label_threshold": 0.1}))
    assert row["label"] == 1 and engine.asked == []


def test_progress_tells_counts_and_reaches_the_total(tmp_path):
    told = []
    labels_of([f"yes {number}" for number in range(9)], Engine(), tmp_path, say=lambda *counts: told.append(counts))
    assert told[-1][:2] == (9, 9) and len(told) >= 2
    assert all(isinstance(number, (int, float)) for counts in told for number in counts)


def test_no_notes_give_no_rows(tmp_path):
    labels, _ = labels_of([], Engine(), tmp_path)
    assert labels.height == 0


def test_a_missing_text_is_empty(tmp_path):
    notes = pl.DataFrame({"note_hash": ["0" * 64], "note_text": [None]}, schema_overrides={"note_text": pl.String})
    with LabelStore(tmp_path / "labels.sqlite", KEY) as store:
        assert label_notes(notes, LABELS, Engine(), store, lambda *_: None)["status"].to_list() == ["empty"]
