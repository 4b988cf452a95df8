"""What the notes of a requirement add up to."""

import polars as pl

from contracts.crossings import RequirementEngagement
from nlp_assets.steps.labels.summarise_engagement import summarise_engagement
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

NOTES = load_study_settings().notes


def rule(minimum_notes: int = 1, minimum_p1: float | str = "label_threshold"):
    changed = NOTES.requirement_rule.model_copy(update={"minimum_notes": minimum_notes, "minimum_p1": minimum_p1})
    return NOTES.model_copy(update={"requirement_rule": changed})


def engagement(notes, labels, terminated=True, settings=NOTES, p1=None):
    """`notes`: (note_hash or None when no keyword, before_termination) of one requirement; `labels`: hash to label;
    `p1`: hash to probability where it is not that of the label."""
    request = pl.DataFrame({"requirement_key": ["r"], "terminated": [terminated]})
    requested = pl.DataFrame(
        {"requirement_key": ["r"] * len(notes), "before_termination": [last for _, last in notes]},
        schema={"requirement_key": pl.String, "before_termination": pl.Boolean},
    )
    with_keyword = [(note, last) for note, last in notes if note]
    filtered = pl.DataFrame(
        {
            "requirement_key": ["r"] * len(with_keyword),
            "note_hash": [note for note, _ in with_keyword],
            "before_termination": [last for _, last in with_keyword],
        },
        schema={"requirement_key": pl.String, "note_hash": pl.String, "before_termination": pl.Boolean},
    )
    note_labels = pl.DataFrame(
        {
            "note_hash": list(labels),
            "label": list(labels.values()),
            "p1": [(p1 or {}).get(note, label) for note, label in labels.items()],
        },
        schema={"note_hash": pl.String, "label": pl.Int8, "p1": pl.Float64},
    )
    frame = summarise_engagement(request, requested, filtered, note_labels, settings)
    check_frame(frame, RequirementEngagement, "requirement_engagement")
    assert frame.height == 1
    return frame.row(0, named=True)


def test_one_engaged_note_is_enough_even_beside_an_unlabelled_one():
    row = engagement([("a", False), ("b", False), ("c", False)], {"a": 0, "b": 1, "c": None})
    assert row["any_engaged"] is True
    assert (row["keyword_notes"], row["labelled_notes"]) == (3, 2)


def test_notes_that_all_say_no_are_not_engaged():
    assert engagement([("a", False), ("b", False)], {"a": 0, "b": 0})["any_engaged"] is False


def test_an_unlabelled_note_that_could_still_say_yes_leaves_the_requirement_open():
    assert engagement([("a", False), ("b", False)], {"a": 0, "b": None})["any_engaged"] is None


def test_a_requirement_without_notes_counts_as_not_engaged():
    row = engagement([], {})
    assert row["any_engaged"] is False and row["keyword_notes"] == 0


def test_a_requirement_without_keyword_notes_counts_as_not_engaged():
    row = engagement([(None, True), (None, False)], {})
    assert row["any_engaged"] is False and (row["notes_before_termination"], row["keyword_notes"]) == (1, 0)


def test_the_same_text_in_two_contacts_counts_twice():
    assert engagement([("a", True), ("a", True)], {"a": 1})["engaged_before_termination"] == 2


def test_the_last_weeks_count_all_notes_and_those_that_are_engaged():
    row = engagement([("a", True), ("b", True), (None, True), ("a", False)], {"a": 1, "b": 0})
    assert (row["notes_before_termination"], row["engaged_before_termination"]) == (3, 1)


def test_an_active_requirement_has_no_last_weeks_and_a_silent_one_has_zero():
    active, silent = engagement([("a", False)], {"a": 1}, terminated=False), engagement([], {}, terminated=True)
    assert (active["notes_before_termination"], active["engaged_before_termination"]) == (None, None)
    assert (silent["notes_before_termination"], silent["engaged_before_termination"]) == (0, 0)


def test_a_rule_of_two_notes_needs_two_and_an_unlabelled_one_may_be_the_second():
    notes = [("a", False), ("b", False), ("c", False)]
    assert engagement(notes, {"a": 1, "b": 1, "c": 0}, settings=rule(2))["any_engaged"] is True
    assert engagement(notes, {"a": 1, "b": 0, "c": 0}, settings=rule(2))["any_engaged"] is False
    assert engagement(notes, {"a": 1, "b": 0, "c": None}, settings=rule(2))["any_engaged"] is None


def test_a_rule_on_p1_leaves_labels_as_they_are_and_decides_the_requirement():
    row = engagement([("a", True)], {"a": 1}, settings=rule(1, 0.9), p1={"a": 0.8})
    assert (row["engaged_before_termination"], row["any_engaged"]) == (1, False)
    assert engagement([("a", False)], {"a": 0}, settings=rule(1, 0.3), p1={"a": 0.4})["any_engaged"] is True


def test_a_probability_without_a_label_does_not_count():
    assert engagement([("a", False)], {"a": None}, p1={"a": 0.99})["any_engaged"] is None
