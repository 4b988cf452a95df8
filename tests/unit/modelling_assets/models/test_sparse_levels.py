"""Levels with too few records: who loses the estimate, and whose records leave."""

import numpy as np

from modelling_assets.steps.models.sparse_levels import find_sparse_levels

TOO_FEW = "fewer than 2 records with the outcome or without it"


def found(groups: list[str], outcome: str, minimum: int = 2):
    at = np.array(groups)
    member = {("group", level): at == level for level in ("a", "b", "c")}
    return find_sparse_levels(member, [("group", "a")], np.array([letter == "1" for letter in outcome]), minimum)


def test_a_level_with_few_records_of_an_outcome_has_no_estimate_but_its_records_stay():
    sparse = found([*"aaaabbbbccc"], "01010101011")
    assert sparse.reasons == {("group", "c"): TOO_FEW}
    assert sparse.columns == [("group", "b"), ("group", "c")] and sparse.kept.all()


def test_a_level_with_one_outcome_only_leaves_with_its_records():
    sparse = found([*"aaaabbbbccc"], "01010101111")
    assert sparse.columns == [("group", "b")] and sparse.reasons == {("group", "c"): TOO_FEW}
    assert sparse.kept.tolist() == [True] * 8 + [False] * 3


def test_a_sparse_reference_takes_the_estimates_of_its_factor_along():
    sparse = found([*"aaabbbbcccc"], "01101010101")
    assert sparse.reasons == dict.fromkeys([("group", "b"), ("group", "c")], f"reference level: {TOO_FEW}")
    assert len(sparse.columns) == 2


def test_a_reference_with_one_outcome_only_leaves_nothing_to_compare_with():
    assert found([*"aaabbbbcccc"], "11101010101").columns == []
