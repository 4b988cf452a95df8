"""What training counts instead of comparing pairs, held against Splink, which compares every pair."""

import copy

import polars as pl
import pytest
from splink import Linker, SettingsCreator

from linkage_assets.steps.model.linkage_specification import SURE_RULE, comparisons, linkage_specification
from linkage_assets.steps.model.train_linkage_model import linkable
from record_linkage.specification import same
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from record_linkage.training.count_agreement import (
    MISSING,
    compared_columns,
    count_between,
    count_within,
    is_stated,
    level_of,
    pairs_between,
    pairs_within,
    state_chance,
)

BACKEND = SplinkBackend(memory_limit="500MB")
EVERY_PAIR = 10**9


@pytest.fixture(scope="module")
def sides(records):
    return [linkable(side) for side in records]


@pytest.fixture(scope="module")
def plain(linkage):
    """The study's levels without term frequencies."""
    return linkage.model_copy(update={"term_frequencies": []})


def splinks_u(description, *frames) -> dict[tuple[str, str], float]:
    """u of every level that Splink finds by comparing every pair of records."""
    with BACKEND.open("comparing every pair") as database:
        linker = Linker(
            [register_frame(database, frame, f"side_{place}") for place, frame in enumerate(frames)],
            SettingsCreator.from_path_or_dict(description),
            log_level=None,
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=EVERY_PAIR, seed=1, min_count_per_level=None)
        rows = linker.visualisations.parameter_estimate_comparisons_chart(include_m=False, include_u=True).chart_data
    return {
        (row["comparison_name"], row["comparison_level_label"]): row["estimated_probability"]
        for row in rows
        if isinstance(row["estimated_probability"], float)
    }


def ours_of(compared, count) -> dict[tuple[str, str], float]:
    found = {}
    for comparison in copy.deepcopy(compared):
        seen = state_chance(comparison, count(comparison))
        u = {level["label_for_charts"]: level.get("u_probability") for level in comparison["comparison_levels"]}
        found |= {(comparison["output_column_name"], label): u[label] for label in seen}
    return found


def without_fixed(compared):
    for comparison in compared:
        for level in comparison["comparison_levels"]:
            level.pop("fix_u_probability", None)
    return compared


def test_u_is_what_splink_finds_by_comparing_every_pair_of_two_systems(plain, sides):
    description = linkage_specification(plain).for_splink()
    without_fixed(description["comparisons"])
    left, right = sides
    with BACKEND.open("counting") as database:
        found = ours_of(
            description["comparisons"], lambda each: count_between(database, left, right, each, most=EVERY_PAIR, seed=1)
        )
    assert found == pytest.approx(splinks_u(description, *sides), rel=1e-9) and len(found) > 15


def test_u_is_what_splink_finds_by_comparing_every_pair_of_one_system(plain, sides):
    description = linkage_specification(plain).for_splink() | {"link_type": "dedupe_only"}
    without_fixed(description["comparisons"])
    with BACKEND.open("counting") as database:
        found = ours_of(
            description["comparisons"], lambda each: count_within(database, sides[1], each, most=EVERY_PAIR, seed=1)
        )
    assert found == pytest.approx(splinks_u(description, sides[1]), rel=1e-9) and len(found) > 15


@pytest.mark.parametrize("within", [False, True])
def test_of_drawn_records_exact_agreement_is_exact_all_the_same_and_the_rest_is_near(plain, sides, within):
    dates = next(each for each in comparisons(plain) if each.name == "birth_date").for_splink()

    def count(most, first=sides[0], second=sides[1]):
        if within:
            return count_within(database, second, dates, most, seed=3)
        return count_between(database, first, second, dates, most, seed=3)

    with BACKEND.open("counting") as database:
        every, drawn, again = count(EVERY_PAIR), count(100), count(100, sides[0].reverse(), sides[1].reverse())
    assert drawn == again
    highest = max(every)
    assert drawn[highest] == every[highest] and drawn != every
    assert sum(drawn.values()) == pytest.approx(sum(every.values()))
    assert drawn[0] == pytest.approx(every[0], rel=0.25)


def test_levels_are_numbered_as_splink_numbers_them():
    comparison = {
        "comparison_levels": [
            {"sql_condition": "a_l IS NULL OR a_r IS NULL"},
            {"sql_condition": "a_l = a_r"},
            {"sql_condition": "b_l = b_r"},
            {"sql_condition": "ELSE"},
        ]
    }
    assert compared_columns(comparison) == ["a", "b"]
    pairs = pl.DataFrame(
        {"a_l": ["x", "x", "x", None], "a_r": ["x", "y", "y", "x"], "b_l": "z", "b_r": ["", "z", "", "z"]}
    )
    with BACKEND.open("levels") as database:
        table = register_frame(database, pairs.with_row_index("place"), "pairs").physical_name
        levels = query_frame(database, f"SELECT {level_of(comparison)} AS level FROM {table} ORDER BY place")
    assert levels["level"].to_list() == [2, 1, 0, MISSING]


def test_a_level_that_no_pair_shows_has_no_u_unless_one_is_given():
    def comparison():
        return {
            "comparison_levels": [
                {},
                {"label_for_charts": "same"},
                {"label_for_charts": "near"},
                {"label_for_charts": "far", "fix_u_probability": True, "u_probability": 0.5},
                {"label_for_charts": "else"},
            ]
        }

    left_open, given = comparison(), comparison()
    counts = {MISSING: 7.0, 3: 1.0, 1: 1.0, 0: 3.0}
    assert state_chance(left_open, counts) == state_chance(given, counts, unseen=1e-6) == ["else", "same"]
    assert [level.get("u_probability") for level in left_open["comparison_levels"]] == [None, 0.2, None, 0.5, 0.6]
    assert given["comparison_levels"][2]["u_probability"] == 1e-6


@pytest.mark.parametrize("rule", [SURE_RULE, ("dob", "sex"), (("dob_swapped", "dob"), "sex")])
def test_pairs_of_a_rule_are_counted_without_making_them(sides, rule):
    with BACKEND.open("joining") as database:
        left, right = (register_frame(database, side, "side").physical_name for side in sides)
        joined = query_frame(database, f"SELECT count(*) AS pairs FROM {left} l JOIN {right} r ON {same(rule)}")
    assert pairs_between(sides[0], sides[1], rule) == joined["pairs"].item() > 0


def test_pairs_within_a_system_are_counted_without_making_them(sides):
    columns = ["initials", "sex"]
    both = sides[0].select("record_id", *columns).join(sides[0].select("record_id", *columns), on=columns)
    assert pairs_within(sides[0], columns) == both.filter(pl.col("record_id") < pl.col("record_id_right")).height > 0
    assert pairs_between(sides[0], sides[1].clear(), ("dob",)) == pairs_within(sides[0].clear(), columns) == 0


def test_a_comparison_of_which_every_chance_is_stated_leaves_nothing_to_count():
    number = {"comparison_levels": [{}, {"fix_u_probability": True}, {"fix_u_probability": True}]}
    assert is_stated(number)
    number["comparison_levels"][2] = {}
    assert not is_stated(number)
