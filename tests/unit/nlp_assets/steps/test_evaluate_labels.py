"""Labels against what people said: counts, rules and errors, on cases small enough to count by hand."""

import polars as pl
import pytest

from contracts.crossings import ReviewedRequirements
from nlp_assets.steps.labels.requirement_rules import by_count, by_mean_odds, by_share
from nlp_assets.steps.quality.confusion import Confusion, confusion, wilson
from nlp_assets.steps.quality.evaluate_labels import (
    decided_requirements,
    errors_by_phenomenon,
    join_cases,
    reviewed_notes,
    rule_in_use,
    rules,
    thresholds,
)
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

NOTES = load_study_settings().notes


def labelled(*notes):
    """Notes given as (requirement_key, label, p1)."""
    schema = {"requirement_key": pl.String, "label": pl.Int8, "p1": pl.Float64}
    return pl.DataFrame(notes, schema=schema, orient="row")


def said(frame):
    return dict(frame.select("requirement_key", "said").iter_rows())


def cases(reviewed, notes):
    """`reviewed`: (requirement, contact or None, reviewer, answer, phenomenon); `notes`: (requirement, contact,
    label)."""
    frame = pl.DataFrame(
        [
            (key, contact, contact and f"hash {contact}", reviewer, answer, phenomenon, False)
            for key, contact, reviewer, answer, phenomenon in reviewed
        ],
        schema={
            "requirement_key": pl.String,
            "contact_id": pl.String,
            "note_hash": pl.String,
            "reviewer": pl.Int8,
            "answer": pl.String,
            "phenomenon": pl.String,
            "simulated": pl.Boolean,
        },
        orient="row",
    )
    filtered = pl.DataFrame(
        [(key, contact, f"hash {contact}") for key, contact, _ in notes],
        schema=["requirement_key", "contact_id", "note_hash"],
        orient="row",
    )
    labels = pl.DataFrame(
        [(f"hash {contact}", label, None if label is None else float(label)) for _, contact, label in notes],
        schema={"note_hash": pl.String, "label": pl.Int8, "p1": pl.Float64},
        orient="row",
    ).unique("note_hash")
    return join_cases(frame, filtered, labels)


def test_the_four_counts_are_of_cases_that_both_sides_answer():
    truth = pl.Series([True, True, False, False, None, True])
    answer = pl.Series([True, False, True, False, True, None])
    assert confusion(truth, answer) == Confusion(1, 1, 1, 1)


def test_wilson_is_the_interval_of_the_textbook():
    share = wilson(9, 10, 0.95)
    assert (share.value, share.lower, share.upper) == pytest.approx((0.9, 0.5958, 0.9821), abs=1e-4)
    assert wilson(0, 0, 0.95).value is None


def test_an_interval_of_rounded_counts_covers_every_count_it_may_have_been():
    assert wilson(10, 10, 0.95, slack=2).lower == pytest.approx(wilson(8, 10, 0.95).lower)
    assert wilson(9, 10, 0.95, slack=2).upper == pytest.approx(wilson(10, 10, 0.95).upper)


def test_kappa_takes_chance_away_and_has_no_value_where_chance_is_all():
    found = Confusion(20, 10, 5, 15).kappa(0.95, 1, 500)
    assert found.value == pytest.approx(0.4)
    assert found.lower is not None and found.upper is not None and found.lower < 0.4 < found.upper
    assert Confusion(7, 0, 0, 0).kappa(0.95, 1, 500).value is None


def test_a_rule_of_two_notes_wants_two_and_leaves_open_what_the_unlabelled_could_decide():
    notes = labelled(("a", 1, 0.9), ("a", 1, 0.8), ("b", 1, 0.9), ("b", 0, 0.1), ("c", 1, 0.9), ("c", None, 0.99))
    assert said(by_count(notes, 2, 0.5)) == {"a": True, "b": False, "c": None}
    assert said(by_count(notes, 1, 0.85)) == {"a": True, "b": True, "c": True}
    assert said(by_count(notes, 1, 0.95)) == {"a": False, "b": False, "c": None}


def test_a_share_of_ten_notes_is_met_by_exactly_that_many():
    ten = labelled(("a", 1, 0.9), *[("a", 0, 0.1)] * 9, *[("b", 0, 0.1)] * 10)
    assert said(by_share(ten, 0.1, 0.5)) == {"a": True, "b": False}
    assert said(by_share(ten, 0.2, 0.5)) == {"a": False, "b": False}


def test_a_sure_note_outweighs_doubtful_ones_and_fewer_the_more_there_are():
    # odds of .9 and .1 are 9 and 1/9; two of them have mean odds of 4.6, or .82, and five of 1.9, or .65
    notes = labelled(("a", 1, 0.9), ("a", 0, 0.1), ("b", 1, 0.9), *[("b", 0, 0.1)] * 4, ("c", 0, 0.1))
    assert said(by_mean_odds(notes, 0.6)) == {"a": True, "b": True, "c": False}
    assert said(by_mean_odds(notes, 0.7)) == {"a": True, "b": False, "c": False}
    assert said(by_mean_odds(notes, 0.85)) == {"a": False, "b": False, "c": False}
    certain = labelled(("a", 1, 1.0), ("b", 0, 0.0))
    assert said(by_mean_odds(certain, 0.99)) == {"a": True, "b": False}


def test_mean_odds_leave_open_what_the_unlabelled_could_decide():
    notes = labelled(
        ("a", 1, 0.9), ("a", None, None), ("b", 1, 0.7), ("b", None, 0.1), ("c", None, None), ("d", 0, 0.1)
    )
    assert said(by_mean_odds(notes, 0.8)) == {"a": True, "b": None, "c": None, "d": False}


def test_two_reviewers_decide_together_and_differences_leave_the_comparison():
    reviewed = [
        ("r1", None, 1, "yes", None),
        ("r1", None, 2, "yes", None),
        ("r2", None, 1, "no", None),
        ("r2", None, 2, "no", None),
        ("r3", None, 1, "yes", None),
        ("r3", None, 2, "no", None),
        ("r4", None, 1, "unsure", None),
        ("r4", None, 2, "unsure", None),
    ]
    found = cases(reviewed, [("r1", "c1", 1), ("r2", "c2", 1), ("r3", "c3", 1), ("r4", "c4", 0)])
    assert found.requirements["engaged"].to_list() == [True, False, None, None]
    assert rule_in_use(found, NOTES) == Confusion(1, 1, 0, 0)
    assert found.reviewers == 2 and found.both.height == 4


def test_a_reviewed_requirement_that_is_not_requested_any_more_is_counted_and_left_out():
    found = cases([("r1", None, 1, "yes", None), ("gone", None, 1, "yes", None)], [("r1", "c1", 1)])
    assert (found.requirements.height, found.not_requested) == (1, 1)


def test_notes_are_compared_by_contact_within_their_requirement():
    reviewed = [("r1", None, 1, "yes", None), ("r1", "c1", 1, "yes", "attended"), ("r1", "c2", 1, "no", "missed")]
    found = cases(reviewed, [("r1", "c1", 0), ("r1", "c2", 1), ("r2", "c1", 0)])
    assert reviewed_notes(found) == Confusion(0, 1, 1, 0)
    assert errors_by_phenomenon(found).to_dicts() == [
        {"phenomenon": "attended", "notes": 1, "errors": 1, "wrongly_engaged": 0, "missed": 1},
        {"phenomenon": "missed", "notes": 1, "errors": 1, "wrongly_engaged": 1, "missed": 0},
    ]


def test_more_notes_asked_for_or_a_higher_threshold_never_find_more():
    reviewed = [(f"r{number}", None, 1, "yes" if number % 2 else "no", None) for number in range(8)]
    notes = [(f"r{number}", f"c{number}-{note}", int(note < number)) for number in range(8) for note in range(8)]
    found = cases(reviewed, notes)
    by_name = {name: one.true_positives + one.false_positives for name, one in rules(found, NOTES)}
    by_rule = [by_name[name] for name in ("any note", *(f"at least {count} notes" for count in range(2, 6)))]
    by_threshold = [one.true_positives + one.false_positives for _, one in thresholds(found, NOTES)]
    assert by_rule == sorted(by_rule, reverse=True) and by_rule[0] > by_rule[-1]
    assert by_threshold == sorted(by_threshold, reverse=True)
    by_odds = [found for name, found in by_name.items() if name.startswith("mean odds")]
    assert by_odds == sorted(by_odds, reverse=True)


def test_what_reviewers_decided_crosses_for_requirements_that_still_have_a_keyword_note():
    answers = [
        ("b", None, 1, "yes"),
        ("b", None, 2, "yes"),
        ("a", None, 1, "no"),
        ("a", None, 2, "unsure"),
        ("gone", None, 1, "yes"),
        ("b", "n1", 1, "no"),
    ]
    reviewed = pl.DataFrame(
        [(*answer, "", False) for answer in answers],
        schema=["requirement_key", "contact_id", "reviewer", "answer", "phenomenon", "simulated"],
        orient="row",
    )
    notes = pl.DataFrame({"requirement_key": ["b", "b", "a", "never reviewed"]})
    found = check_frame(decided_requirements(reviewed, notes), ReviewedRequirements, "reviewed_requirements")
    assert found.rows() == [("a", None, False), ("b", True, False)]


def test_without_a_review_nothing_was_decided():
    found = decided_requirements(None, pl.DataFrame({"requirement_key": ["a"]}))
    assert check_frame(found, ReviewedRequirements, "reviewed_requirements").is_empty()
