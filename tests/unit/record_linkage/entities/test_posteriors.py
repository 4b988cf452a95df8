"""The posterior among competing candidates, in bits, and which records compete."""

import math

import polars as pl
import pytest

from record_linkage.entities.competing_records import Duplicates, competing
from record_linkage.entities.posteriors import posterior_weights

PRIOR = 0.001
NOTHING = pl.DataFrame(schema={"id": pl.String, "id_other": pl.String, "evidence": pl.Float64})
NO_DUPLICATES = Duplicates(0.0, 0.0, NOTHING)


def pairs(*rows):
    return pl.DataFrame(rows, schema={"left_id": pl.String, "right_id": pl.String, "weight": pl.Float64}, orient="row")


def share(bits):
    return 2**bits / (1 + 2**bits)


def test_a_pair_competes_with_the_other_candidates_of_its_left_record():
    scored = posterior_weights(
        pairs(("a", "x", 3.0), ("a", "y", 1.0), ("a", "z", -4.0), ("b", "x", 2.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES
    )
    odds = [8.0, 2.0, 1 / 16]
    for bits, odd in zip(scored["one_sided"][:3], odds, strict=True):
        assert share(bits) == pytest.approx(odd / (1 + sum(odds)))
    assert scored["one_sided"][3] == 2.0 - math.log2(1)


def test_two_sided_the_other_candidates_of_the_right_record_compete_too():
    scored = posterior_weights(
        pairs(("a", "x", 3.0), ("b", "x", 2.0), ("b", "y", 1.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES
    )
    assert share(scored["two_sided"][0]) == pytest.approx(8 / (1 + 8 + 4))
    assert share(scored["two_sided"][1]) == pytest.approx(4 / (1 + 8 + 4 + 2))


def test_two_equally_overwhelming_candidates_are_each_one_half():
    scored = posterior_weights(pairs(("a", "x", 80.0), ("a", "y", 80.0)), PRIOR, NO_DUPLICATES, NO_DUPLICATES)
    assert [round(share(bits), 6) for bits in scored["one_sided"]] == [0.5, 0.5]


def test_two_records_of_one_entity_do_not_take_each_other_s_share():
    evidence = pl.DataFrame({"id": ["x", "y"], "id_other": ["y", "x"], "evidence": [20.0, 20.0]})
    given = pairs(("a", "x", 10.0), ("a", "y", 10.0))
    alone = posterior_weights(given, PRIOR, NO_DUPLICATES, NO_DUPLICATES)["one_sided"][0]
    same = posterior_weights(given, PRIOR, NO_DUPLICATES, Duplicates(100.0, 0.001, evidence))["one_sided"][0]
    assert share(alone) < 0.51
    assert share(same) > 0.99


def test_only_strong_candidates_of_one_record_are_compared_with_each_other():
    given = pairs(("a", "x", 5.0), ("a", "y", 4.0), ("a", "z", -5.0), ("b", "z", 3.0))
    assert competing(given, "right_id", "left_id").rows() == [("x", "y"), ("y", "x")]
