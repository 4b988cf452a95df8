"""What a specification says of itself, and a comparison that another has settled."""

import polars as pl
import pytest

from record_linkage.comparisons.levels import anything_else, exact, missing, one_edit
from record_linkage.specification import Comparison, LinkageSpecification, TrainingPlan, weight_of
from record_linkage.splink_backend import SplinkBackend
from record_linkage.training.count_agreement import MISSING, count_between

AREA = Comparison(
    "area", missing("area"), (exact("same", "area", frequency=True), anything_else()), settled_by=(("postcode",),)
)
NAME = Comparison("name", missing("name"), (exact("same", "name"), one_edit("name", 4), anything_else()))
PLAN = TrainingPlan(seed=1, chance_pairs=1000, sure_rules=(("name", "dob"),), sure_recall=0.5, rules={"dob": ("dob",)})
SPECIFICATION = LinkageSpecification("a test", (AREA, NAME), {"swapped": (("dob_swapped", "dob"),)}, PLAN, -7.0)


def test_a_specification_names_every_column_that_it_needs():
    assert SPECIFICATION.columns == ["area", "dob", "dob_swapped", "name", "postcode"]
    assert SPECIFICATION.frequency_columns == ["area"]
    assert SPECIFICATION.without_frequencies().frequency_columns == []


def test_what_is_stated_is_not_trained_and_the_last_level_is_everything_else():
    levels = AREA.stating([0.9, 0.1]).for_splink()["comparison_levels"]
    assert [level.get("m_probability") for level in levels] == [None, 0.9, 0.1]
    assert all(level["fix_m_probability"] for level in levels[1:]) and levels[-1]["sql_condition"] == "ELSE"
    assert weight_of(0.5) == 0 and weight_of(0.8) == pytest.approx(2)


def test_pairs_that_another_comparison_has_settled_count_as_missing_also_when_only_some_records_are_compared():
    left = pl.DataFrame({"record_id": range(300)}).with_columns(
        postcode=(pl.col("record_id") % 60).cast(pl.String), area=(pl.col("record_id") % 60 // 6).cast(pl.String)
    )
    right = left.with_columns(postcode=((pl.col("record_id") * 7) % 60).cast(pl.String))
    right = right.with_columns(area=(pl.col("postcode").cast(pl.Int64) // 6).cast(pl.String))
    with SplinkBackend(memory_limit="500MB").open("counting") as database:
        every, drawn = (
            count_between(database, left, right, AREA.for_splink(), most, seed=1, settled_by=AREA.settled_by)
            for most in (10**9, 400)
        )
    assert every[MISSING] == 300 * 300 / 60
    assert drawn[1] == every[1] == 300 * 300 / 10 - every[MISSING]
    assert drawn[0] == pytest.approx(every[0], rel=0.05)
