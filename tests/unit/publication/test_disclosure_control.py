import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from modelling_assets.steps.declared_table import Cell, Sum
from modelling_assets.steps.disclosure_control import CannotProtect, hidden_counts, shown_and_status

COUNTS = {"all": 100, "a": 3, "b": 40, "c": 57}
ONE_SUM = [Sum("all", ("a", "b", "c"))]


def test_a_count_under_the_threshold_is_hidden_and_so_is_the_next_smallest_that_would_give_it_away():
    assert hidden_counts(COUNTS, ONE_SUM, set(COUNTS), 5) == {"a", "b"}


def test_a_count_that_no_total_gives_away_is_hidden_alone():
    assert hidden_counts(COUNTS, ONE_SUM, set(COUNTS) - {"all"}, 5) == {"a"}


def test_zero_and_counts_from_the_threshold_are_shown():
    assert hidden_counts({"all": 5, "a": 0, "b": 5}, [Sum("all", ("a", "b"))], {"all", "a", "b"}, 5) == set()


def test_a_small_complement_that_is_not_in_the_table_is_protected_too():
    counts = {"all": 50, "reconvicted": 48, "not reconvicted": 2}
    sums = [Sum("all", ("reconvicted", "not reconvicted"))]
    assert hidden_counts(counts, sums, {"all", "reconvicted"}, 5) == {"reconvicted"}


def test_two_hidden_counts_whose_sum_leaves_one_possibility_need_a_third():
    counts = {"all": 50, "a": 1, "b": 1, "c": 20, "d": 28}
    assert hidden_counts(counts, [Sum("all", ("a", "b", "c", "d"))], set(counts), 5) == {"a", "b", "c"}


def test_a_count_is_hidden_through_a_chain_of_sums_over_tables():
    counts = {"all": 90, "linked": 50, "rest": 40, "x": 2, "y": 48}
    sums = [Sum("all", ("linked", "rest")), Sum("linked", ("x", "y"))]
    assert hidden_counts(counts, sums, {"all", "rest", "x", "y"}, 5) == {"x", "rest"}
    assert hidden_counts(counts, sums, {"rest", "x", "y"}, 5) == {"x"}


def test_a_count_that_cannot_be_protected_is_an_error_that_names_it_without_its_value():
    counts = {"part": 3, "total": 3}
    with pytest.raises(CannotProtect, match="part"):
        hidden_counts(counts, [Sum("total", ("part",)), Sum("part", ("part",))], set(), 5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_small_count_of_a_two_way_table_can_be_worked_out(grid):
    """Checked with linear programming, which the code under test does not use."""
    counts, sums = _two_way(np.array(grid))
    hidden = sorted(hidden_counts(counts, sums, set(counts), 5))
    for name in hidden:
        if not 0 < counts[name] < 5:
            continue
        lowest, highest = (_bound(name, sign, hidden, counts, sums) for sign in (1, -1))
        assert highest - lowest > 0.5


def _two_way(grid):
    rows, columns = range(grid.shape[0]), range(grid.shape[1])
    counts = {f"{r}{c}": int(grid[r, c]) for r in rows for c in columns}
    counts |= {f"row{r}": int(grid[r].sum()) for r in rows} | {f"column{c}": int(grid[:, c].sum()) for c in columns}
    counts["all"] = int(grid.sum())
    sums = [Sum(f"row{r}", tuple(f"{r}{c}" for c in columns)) for r in rows]
    sums += [Sum(f"column{c}", tuple(f"{r}{c}" for r in rows)) for c in columns]
    sums += [Sum("all", tuple(f"row{r}" for r in rows)), Sum("all", tuple(f"column{c}" for c in columns))]
    return counts, sums


def _bound(name, sign, hidden, counts, sums):
    equations, right = np.zeros((len(sums), len(hidden))), np.zeros(len(sums))
    for row, total in enumerate(sums):
        for member, factor in ((total.total, 1), *((part, -1) for part in total.parts)):
            if member in hidden:
                equations[row, hidden.index(member)] += factor
            else:
                right[row] -= factor * counts[member]
    goal = [sign * (other == name) for other in hidden]
    return sign * linprog(goal, A_eq=equations, b_eq=right, bounds=(0, 1000)).fun


@pytest.mark.parametrize(
    ("hidden", "base", "shown"),
    [({"part"}, 100, "[c]"), (set(), 29, "[u]"), (set(), 100, "40")],
)
def test_a_percentage_is_withheld_with_its_numerator_or_on_a_small_base(hidden, base, shown):
    cell = Cell(("", "row"), "percent", "percent", 40.0, depends_on=("part", "whole"))
    assert shown_and_status(cell, {"part": 40, "whole": base}, hidden, 30)[0] == shown


def test_a_percentage_that_rounds_to_zero_is_low_and_a_true_zero_is_zero():
    low, zero = (Cell(("", "row"), "percent", "percent", value, depends_on=("p", "w")) for value in (0.2, 0.0))
    shown = [shown_and_status(cell, {"p": 9, "w": 5000}, set(), 30)[0] for cell in (low, zero)]
    assert shown == ["[low]", "0"]


def test_percentages_are_rounded_half_up():
    cell = Cell(("", "row"), "percent", "percent", 12.5, depends_on=("p", "w"))
    assert shown_and_status(cell, {"p": 9, "w": 500}, set(), 30)[0] == "13"
