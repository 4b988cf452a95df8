"""What a score means for a label, what is asked again, what is kept. The server is a stand-in with the same methods."""

from hashlib import sha256

import polars as pl
import pytest

from nlp_assets.schemas.notes import NoteLabels
from nlp_assets.steps.label_notes import count_statuses, label_notes
from nlp_assets.steps.label_store import Engine, LabelStore, NoteScore
from nlp_assets.steps.prompt import Prompt
from resources.completions_client import Score, ServerUnavailable
from resources.schema_check import check_frame
from resources.study_settings import load_study_settings

PROMPT = Prompt("test", "0" * 64, "case_note", "PREFIX ", " SUFFIX")
SETTINGS = load_study_settings().notes.labels.model_copy(
    update={"notes_per_request": 2, "requests_in_flight": 2, "notes_per_chunk": 4, "maximum_prompt_tokens": 80}
)


class Server:
    """Answers by what a note says: yes, no, else (off choice), refuse. A letter is a token. Fails when told to."""

    model_id, is_fixture = "stand-in", True

    def __init__(self, failures=0):
        self.asked, self.failures, self.recoveries = [], failures, 0

    def require_room(self, tokens):
        pass

    def count_tokens(self, text):
        return len(text)

    def recover(self):
        self.recoveries += 1
        if self.recoveries > 5:
            raise ServerUnavailable("gone")

    def score(self, prompts):
        if self.failures:
            self.failures -= 1
            raise ServerUnavailable("away")
        self.asked += prompts
        return [self._answer(prompt) for prompt in prompts]

    def _answer(self, prompt):
        assert len(prompt) <= 80
        if "refuse" in prompt:
            return None
        if "else" in prompt:
            return Score("0", 0.4, 0.93)
        if "another token" in prompt:
            return Score("", 0.9, 0.1)
        return Score("1", 0.876543, 0.01) if "yes" in prompt else Score("0", 0.123456, 0.02)


def filtered(*texts):
    return pl.DataFrame(
        {"note_hash": [sha256(text.encode()).hexdigest() for text in texts], "note_text": list(texts)},
        schema={"note_hash": pl.String, "note_text": pl.String},
    )


def labels_of(texts, server, folder, settings=SETTINGS, say=lambda *_: None):
    with LabelStore(folder / "labels.sqlite") as store:
        labels = label_notes(filtered(*texts), PROMPT, settings, server, store, say)
    check_frame(labels, NoteLabels, "note_labels")
    by_hash = {row["note_hash"]: row for row in labels.iter_rows(named=True)}
    return labels, [by_hash[sha256(text.encode()).hexdigest()] for text in texts]


def test_every_status_is_told_apart_and_only_ok_has_a_label(tmp_path):
    texts = ["yes", "no", "  ", "<|im_end|>", "refuse", "else", "another token", "x" * 70 * 80]
    labels, rows = labels_of(texts, Server(), tmp_path)
    assert [row["status"] for row in rows] == [
        "ok", "ok", "empty", "empty", "rejected", "off_choice", "off_choice", "too_long",
    ]
    assert [row["label"] for row in rows] == [1, 0, None, None, None, None, None, None]
    assert count_statuses(labels) == {
        "empty": 2, "off_choice": 2, "ok": 2, "rejected": 1, "too_long": 1, "engaged": 1,
    }


def test_a_blank_note_is_decided_without_the_model(tmp_path):
    server = Server()
    labels_of(["", " \n", "<|im_start|>"], server, tmp_path)
    assert server.asked == []


def test_the_same_text_is_asked_once_and_has_one_row(tmp_path):
    server = Server()
    labels, _ = labels_of(["yes", "no", "yes"], server, tmp_path)
    assert len(server.asked) == 2 and labels.height == 2


def test_rows_are_sorted_by_hash_and_do_not_depend_on_the_order_of_notes(tmp_path):
    texts = [f"yes {number}" for number in range(20)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, _ = labels_of(texts, Server(), tmp_path / "a")
    second, _ = labels_of(texts[::-1], Server(), tmp_path / "b")
    assert first.equals(second) and first["note_hash"].is_sorted()


def test_one_window_that_says_engaged_is_enough(tmp_path):
    long_note = "no treatment here. " * 10 + "yes at last. " + "no more. " * 10
    server = Server()
    _, (row,) = labels_of([long_note], server, tmp_path)
    assert len(server.asked) > 1
    assert (row["label"], row["p1"], row["off_choice"]) == (1, 0.8765, 0.02)


def test_one_refused_window_leaves_the_note_without_a_label(tmp_path):
    _, (row,) = labels_of(["yes here. " * 10 + "refuse this. " * 5], Server(), tmp_path)
    assert (row["status"], row["label"]) == ("rejected", None)


def test_what_was_in_the_hands_of_a_server_that_went_away_is_asked_again(tmp_path):
    texts = [f"yes {number}" for number in range(9)]
    server = Server(failures=3)
    labels, _ = labels_of(texts, server, tmp_path)
    assert labels["label"].to_list() == [1] * 9
    assert sorted(server.asked) == sorted(f"PREFIX {text} SUFFIX" for text in texts)
    assert server.recoveries >= 1


def test_a_server_that_stays_away_stops_the_labelling(tmp_path):
    with pytest.raises(ServerUnavailable):
        labels_of(["yes"], Server(failures=100), tmp_path)


def test_a_rerun_asks_nothing_and_gives_the_same_table(tmp_path):
    texts = [f"{word} {number}" for number in range(10) for word in ("yes", "no", "refuse")]
    first, _ = labels_of(texts, Server(), tmp_path)
    server = Server()
    second, _ = labels_of(texts, server, tmp_path)
    assert server.asked == [] and first.equals(second)


def test_only_new_notes_are_asked(tmp_path):
    labels_of(["yes 1", "yes 2"], Server(), tmp_path)
    server = Server()
    labels_of(["yes 1", "yes 2", "yes 3"], server, tmp_path)
    assert server.asked == ["PREFIX yes 3 SUFFIX"]


def test_another_threshold_gives_other_labels_without_asking_again(tmp_path):
    labels_of(["no"], Server(), tmp_path)
    server = Server()
    _, (row,) = labels_of(["no"], server, tmp_path, SETTINGS.model_copy(update={"label_threshold": 0.1}))
    assert row["label"] == 1 and server.asked == []


def test_progress_tells_counts_and_reaches_the_total(tmp_path):
    told = []
    labels_of([f"yes {number}" for number in range(9)], Server(), tmp_path, say=lambda *counts: told.append(counts))
    assert told[-1][:2] == (9, 9) and len(told) >= 2
    assert all(isinstance(number, (int, float)) for counts in told for number in counts)


def test_a_score_is_never_overwritten(tmp_path):
    engine = Engine("m", "p", 80)
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add(engine, [NoteScore("a", "scored", 0.1, 0.0)])
        store.add(engine, [NoteScore("a", "scored", 0.9, 0.0), NoteScore("b", "too_long")])
        assert store.scores(engine).rows() == [("a", "scored", 0.1, 0.0), ("b", "too_long", None, None)]
        assert store.scores(Engine("m", "another prompt", 80)).height == 0


def test_the_store_holds_no_note_text(tmp_path):
    labels_of(["yes a very particular wording"], Server(), tmp_path)
    assert b"particular" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
