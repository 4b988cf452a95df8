"""Clusters at several thresholds: nested, and never across numbers that contradict each other."""

import polars as pl

from record_linkage.entities.nested_clusters import CERTAIN, Apart, nested_clusters

SCHEMA = {"l": pl.UInt32, "r": pl.UInt32, "match_weight": pl.Float64}


def clusters(count, edges, thresholds=(20.0, 10.0, 5.0), apart=None, own=50.0):
    frame = pl.DataFrame(edges, schema=SCHEMA, orient="row")
    return nested_clusters(pl.Series([own] * count, dtype=pl.Float64), frame, thresholds, apart)


def test_whoever_is_one_person_at_a_higher_threshold_is_at_a_lower():
    found = clusters(5, [(0, 1, 25.0), (1, 2, 12.0), (3, 4, 6.0)])
    assert [label.tolist() for label in found.labels] == [[0, 0, 2, 3, 4], [0, 0, 0, 3, 4], [0, 0, 0, 3, 3]]


def test_two_police_numbers_stay_two_people_and_whoever_has_none_goes_to_the_stronger():
    apart = Apart({"pnc": pl.Series(["a", None, "b", None])})
    found = clusters(4, [(0, 1, 12.0), (1, 2, 15.0), (2, 3, 11.0)], apart=apart)
    assert found.labels[1].tolist() == [0, 1, 1, 1]
    assert found.refused.rows() == [(0, 1, 12.0)]


def test_a_number_in_common_outweighs_another_that_contradicts():
    apart = Apart({"pnc": pl.Series(["a", "b"]), "cro": pl.Series(["1", "1"])})
    assert clusters(2, [(0, 1, 25.0)], apart=apart).labels[0].tolist() == [0, 0]


def test_people_can_say_that_two_are_not_one_and_it_holds_across_others():
    apart = Apart(pairs=[(0, 2)])
    found = clusters(3, [(0, 1, 25.0), (1, 2, 24.0), (0, 2, 30.0)], apart=apart)
    assert [label.tolist() for label in found.labels] == [[0, 0, 2]] * 3


def test_what_is_one_person_by_definition_is_so_with_two_numbers():
    apart = Apart({"pnc": pl.Series(["a", "b"])})
    assert clusters(2, [(0, 1, CERTAIN)], apart=apart).labels[0].tolist() == [0, 0]


def test_equal_records_that_say_too_little_are_together_only_through_another():
    found = clusters(3, [(0, 1, 12.0)], own=7.0)
    assert [alone.tolist() for alone in found.falls_apart] == [[True] * 3, [False, False, True], [False] * 3]


def test_equal_records_whose_only_pair_is_refused_fall_apart():
    apart = Apart({"pnc": pl.Series(["a", "b"])})
    assert clusters(2, [(0, 1, 12.0)], apart=apart, own=7.0).falls_apart[1].tolist() == [True, True]
