"""Matching keywords: one pattern for polars and for re, lazy and whole frames, settings of the filter."""

import re
from datetime import date

import polars as pl
import pytest

from nlp_assets.steps.notes import filter_notes as step
from nlp_assets.steps.notes.filter_notes import filter_notes, find_keywords, keyword_pattern, treatment_keywords
from resources.settings.study_settings import load_study_settings

SETTINGS = load_study_settings().notes.filter
TEXTS = [
    "AA meeting at Change, Grow, Live",
    "NATIONAL insurance",
    "went to theATRe",
    "aa batteries",
    "É NA’s £5",
    "ÉNA",
    "Turning\nPoint",
    "turning point.",
    "",
    "METHADONE and methadone",
    "CGL_notes",
    None,
]
OF_FOUR_SETTINGS = [
    SETTINGS.model_copy(update={"whole_words": words, "case_sensitive_acronyms": case})
    for words in (True, False)
    for case in (True, False)
]


def found(texts, settings=SETTINGS):
    return find_keywords(pl.Series(texts, dtype=pl.String), treatment_keywords(), settings).to_list()


@pytest.mark.parametrize("settings", [*OF_FOUR_SETTINGS, SETTINGS.model_copy(update={"any_white_space": True})])
def test_the_keywords_found_are_those_whose_pattern_re_finds(settings):
    patterns = {word: re.compile(keyword_pattern(word, settings)) for word in treatment_keywords()}
    held = [[word for word, pattern in patterns.items() if pattern.search(text or "")] for text in TEXTS]
    assert found(TEXTS, settings) == ["|".join(words) or None for words in held]


def test_each_setting_widens_the_filter():
    narrow, any_case, in_words, both = (sum(words is not None for words in found(TEXTS, s)) for s in OF_FOUR_SETTINGS)
    assert narrow < any_case < both
    assert narrow < in_words < both


def test_a_keyword_that_is_in_a_note_twice_is_named_once():
    assert found(["Methadone, methadone, METHADONE"]) == ["Methadone"]


def test_no_texts_give_no_keywords():
    assert found([]) == []


def requested(texts):
    return pl.DataFrame(
        {
            "requirement_key": "r",
            "contact_id": [f"c{number:04d}" for number in range(len(texts))],
            "contact_date": date(2022, 5, 1),
            "note_text": texts,
            "before_termination": False,
        }
    )


def test_a_stored_table_is_filtered_batch_by_batch_as_the_frame_is_whole(tmp_path, monkeypatch):
    notes = requested(TEXTS * 40)
    whole = filter_notes(notes, treatment_keywords(), SETTINGS, bytes(32))
    notes.write_parquet(tmp_path / "notes.parquet", row_group_size=50)
    monkeypatch.setattr(step, "NOTES_PER_BATCH", 7)
    scanned = filter_notes(pl.scan_parquet(tmp_path / "notes.parquet"), treatment_keywords(), SETTINGS, bytes(32))
    assert scanned.equals(whole)
    assert whole["contact_id"].is_sorted() and whole.height == 40 * sum(words is not None for words in found(TEXTS))
