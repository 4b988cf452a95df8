"""The page of notes answers on this machine, to its own reviewer; no note leaves the notes zone through it."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import httpx2
import polars as pl
import pytest

from pathways.review.notes.draw import draw_sample
from pathways.review.notes.folder import NotesFolder
from pathways.review.notes.session import PAGE
from resources.settings.study_settings import load_study_settings

REPOSITORY = Path(__file__).resolve().parents[3]
QUARTER = "2023Q1"
TEXT, CONTACT, KEY = "Attended CGL with Zebulon", "c7788991", "key-of-a-requirement"


@pytest.fixture(scope="module")
def page(tmp_path_factory, store_table):
    """A running page of one requirement with one note: (process, address, base address, client, data folder)."""
    root = tmp_path_factory.mktemp("notes_review")
    notes = pl.DataFrame(
        {
            "requirement_key": [KEY],
            "contact_id": [CONTACT],
            "contact_date": [date(2022, 5, 4)],
            "before_termination": [False],
            "note_hash": ["a" * 64],
            "note_text": [TEXT],
            "keywords": ["CGL"],
        }
    )
    store_table(root, "nlp", "filtered_notes", notes)
    draw_sample(NotesFolder(root, QUARTER), load_study_settings().notes.review)
    command = [sys.executable, "-m", "pathways", "review-notes", "serve", "--reviewer", "ann", "--quarter", QUARTER]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PATHWAYS_VAR": str(root)},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    printed = [process.stdout.readline() for _ in range(2)]
    address = printed[-1].strip()
    client = httpx2.Client(follow_redirects=True, trust_env=False)
    yield process, address, address.partition("/?")[0], client, root
    client.close()
    if process.poll() is None:
        process.kill()
        process.wait()


def test_the_page_of_notes_listens_on_this_machine_and_shows_nothing_without_its_key(page):
    _, address, base, client, _ = page
    assert address.startswith("http://127.0.0.1:")
    for path in ("/", "/api/note", "/notes.js", "/?token=wrong"):
        answer = client.get(base + path)
        assert answer.status_code == 403 and "Zebulon" not in answer.text


def test_the_page_of_notes_loads_nothing_from_elsewhere():
    for path in PAGE.iterdir():
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//[a-z]+\.|@import|@font-face|url\(", source), path.name
        assert "innerHTML" not in source


def test_a_note_is_shown_judged_and_neither_printed_nor_written_into_decisions(page):
    process, address, base, client, root = page
    assert client.get(address).status_code == 200
    for path in ("/", "/notes.css", "/notes.js", "/review.js", "/review.css"):
        assert client.get(base + path).status_code == 200
    shown = client.get(f"{base}/api/note").json()
    assert shown["note"]["text"] == TEXT and "Zebulon" not in str({**shown, "note": None})
    headers = {"Origin": base.rpartition("/")[0], "Content-Type": "application/json"}
    given = {"item": shown["note"]["number"], "answer": "yes", "phenomenon": "attended"}
    elsewhere = headers | {"Origin": "http://attacker.example"}
    assert client.post(f"{base}/api/mark", content=json.dumps(given), headers=elsewhere).status_code == 403
    hostile = json.dumps(given | {"answer": TEXT})
    assert client.post(f"{base}/api/mark", content=hostile, headers=headers).status_code == 409
    assert client.post(f"{base}/api/mark", content=json.dumps(given), headers=headers).json()["judged"] == 1
    process.send_signal(signal.SIGTERM)
    printed = process.communicate(timeout=300)[0]
    decisions = NotesFolder(root, QUARTER).decisions("first", "ann").read_text(encoding="utf-8")
    for value in (TEXT, CONTACT, KEY, "Zebulon"):
        assert value not in printed and value not in decisions
    assert '"answer": "yes"' in decisions


def test_reviewers_of_notes_are_simulated_on_synthetic_extracts_only(page):
    root = page[-1]
    done = subprocess.run(
        [sys.executable, "-m", "pathways", "review-notes", "simulate", "--quarter", QUARTER],
        env={**os.environ, "PATHWAYS_VAR": str(root)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "synthetic extracts only" in done.stderr
