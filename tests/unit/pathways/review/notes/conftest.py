"""A small quarter made up for reviews of notes: the notes with a keyword, and their truth."""

from datetime import date, timedelta

import polars as pl
import pytest

from nlp_assets.steps.notes.note_hash import note_hash
from pathways.review.notes.folder import NotesFolder
from resources.extracts.synthetic_mark import write_mark
from resources.settings.study_settings import load_study_settings

QUARTER = "2023Q1"
REQUIREMENTS, NOTES_EACH = 30, 4


def filtered_notes():
    """Four notes of each of thirty requirements; every second requirement has one that says engaged."""
    rows = []
    for requirement in range(REQUIREMENTS):
        for note in range(NOTES_EACH):
            engaged = requirement % 2 == 0 and note == 2
            text = f"{'Attended' if engaged else 'Did not attend'} CGL, entry {requirement}-{note}"
            rows.append(
                {
                    "requirement_key": f"key{requirement:03}",
                    "contact_id": f"c{requirement:03}-{note}",
                    "contact_date": date(2022, 1, 31) - timedelta(days=note),
                    "before_termination": False,
                    "note_hash": note_hash([text], bytes(32)).item(),
                    "note_text": text,
                    "keywords": "CGL",
                    "label": int(engaged),
                    "meaning": "engaged_now" if engaged else "missed",
                }
            )
    return pl.DataFrame(rows)


@pytest.fixture
def root(tmp_path, store_table):
    """Data folder of the made-up quarter, synthetic, with its truth."""
    truth, extracts = (tmp_path / part / QUARTER for part in ("truth", "extracts"))
    for folder in (truth, extracts):
        folder.mkdir(parents=True)
    notes = filtered_notes()
    store_table(tmp_path, "nlp", "filtered_notes", notes.drop("label", "meaning"))
    notes.select("contact_id", "label", "meaning").write_parquet(truth / "note_truth.parquet")
    write_mark(extracts, {"scale": 0.02, "seed": 1})
    return tmp_path


@pytest.fixture
def folder(root):
    """Folder of people's review."""
    return NotesFolder(root, QUARTER)


@pytest.fixture
def review():
    """Settings of a short review."""
    return load_study_settings().notes.review.model_copy(update={"requirements": 6})
