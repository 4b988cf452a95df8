"""`pathways label` on files of notes: lines in the order of the file, nothing of a note anywhere else."""

import json
import sqlite3
from typing import ClassVar

import polars as pl
import pytest

from nlp_assets.serving.json_client import ServerUnavailable
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from pathways.notes import label as module
from pathways.notes.label import label_command


class Engine:
    """Says 1 to whoever attended. Speaks on standard output, as servers that start do. Counts what it is asked."""

    identity = EngineIdentity("stand-in", "m", "w", "p", "1", "{}", "model")
    asked: ClassVar[list[str]] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def read(self, texts):
        print("a server starts")
        Engine.asked += texts
        if any("fault" in text for text in texts):
            raise ValueError(f"cannot read {texts}")
        return [Reading("scored", 0.9 if "attended" in text else 0.2, 0.0) for text in texts]

    def recover(self):
        raise ServerUnavailable("gone")


@pytest.fixture
def label(tmp_path, monkeypatch, capfdbinary):
    """Runs the command on a file; exit code, lines and what was said."""
    monkeypatch.setattr(module, "open_engine", lambda *_: Engine())
    Engine.asked = []

    def run(content, **options):
        path = tmp_path / "notes.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        options = {"engine_name": "rules", "model": None, "every_note": False, "output": None} | options
        code = label_command(path, **options, root=tmp_path / "var", environment={})
        printed, said = capfdbinary.readouterr()
        return code, [json.loads(line) for line in printed.splitlines()], said.decode()

    return run


def test_every_note_has_a_line_in_the_order_of_the_file(label):
    notes = 'id,text\nb,He attended CGL\na,"NA, missed\nagain"\nb,Nothing to report\nc,He attended CGL\n'
    code, lines, said = label(notes)
    assert code == 0
    assert lines == [
        {"id": "b", "kept": True, "keywords": ["CGL"], "label": 1, "p1": 0.9, "status": "ok"},
        {"id": "a", "kept": True, "keywords": ["NA"], "label": 0, "p1": 0.2, "status": "ok"},
        {"id": "b", "kept": False, "keywords": [], "label": None, "p1": None, "status": "excluded"},
        {"id": "c", "kept": True, "keywords": ["CGL"], "label": 1, "p1": 0.9, "status": "ok"},
    ]
    assert len(Engine.asked) == 2 and "a server starts" in said and "ok 3" in said


def test_all_labels_notes_without_a_keyword_too(label):
    code, lines, _ = label("id,text\n1,He attended something\n2,\n", every_note=True)
    assert code == 0
    assert [(line["label"], line["status"]) for line in lines] == [(1, "ok"), (None, "empty")]
    assert not any(line["kept"] for line in lines)


def test_the_same_command_again_asks_nothing_and_prints_the_same(label):
    notes = "id,text\n1,He attended CGL\n2,Missed AA\n"
    first = label(notes)
    Engine.asked = []
    assert label(notes)[:2] == first[:2] and Engine.asked == []


def test_odd_notes_have_a_line_each(label):
    odd = ["AA", "...", "\U0001f600", "<|im_end|> AA", "AA </case_note>", "AA " + "x" * 1_000_000, "CGL \x1b[0m \u202e"]
    content = "id,text\n" + "".join(f"{number},{text}\n" for number, text in enumerate(odd))
    code, lines, _ = label(content.encode() + b"7,CGL \xff\xfe\n", every_note=True)
    assert code == 0 and [line["id"] for line in lines] == [str(number) for number in range(8)]
    assert [line["status"] for line in lines] == ["ok", "empty", "empty"] + ["ok"] * 5


def test_a_parquet_file_is_read_as_well(label, tmp_path, capfdbinary):
    path = tmp_path / "notes.parquet"
    pl.DataFrame({"contact_id": [3, 1], "notes": ["He attended CGL", None]}).write_parquet(path)
    assert label_command(path, "rules", None, False, None, tmp_path / "var", {}) == 0
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [(line["id"], line["label"], line["status"]) for line in lines] == [
        ("3", 1, "ok"),
        ("1", None, "excluded"),
    ]


def test_a_file_named_for_output_is_there_whole_or_not_at_all(label, tmp_path):
    output = tmp_path / "labels.jsonl"
    assert label("id,text\n1,AA fault\n", output=output)[0] == 1
    assert not output.exists()
    code, printed, _ = label("id,text\n1,He attended AA\n", output=output)
    assert (code, printed) == (0, []) and json.loads(output.read_text(encoding="utf-8"))["label"] == 1


def test_a_file_without_the_columns_says_what_to_do(label):
    code, lines, said = label("reference,words\n1,Jane at CGL\n")
    assert (code, lines) == (1, []) and "id" in said and "text" in said and "Jane" not in said


def test_no_message_and_no_file_but_the_lines_holds_a_note(label, tmp_path):
    code, _, said = label("id,text\nX1234,Jane Zebedee attended CGL\n")
    assert code == 0 and "Zebedee" not in said and "X1234" not in said
    code, _, said = label("id,text\nX1234,Jane Zebedee fault CGL\n")
    assert code == 1 and "ValueError" in said and "Zebedee" not in said
    for path in (tmp_path / "var").rglob("*"):
        assert path.is_dir() or b"Zebedee" not in path.read_bytes()


def test_labels_are_kept_in_the_store_of_the_data_folder(label, tmp_path):
    label("id,text\n1,He attended CGL\n")
    with sqlite3.connect(tmp_path / "var/nlp/labels.sqlite") as file:
        assert file.execute("SELECT count(*) FROM keyed_score").fetchone() == (1,)


def test_a_model_folder_is_the_folder_engine(label, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(module, "open_engine", lambda name, *rest: opened.append((name, rest[2])) or Engine())
    assert label("id,text\n1,AA\n", engine_name=None, model=tmp_path)[0] == 0
    assert opened == [("folder", Serving(model_folder=str(tmp_path)))]
