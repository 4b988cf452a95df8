"""Precision and recall along a score."""

import polars as pl

from pathways.bench.linkage.measure import measure_score


def test_recall_counts_true_pairs_that_were_never_looked_at():
    found = measure_score(pl.Series([9.0, 8.0]), pl.Series([True, True]), 4, 0.985)
    assert (found["recall_at_precision_0.99"], found["recall"], found["precision"]) == (0.5, 0.5, 1.0)


def test_pairs_of_equal_score_stand_or_fall_together():
    found = measure_score(pl.Series([9.0, 5.0, 5.0]), pl.Series([True, True, False]), 2, 0.985)
    assert found["recall_at_precision_0.99"] == 0.5
    assert found["best_f1"] == 0.8


def test_precision_may_be_reached_again_below_an_early_mistake():
    weights = pl.Series([float(-place) for place in range(200)])
    right = pl.Series([place != 1 for place in range(200)])
    assert measure_score(weights, right, 199, 0.985)["recall_at_precision_0.99"] == 1.0


def test_without_a_link_there_is_no_precision():
    found = measure_score(pl.Series([-1.0]), pl.Series([True]), 1, 0.985)
    assert (found["links"], found["precision"], found["recall"]) == (0, None, 0.0)
