"""What decisions say: weighting back, intervals, agreement, thresholds."""

import json

import numpy as np
import polars as pl
import pytest

from linkage_assets.steps.review.evaluate_review import evaluate_review, first_disagreement
from linkage_assets.steps.review.sample_review_pairs import sample_first
from resources.review.review_agreement import agreement
from resources.review.review_curves import ReviewIncomplete, areas, judged_pairs, matches, threshold_table


def judged(rows, match, replicates=200):
    """Judged pairs given as (probability, weight in bits, stratum, pairs each stands for)."""
    sample = pl.DataFrame(rows, ["match_probability", "match_weight", "stratum", "sampling_weight"], orient="row")
    return judged_pairs(sample, np.array(match), 1, replicates, 0.95)


HIGH, LOW = (0.99, 7.0, 1, 10.0), (0.6, 0.5, 0, 1.0)


def pairs_with(probabilities):
    frame = pl.DataFrame({"match_probability": probabilities})
    return frame.with_columns(match_weight=(pl.col("match_probability") / (1 - pl.col("match_probability"))).log(2))


def test_precision_and_recall_are_of_all_pairs_not_of_the_sample():
    pairs = judged([HIGH, HIGH, LOW, LOW], [True, False, True, False])
    rows = threshold_table(pairs, pairs_with([0.6, 0.99]), [0.5, 0.9])
    assert [row["precision"] for row in rows] == [0.5, 0.5]
    assert [row["recall"] for row in rows] == [1.0, round(10 / 11, 4)]
    assert [row["false_positive_rate"] for row in rows] == [1.0, round(10 / 11, 4)]
    assert [row["pairs"] for row in rows] == [2, 1]


def test_a_threshold_that_no_pair_reaches_has_no_precision():
    row = threshold_table(judged([HIGH], [True]), pairs_with([0.99]), [0.999])[0]
    assert (row["precision"], row["precision_low"], row["recall"], row["pairs"]) == (None, None, 0.0, 0)


def test_a_sample_without_an_error_is_no_proof_of_precision_one():
    row = threshold_table(judged([HIGH] * 30, [True] * 30), pairs_with([0.99]), [0.9])[0]
    assert row["precision"] == 1.0
    assert 0.85 < row["precision_low"] < 0.9  # the exact bound of 30 in 30 is .884; a tenth of all pairs was judged


def test_pairs_that_were_all_judged_leave_no_doubt():
    every = [(0.99, 7.0, 1, 1.0)] * 4
    row = threshold_table(judged(every, [True, True, True, False]), pairs_with([0.99] * 4), [0.9])[0]
    assert (row["precision_low"], row["precision"], row["precision_high"]) == (0.75, 0.75, 0.75)


def test_a_model_that_ranks_every_match_first_has_area_one_and_a_blind_one_a_half():
    assert areas(judged([HIGH, HIGH, LOW, LOW], [True, True, False, False]))["area_under_roc"]["value"] == 1.0
    assert areas(judged([HIGH, HIGH, LOW, LOW], [True, False, True, False]))["area_under_roc"]["value"] == 0.5
    assert areas(judged([HIGH, LOW], [True, True]))["area_under_roc"]["value"] is None


def test_kappa_is_that_of_the_textbook():
    # Cohen's example: 20 both yes, 15 both no, 5 and 10 split: kappa .4
    says = np.array([(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15, dtype=float)
    once = np.ones(50)
    found = agreement(says, 0.6, once, np.ones((5, 50)), 0.95)
    assert found["kappa"]["value"] == found["kappa_of_sample"]["value"] == found["kappa_of_scores"]["value"] == 0.4
    assert found["agree"]["value"] == 0.7
    assert (found["both_match"], found["only_one_match"], found["neither_match"]) == (20, 15, 15)


def test_kappa_weighs_pairs_by_what_they_stand_for():
    says = np.array([(1, 1), (0, 0), (1, 0)], dtype=float)
    weights = np.array([10.0, 10.0, 1.0])
    found = agreement(says, 0.6, weights, np.tile(weights, (5, 1)), 0.95)
    assert found["kappa"]["value"] > 0.9 > 0.5 > found["kappa_of_sample"]["value"]


def test_kappa_is_not_defined_when_both_say_match_of_every_pair():
    says = np.ones((4, 2))
    assert agreement(says, 0.6, np.ones(4), np.ones((5, 4)), 0.95)["kappa"]["value"] is None


def test_one_yes_and_one_no_is_no_match():
    assert matches(np.array([[1.0, 0.0], [0.7, 0.5], [1.0, 1.0]]), 0.6).tolist() == [False, True, True]


def test_the_study_threshold_is_the_first_pair_above_the_most_probable_refused_one():
    everything = pairs_with([0.3, 0.8, 0.9, 0.95, 0.99])
    sample = everything.filter(pl.col("match_probability") != 0.95)
    found = first_disagreement(sample, np.array([False, True, False, True]), everything)
    assert found is not None
    assert (found["probability"], found["study_threshold"], found["pairs"]) == (0.9, 0.95, 2)
    assert first_disagreement(sample, np.ones(4, dtype=bool), everything) is None


def test_findings_recommend_the_lowest_threshold_whose_bound_reaches_the_target(pairs, linkage):
    review = linkage.review.model_copy(update={"first_sample_pairs": pairs.height})
    every = linkage.model_copy(update={"review": review})
    sample = sample_first(pairs, every.review)
    scores = (sample["match_weight"].to_numpy() >= 4)[:, None].astype(float)
    findings = evaluate_review(sample, scores, pairs, every)
    taken = findings["recommended_threshold"]
    below = [row for row in findings["thresholds"] if 0.5 <= row["threshold"] < taken["threshold"]]
    assert below
    assert taken["precision_low"] >= every.review.target_precision
    assert all(row["precision_low"] < every.review.target_precision for row in below)
    assert findings["agreement"] is None
    assert findings["first_disagreement"]["bits"] < 4


def test_findings_say_when_no_threshold_reaches_the_target(pairs, linkage):
    sample = sample_first(pairs, linkage.review)
    scores = np.tile(np.arange(sample.height)[:, None] % 2, (1, 2)).astype(float)
    assert evaluate_review(sample, scores, pairs, linkage)["recommended_threshold"] is None


def test_findings_are_the_same_every_time_and_hold_no_identifier(pairs, linkage):
    sample = sample_first(pairs, linkage.review)
    scores = (sample["match_weight"].to_numpy() >= 4)[:, None].astype(float)
    text = json.dumps(evaluate_review(sample, scores, pairs, linkage))
    assert text == json.dumps(evaluate_review(sample, scores, pairs, linkage))
    assert not [value for name in ("crn", "client_id") for value in pairs[name] if value in text]


def test_a_missing_score_is_refused_with_its_count(pairs, linkage):
    sample = sample_first(pairs, linkage.review)
    scores = np.ones((sample.height, 2))
    scores[3, 1] = np.nan
    with pytest.raises(ReviewIncomplete, match="1 score"):
        evaluate_review(sample, scores, pairs, linkage)
