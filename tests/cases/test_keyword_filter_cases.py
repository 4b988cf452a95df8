"""The keyword filter, case by case (tests/cases/keyword_filter.yaml) and on whole frames."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from nlp_assets.schemas.notes import FilteredNotes
from nlp_assets.steps.notes import filter_notes as step
from nlp_assets.steps.notes.filter_notes import filter_notes, treatment_keywords
from nlp_assets.steps.notes.note_hash import note_hash
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

CASES = yaml.safe_load((Path(__file__).parent / "keyword_filter.yaml").read_text(encoding="utf-8"))
SETTINGS = load_study_settings().notes.filter
KEY = bytes(32)


def notes(*texts):
    return pl.DataFrame(
        {
            "requirement_key": ["r"] * len(texts),
            "contact_id": [f"c{number:06d}" for number in range(len(texts))],
            "contact_date": [date(2022, 5, 1)] * len(texts),
            "note_text": list(texts),
            "before_termination": [False] * len(texts),
        },
        schema={
            "requirement_key": pl.String,
            "contact_id": pl.String,
            "contact_date": pl.Date,
            "note_text": pl.String,
            "before_termination": pl.Boolean,
        },
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_note_is_found_by_exactly_the_keywords_it_holds(case):
    settings = SETTINGS.model_copy(update=case.get("settings", {}))
    found = filter_notes(notes(case["note"]), treatment_keywords(), settings, KEY)["keywords"].to_list()
    assert found == (["|".join(case["keywords"])] if case["keywords"] else []), case["reason"]


def test_every_decoy_is_a_keyword_that_is_not_found():
    keywords = treatment_keywords()
    for case in CASES:
        for decoy in case.get("decoys", []):
            assert decoy in keywords and decoy not in case["keywords"], case["name"]


def test_there_are_45_keywords_and_each_finds_itself():
    keywords = treatment_keywords()
    found = filter_notes(notes(*keywords), keywords, SETTINGS, KEY)["keywords"].to_list()
    assert len(keywords) == 45
    assert all(keyword in found_here.split("|") for keyword, found_here in zip(keywords, found, strict=True))


def test_the_hash_is_that_of_the_text_under_the_key_and_the_table_is_as_declared():
    filtered = filter_notes(notes("on methadone", "nothing", "on methadone"), treatment_keywords(), SETTINGS, KEY)
    check_frame(filtered, FilteredNotes, "filtered_notes")
    assert filtered["note_hash"].to_list() == note_hash(["on methadone"] * 2, KEY).to_list()
    assert filtered["contact_id"].to_list() == ["c000000", "c000002"]


def test_slices_change_nothing(monkeypatch):
    texts = notes(*(f"{text} {number}" for number in range(7) for text in ("CGL", "nothing", "NA meeting", None)))
    whole = filter_notes(texts, treatment_keywords(), SETTINGS, KEY)
    monkeypatch.setattr(step, "NOTES_PER_BATCH", 3)
    assert filter_notes(texts, treatment_keywords(), SETTINGS, KEY).equals(whole)
    assert whole.height == 14


def test_no_notes_give_an_empty_table_as_declared():
    filtered = filter_notes(notes(), treatment_keywords(), SETTINGS, KEY)
    assert filtered.height == 0
    check_frame(filtered, FilteredNotes, "filtered_notes")
