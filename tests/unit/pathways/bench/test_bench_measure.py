"""Precision and recall along a score, and the score normalised over competing pairs."""

import math

import polars as pl
import pytest

from pathways.bench.linkage.duplicates import Duplicates, competing
from pathways.bench.linkage.measure import measure_score, normalise

PRIOR = 0.001
NOTHING = pl.DataFrame(schema={"id": pl.String, "id_other": pl.String, "evidence": pl.Float64})
NO_DUPLICATES = Duplicates(0.0, 0.0, NOTHING)


def pairs(*rows):
    return pl.DataFrame(rows, schema={"left_id": pl.String, "right_id": pl.String, "weight": pl.Float64}, orient="row")


def share(bits):
    return 2**bits / (1 + 2**bits)


def test_a_pair_competes_with_the_other_candidates_of_its_left_record():
    scored = normalise(
        pairs(("a", "x", 3.0), ("a", "y", 1.0), ("a", "z", -4.0), ("b", "x", 2.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES
    )
    odds = [8.0, 2.0, 1 / 16]
    for bits, odd in zip(scored["one_sided"][:3], odds, strict=True):
        assert share(bits) == pytest.approx(odd / (1 + sum(odds)))
    assert scored["one_sided"][3] == 2.0 - math.log2(1)


def test_two_sided_the_other_candidates_of_the_right_record_compete_too():
    scored = normalise(pairs(("a", "x", 3.0), ("b", "x", 2.0), ("b", "y", 1.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES)
    assert share(scored["two_sided"][0]) == pytest.approx(8 / (1 + 8 + 4))
    assert share(scored["two_sided"][1]) == pytest.approx(4 / (1 + 8 + 4 + 2))


def test_two_equally_overwhelming_candidates_are_each_one_half():
    scored = normalise(pairs(("a", "x", 80.0), ("a", "y", 80.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES)
    assert [round(share(bits), 6) for bits in scored["one_sided"]] == [0.5, 0.5]


def test_two_records_of_one_entity_do_not_take_each_other_s_share():
    evidence = pl.DataFrame({"id": ["x", "y"], "id_other": ["y", "x"], "evidence": [20.0, 20.0]})
    given = pairs(("a", "x", 10.0), ("a", "y", 10.0))
    alone = normalise(given, PRIOR, NO_DUPLICATES, NO_DUPLICATES)["one_sided"][0]
    same = normalise(given, PRIOR, NO_DUPLICATES, Duplicates(100.0, 0.001, evidence))["one_sided"][0]
    assert share(alone) < 0.51
    assert share(same) > 0.99


def test_only_strong_candidates_of_one_record_are_compared_with_each_other():
    given = pairs(("a", "x", 5.0), ("a", "y", 4.0), ("a", "z", -5.0), ("b", "z", 3.0))
    assert competing(given, "right_id", "left_id").rows() == [("x", "y"), ("y", "x")]


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
