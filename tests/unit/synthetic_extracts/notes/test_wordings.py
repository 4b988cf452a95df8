"""The wordings: what parses, what is held out, and that keywords are where they should be."""

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from synthetic_extracts.notes.calibration import CONTACT_KINDS
from synthetic_extracts.notes.compose import compose_notes, evaluation_texts
from synthetic_extracts.notes.subjects import draw_subjects
from synthetic_extracts.notes.wordings import Choice, Slot, WordingError, context_wordings, core_wordings, parse

KEYWORDS = Path(__file__).resolve().parents[4] / "reference" / "code_lists" / "treatment_keywords.csv"


def keyword_pattern() -> re.Pattern:
    with KEYWORDS.open(encoding="utf-8") as file:
        keywords = [row["keyword"] for row in csv.DictReader(file)]
    assert len(keywords) == 45
    one = [rf"\b{re.escape(word)}\b" if word.isupper() else rf"(?i:\b{re.escape(word)}\b)" for word in keywords]
    return re.compile("|".join(one))


def test_a_wording_parses_into_text_slots_and_choices():
    assert parse("{Pop} went [late|to {provider}].") == (
        Slot("pop", True),
        " went ",
        Choice((("late",), ("to ", Slot("provider", False)))),
        ".",
    )


@pytest.mark.parametrize("text", ["[a|b", "{pop", "a]b", "a|b"])
def test_a_wording_whose_brackets_do_not_match_is_refused(text):
    with pytest.raises(WordingError, match="brackets"):
        parse(text)


def test_at_least_a_quarter_of_the_wordings_of_every_meaning_is_held_out():
    held_out = Counter(wording.meaning for wording in core_wordings() if wording.held_out)
    every = Counter(wording.meaning for wording in core_wordings())
    assert min(held_out[meaning] / every[meaning] for meaning in every) >= 0.25


def test_no_wording_is_written_twice():
    parts = [wording.parts for wording in core_wordings()]
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("held_out", [False, True])
def test_every_wording_is_drawn_and_holds_a_keyword_however_it_is_filled(held_out):
    text, core = evaluation_texts(seed=3, n=20_000, held_out=held_out, context=0.0)
    pattern = keyword_pattern()
    assert {core_wordings()[number].wording_id for number in core} == {
        wording.wording_id for wording in core_wordings() if wording.held_out == held_out
    }
    without = [number for note, number in zip(text, core, strict=True) if not pattern.search(note)]
    assert {core_wordings()[number].wording_id for number in without} == set()


def test_notes_without_a_core_sentence_hold_no_keyword():
    rng = np.random.default_rng(5)
    size = 20_000
    subjects = draw_subjects(rng, rng.integers(0, 2, size), rng.random(size) < 0.2)
    notes = compose_notes(rng, subjects, np.full(size, -1), rng.integers(0, len(CONTACT_KINDS), size))
    pattern = keyword_pattern()
    assert [note for note in notes.text if pattern.search(note)] == []
    assert all(notes.text)


def test_no_slot_or_bracket_is_left_in_a_note():
    text, _ = evaluation_texts(seed=4, n=20_000, held_out=False)
    assert [note for note in text if re.search(r"[{}\[\]|]", note)] == []


def test_evaluation_notes_on_held_out_wordings_share_no_wording_with_known_ones():
    known, held_out = (
        [core_wordings()[number] for number in evaluation_texts(1, 500, is_held_out)[1]]
        for is_held_out in (False, True)
    )
    assert {wording.wording_id for wording in known} & {wording.wording_id for wording in held_out} == set()
    assert {wording.meaning for wording in known} == {wording.meaning for wording in held_out}


def test_the_same_seed_gives_the_same_evaluation_notes():
    texts, again, other = (evaluation_texts(seed, 300, False)[0].tolist() for seed in (9, 9, 10))
    assert texts == again != other


def test_a_woman_is_never_he():
    rng = np.random.default_rng(6)
    size = 5_000
    subjects = draw_subjects(rng, rng.integers(0, 2, size), np.full(size, True))
    notes = compose_notes(rng, subjects, np.full(size, -1), rng.integers(0, len(CONTACT_KINDS), size))
    assert pl.Series(notes.text.tolist()).str.contains(r"\b(?:[Hh]e|[Hh]is|[Hh]im)\b").sum() == 0


def test_context_has_an_opening_for_every_kind_of_contact():
    assert {f"opening.{kind}" for kind in CONTACT_KINDS} <= set(context_wordings())
