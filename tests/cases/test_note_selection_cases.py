"""Whose notes are read, case by case: tests/cases/note_selection.yaml."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from nlp_assets.steps.notes.select_notes import select_notes
from resources.settings.study_settings import load_study_settings

CASES = yaml.safe_load((Path(__file__).parent / "note_selection.yaml").read_text(encoding="utf-8"))
NOTES = load_study_settings().notes
REQUEST = pl.DataFrame(
    {
        "requirement_key": ["R1", "R2", "R3"],
        "requirement_id": ["R1", "R2", "R3"],
        "crn": ["A", "A", "B"],
        "window_start": [date(2021, 1, 1), date(2021, 6, 1), date(2021, 1, 1)],
        "window_end": [date(2021, 12, 31), date(2022, 5, 31), date(2021, 12, 31)],
        "terminated": [True, True, False],
    }
)
ONE = {
    "contact_id": pl.String,
    "crn": pl.String,
    "requirement_id": pl.String,
    "contact_date": pl.Date,
    "sensitive": pl.String,
    "notes": pl.String,
}


@pytest.mark.parametrize("contacts_of", ["person", "requirement"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_contact_belongs_to_exactly_these_requirements(case, contacts_of):
    given = case["contact"]
    contact = ("C1", given["person"], given["under"], given["date"], given.get("sensitive", "N"), "a note")
    frame = pl.DataFrame([contact], schema=ONE, orient="row")
    found = select_notes(frame, REQUEST, NOTES.model_copy(update={"contacts_of": contacts_of}))
    assert found["requirement_key"].to_list() == case["expect"][contacts_of], case["decoy"]
