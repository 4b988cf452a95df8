"""How texts are compared with code lists: what makes no difference, and what does."""

import polars as pl
import pytest

from resources.extracts.values.listed_text import listed_forms, meaning_of


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("FINE", "Fine"),
        ("Fine.", "Fine"),
        ("\u00a0Community\u00a0 Order \r\n", "Community Order"),
        ("Withdrawn \u2013 Final", "Withdrawn - Final"),
        ("Withdrawn\u2014Final", "Withdrawn - Final"),
        ("One Day's Detention", "One Day\u2019s Detention"),
        ('"Bound Over"', "Bound Over"),
        ("Yorkshire & The Humber", "Yorkshire and the Humber"),
        ("Kent Surrey and Sussex", "Kent, Surrey and Sussex"),
        ("Commit / Transfer / Send", "Commit/Transfer/Send"),
        ("\ufeffCommunity\u200b Order", "Community Order"),
        ("SUMMARY NON\u2011MOTORING", "Summary non-motoring"),
        ("no_fixed_address", "No fixed address"),
    ],
)
def test_spellings_of_one_entry_have_one_form(written, entry):
    assert len(set(listed_forms([written, entry]))) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Fine", "Fine remitted"), ("Curfew Order", "Curfew Requirement"), ("Bail", "Bail (Undated)")]
)
def test_entries_that_differ_in_words_stay_apart(one, other):
    assert len(set(listed_forms([one, other]))) == 2


def test_a_text_outside_the_list_has_no_meaning():
    text = pl.DataFrame({"text": ["CROWN.", "county", None]})
    assert text.select(meaning_of(pl.col("text"), {"crown": "Crown"}))["text"].to_list() == ["Crown", None, None]
