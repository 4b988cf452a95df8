import pytest

from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.disclosure.disclosure_control import CannotProtect, hidden_counts, shown_and_status
from publishing.disclosure.show_cells import SumsCannotHold, protect
from publishing.tables.counted_table import Cell, Sum
from publishing.tables.declared import Measure, Row

ROW, SHARE = Row("row", "row"), Measure("share", "percent", "percent")
COUNT, MEAN = Measure("count", "count", "count"), Measure("mean", "days", "mean")

COUNTS = {"all": 100, "a": 3, "b": 40, "c": 57}
ONE_SUM = [Sum("all", ("a", "b", "c"))]


def test_a_count_under_the_threshold_is_hidden_and_so_is_the_next_smallest_that_would_give_it_away():
    assert hidden_counts(COUNTS, ONE_SUM, set(COUNTS), 5) == {"a": "primary", "b": "secondary"}


def test_a_count_that_no_total_gives_away_is_hidden_alone():
    assert hidden_counts(COUNTS, ONE_SUM, set(COUNTS) - {"all"}, 5) == {"a": "primary"}


def test_zero_and_counts_from_the_threshold_are_shown():
    assert hidden_counts({"all": 5, "a": 0, "b": 5}, [Sum("all", ("a", "b"))], {"all", "a", "b"}, 5) == {}


def test_a_small_complement_that_is_not_in_the_table_is_protected_too():
    counts = {"all": 50, "reconvicted": 48, "not reconvicted": 2}
    sums = [Sum("all", ("reconvicted", "not reconvicted"))]
    assert hidden_counts(counts, sums, {"all", "reconvicted"}, 5) == {"reconvicted": "secondary"}


def test_two_hidden_counts_whose_sum_leaves_one_possibility_need_a_third():
    counts = {"all": 50, "a": 1, "b": 1, "c": 20, "d": 28}
    assert set(hidden_counts(counts, [Sum("all", ("a", "b", "c", "d"))], set(counts), 5)) == {"a", "b", "c"}


def test_a_shield_so_small_that_the_sum_still_narrows_the_count_down_is_not_enough():
    counts = {"all": 60, "a": 4, "b": 5, "c": 20, "d": 31}
    hidden = hidden_counts(counts, [Sum("all", ("a", "b", "c", "d"))], set(counts), 5)
    assert set(hidden) == {"a", "c"}


def test_the_count_that_takes_the_fewest_cells_along_is_hidden_first():
    loss = {"b": 30, "c": 1}
    assert set(hidden_counts(COUNTS, ONE_SUM, set(COUNTS), 5, loss=loss)) == {"a", "c"}


def test_a_count_is_hidden_through_a_chain_of_sums_over_tables():
    counts = {"all": 90, "linked": 50, "rest": 40, "x": 2, "y": 48}
    sums = [Sum("all", ("linked", "rest")), Sum("linked", ("x", "y"))]
    assert set(hidden_counts(counts, sums, {"all", "rest", "x", "y"}, 5)) == {"x", "rest"}
    assert set(hidden_counts(counts, sums, {"rest", "x", "y"}, 5)) == {"x"}


def test_a_count_that_readers_know_anyway_protects_nothing_and_is_not_protected():
    assert set(hidden_counts(COUNTS, ONE_SUM, set(COUNTS), 5, known={"b"})) == {"a", "c"}
    assert hidden_counts(COUNTS, ONE_SUM, set(COUNTS), 5, known={"a"}) == {}


def test_a_difference_that_is_no_group_of_people_is_not_protected():
    counts = {"model": 42, "table": 40, "imputed": 2}
    sums = [Sum("model", ("table", "imputed"))]
    assert hidden_counts(counts, sums, {"model", "table"}, 5, differences={"imputed"}) == {}


def test_a_count_that_cannot_be_protected_is_an_error_that_names_it_without_its_value():
    counts = {"part": 3, "total": 43, "other": 40}
    with pytest.raises(CannotProtect, match=r"^part follows"):
        hidden_counts(counts, [Sum("total", ("part", "other"))], {"part"}, 5, known={"total", "other"})


@pytest.mark.parametrize(
    ("hidden", "base", "shown"),
    [({"part"}, 100, "[c]"), ({"whole"}, 100, "[c]"), (set(), 29, "[u]"), (set(), 100, "40")],
)
def test_a_percentage_is_withheld_with_its_numerator_or_its_base_or_on_a_small_base(hidden, base, shown):
    cell = Cell(ROW, SHARE, "percent", 40.0, depends_on=("part", "whole"))
    assert shown_and_status(cell, {"part": 40, "whole": base}, hidden, 30)[0] == shown


def test_a_percentage_that_rounds_to_zero_is_low_and_a_true_zero_is_zero():
    low, zero = (Cell(ROW, SHARE, "percent", value, depends_on=("p", "w")) for value in (0.2, 0.0))
    shown = [shown_and_status(cell, {"p": 9, "w": 5000}, set(), 30)[0] for cell in (low, zero)]
    assert shown == ["[low]", "0"]


def test_percentages_are_rounded_half_up():
    cell = Cell(ROW, SHARE, "percent", 12.5, depends_on=("p", "w"))
    assert shown_and_status(cell, {"p": 9, "w": 500}, set(), 30)[0] == "13"


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("odds_ratio_upper", 0.9962, "0.996"),
        ("alternative_lower/complete_cases", 1.0049, "1.005"),
        ("odds_ratio", 0.9962, "1.00"),
        ("odds_ratio_upper", 1.0151, "1.02"),
        ("odds_ratio_upper", 1.0, "1.00"),
    ],
)
def test_a_limit_of_an_odds_ratio_shows_on_which_side_of_1_it_is(key, value, shown):
    cell = Cell(ROW, Measure(key, "odds ratio", key), "odds ratio", value)
    assert shown_and_status(cell, {}, set(), 30)[0] == shown


def test_with_a_rounding_base_counts_are_its_multiples_and_shares_are_of_rounded_counts():
    counts = {"part": 12, "whole": 38}
    share = Cell(ROW, SHARE, "percent", 100 * 12 / 38, depends_on=("part", "whole"), is_share=True)
    count = Cell(ROW, COUNT, "count", 12.0, quantity="part")
    shown = [
        shown_and_status(cell, counts, set(), 30, rounding_base)[0]
        for rounding_base in (0, 5)
        for cell in (count, share)
    ]
    assert shown == ["12", "32", "10", "25"]


def test_a_rounding_base_rounds_estimates_that_are_counts_and_leaves_limits_and_means():
    estimate = Cell(ROW, COUNT, "count", 1233.0, depends_on=("whole",))
    mean = Cell(ROW, MEAN, "days", 33.0, depends_on=("whole",))
    assert [shown_and_status(cell, {"whole": 500}, set(), 30, 5)[0] for cell in (estimate, mean)] == ["1,235", "33"]


def test_a_count_that_readers_know_to_be_large_does_not_protect_a_small_one():
    counts = {"all": 47, "few": 3, "rare": 22, "other": 22}
    sums, shown = [Sum("all", ("few", "rare", "other"))], set(counts)
    dear = {"all": 100, "rare": 1, "other": 50, "few": 1}
    assert set(hidden_counts(counts, sums, shown, 5, loss=dear)) == {"few", "rare"}
    # Levels below 20 leave the model: the one that is hidden cannot be smaller, so 3 would be 5 at most.
    assert set(hidden_counts(counts, sums, shown, 5, loss=dear, floors={"rare": 20})) == {"few", "other"}


def test_sums_that_give_a_small_count_away_with_no_table_published_are_told_of_by_its_name():
    """A total that is said to be all of its parts, and one of them too: whatever is withheld, the other is nothing."""
    tables = [
        PublishedTable(key, {"all": 40, "most": 37, "few": 3}) for key in ("identification", "treatment_outcomes")
    ]
    for table in tables:
        table.count(ROW, COUNT, "all")
    tables[0].add_up("all", "most", "few")
    tables[1].add_up("all", "most")
    with pytest.raises(SumsCannotHold, match=r"^few follows from what adds up alone.*cannot all be true"):
        protect(tables, 5)
