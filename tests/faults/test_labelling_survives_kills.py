"""Labelling through kill -9 of the client and of the server: the same labels, none lost, none doubled, no text logged.

The real path: vLLM on the CPU with the fixture model. One server is started for all tests and once more after it is
killed.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from nlp_assets.steps.label_notes import label_notes
from nlp_assets.steps.label_store import LabelStore
from nlp_assets.steps.prompt import load_prompt, render
from resources.completions_client import CompletionsClient
from resources.label_server import LabelServer
from resources.study_settings import load_study_settings

REPOSITORY = Path(__file__).resolve().parents[2]
QUARTER = "2023Q1"
MARK = "Zebedee"
SETTINGS = load_study_settings().notes.labels.model_copy(
    update={"notes_per_request": 16, "requests_in_flight": 2, "notes_per_chunk": 64}
)
PROMPT = load_prompt(SETTINGS.prompt)

KILLED_CLIENT = """
import os, signal, sys
from pathlib import Path
import polars as pl
sys.path.insert(0, {tests!r})
import test_labelling_survives_kills as t

def die(done, total, per_second):
    print(done, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

t.label(Path({folder!r}), die)
"""


def notes() -> pl.DataFrame:
    """300 notes of which 40 say the same as another, and one that needs windows."""
    rng = random.Random(5)
    who = ["He", "She", "They"]
    what = ["attended CGL", "missed his AA meeting", "is on methadone", "was referred to Turning Point", "refuses help"]
    when = ["today", "last week", "on Monday", "as planned", "again"]
    texts = [f"{rng.choice(who)} {rng.choice(what)} {rng.choice(when)}, said {MARK}, entry {i}." for i in range(259)]
    texts.append(" ".join(f"Entry {number}: nothing new to report about treatment." for number in range(300)))
    texts += texts[:40]
    return pl.DataFrame({"note_text": texts, "note_hash": [sha256(text.encode()).hexdigest() for text in texts]})


def label(folder: Path, say=lambda *_: None) -> pl.DataFrame:
    """Label the notes with the store in `folder` through the server that the environment names."""
    server = LabelServer(root=str(folder))
    with (
        server.engine(QUARTER, SETTINGS.model, render(PROMPT, "")) as engine,
        LabelStore(server.labels_file) as store,
    ):
        return label_notes(notes(), PROMPT, SETTINGS, engine, store, say)


def rows_in_store(folder: Path) -> int:
    with sqlite3.connect(folder / "nlp" / "labels.sqlite") as file:
        return file.execute("SELECT count(*) FROM score").fetchone()[0]


def with_marker(folder: Path) -> Path:
    (folder / "extracts" / QUARTER).mkdir(parents=True)
    (folder / "extracts" / QUARTER / "SYNTHETIC.json").write_text("{}", encoding="utf-8")
    return folder


def what_was_said(labels: pl.DataFrame) -> pl.DataFrame:
    return labels.select("note_hash", "label", "p1", "off_choice", "status")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An engine whose own server is running."""
    folder = with_marker(tmp_path_factory.mktemp("server"))
    with LabelServer(root=str(folder)).engine(QUARTER, SETTINGS.model, render(PROMPT, "")) as engine:
        engine.count_tokens("start")
        yield engine, folder


@pytest.fixture
def given_server(engine, monkeypatch):
    """The running server, named in the environment as one that somebody else runs."""
    process = engine[0]._server
    monkeypatch.setenv("VLLM_BASE_URL", process.base_url)
    monkeypatch.setenv("VLLM_API_KEY", process.api_key)
    monkeypatch.setenv("VLLM_MODEL", engine[0].model_name)


@pytest.fixture(scope="module")
def undisturbed(engine, tmp_path_factory):
    """What a run that nothing disturbs says, asked in other batches and another order of requests."""
    one_by_one = SETTINGS.model_copy(update={"notes_per_request": 50, "requests_in_flight": 1})
    with LabelStore(tmp_path_factory.mktemp("undisturbed") / "labels.sqlite") as store:
        return what_was_said(label_notes(notes(), PROMPT, one_by_one, engine[0], store, lambda *_: None))


def test_a_killed_client_loses_and_doubles_no_label(undisturbed, given_server, tmp_path):
    folder = with_marker(tmp_path)
    script = KILLED_CLIENT.format(tests=str(Path(__file__).parent), folder=str(folder))
    killed = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    kept = rows_in_store(folder)
    assert 64 <= kept < undisturbed.height

    progress = []
    labels = label(folder, lambda done, total, _: progress.append((done, total)))
    assert what_was_said(labels).equals(undisturbed)
    assert rows_in_store(folder) == undisturbed.height == 260
    assert progress[-1] == (undisturbed.height - kept, undisturbed.height - kept)


def test_a_killed_server_is_started_again_and_loses_and_doubles_no_label(undisturbed, engine, tmp_path):
    told = []

    def kill_once(done, total, _):
        if not told:
            kill_server(engine[0]._server)
        told.append(done)

    with LabelStore(tmp_path / "labels.sqlite") as store:
        labels = label_notes(notes(), PROMPT, SETTINGS, engine[0], store, kill_once)
    assert what_was_said(labels).equals(undisturbed)
    assert told[-1] == undisturbed.height and len(told) > 1


def kill_server(process) -> None:
    guard = process._process.pid
    server = int(Path(f"/proc/{guard}/task/{guard}/children").read_text(encoding="utf-8").split()[0])
    os.killpg(server, signal.SIGKILL)


def test_no_note_text_is_in_any_file_of_the_server_or_the_store(engine, given_server, tmp_path):
    process = engine[0]._server
    client = CompletionsClient(process.base_url, process.api_key, trust_environment=False)
    client.choose_model(engine[0].model_name)
    too_long = f"{MARK} spoke. " * 3000
    assert client.score([f"{MARK} attended.", too_long])[1] is None
    client.close()
    label(with_marker(tmp_path))
    files = [path for folder in (engine[1], tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"vllm.log", "labels.sqlite"}
    assert [path.name for path in files if MARK.encode() in path.read_bytes()] == []
