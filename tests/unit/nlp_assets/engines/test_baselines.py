"""The two baselines: rules in the manner of ConText, and words alone."""

import math

import pytest

from nlp_assets.engines.baselines.rules_baseline import RulesBaseline, says_engaged
from nlp_assets.engines.baselines.tfidf_baseline import TfidfBaseline, term_counts
from nlp_assets.steps.notes.keyword_sentences import keyword_sentences


@pytest.mark.parametrize(
    "note",
    [
        "He attended CGL on Monday.",
        "She is on a methadone script and collects it daily.",
        "Missed the bus, but he has been to his AA meeting.",
        "Engaging well with Turning Point.",
        "CGL today. He attended the group and said that it helps.",
    ],
)
def test_a_cue_that_no_trigger_reaches_is_engaged(note):
    assert says_engaged(note)


@pytest.mark.parametrize(
    ("note", "because"),
    [
        ("He did not attend CGL.", "negated"),
        ("He didn’t attend CGL.", "negated, with a curly apostrophe"),
        ("Missed CGL.", "no cue"),
        ("He will attend CGL next week.", "hypothetical"),
        ("He was referred to CGL and told that he should be attending weekly.", "hypothetical"),
        ("He previously attended CGL.", "historical"),
        ("Attended AA years ago.", "historical, said afterwards"),
        ("His brother attends AA.", "somebody else"),
        ("He attended the gym. Nothing new. Nothing else. CGL unchanged.", "the cue is far from the keyword"),
        ("DRR explained.", "no cue"),
    ],
)
def test_a_cue_that_a_trigger_reaches_or_none_at_all_is_not_engaged(note, because):
    assert not says_engaged(note), because


def test_a_trigger_reaches_no_further_than_its_clause():
    assert says_engaged("He did not like the group at first but attends CGL.")


def test_keyword_sentences_come_with_one_neighbour_on_each_side():
    note = "One. Two. He saw CGL. Four. Five. AA here."
    assert keyword_sentences(note) == ["Two.", "He saw CGL.", "Four.", "Five.", "AA here."]
    assert keyword_sentences("aa meet. nothing") == ["aa meet.", "nothing"]


def test_terms_are_words_and_pairs_within_a_sentence():
    assert term_counts("Went to CGL. On 12/3.") == {
        "went": 1,
        "to": 1,
        "cgl": 1,
        "went to": 1,
        "to cgl": 1,
        "on": 1,
        "00": 1,
        "0": 1,
        "on 00": 1,
        "00 0": 1,
    }


def test_the_words_of_a_note_are_weighed_as_trained():
    engine = TfidfBaseline()
    weights = {"intercept": -1.0, "terms": {"cgl": [2.0, 3.0], "attended": [1.0, 1.0]}}
    engine.__dict__["_weights"] = weights
    (reading,) = engine.read(["Attended CGL"])
    length = math.sqrt(5)
    assert reading.p1 == pytest.approx(1 / (1 + math.exp(1 - 2 / length * 3 - 1 / length * 1)))
    assert engine.read(["..."])[0].p1 == pytest.approx(1 / (1 + math.e))


def test_the_trained_file_tells_plain_notes_apart():
    attended, missed = TfidfBaseline().read(["He attended CGL today, good session.", "Did not attend CGL."])
    assert attended.p1 > 0.5 > missed.p1


@pytest.mark.parametrize("engine", [RulesBaseline(), TfidfBaseline()])
def test_a_baseline_names_itself_as_one(engine):
    identity = engine.identity
    assert identity.kind == "baseline" and len(identity.weights) == 64 and identity.prompt_hash == ""
