"""The changes that a reader must think possible: what is refused at once is what the linear programme would refuse."""

import numpy as np
import pytest

from publishing.disclosure import possible_counts
from publishing.disclosure.possible_counts import PossibleCounts
from publishing.tables.counted_table import Sum


def drawn(seed: int) -> tuple[PossibleCounts, dict[str, float]]:
    """Rows and columns of a table with their totals, a total of all, and prices for about half of the counts."""
    random = np.random.default_rng(seed)
    inner = random.integers(0, 12, (4, 3))
    counts = {f"cell {row} {column}": int(inner[row, column]) for row in range(4) for column in range(3)}
    counts |= {f"row {row}": int(inner[row].sum()) for row in range(4)}
    counts |= {f"column {column}": int(inner[:, column].sum()) for column in range(3)} | {"all": int(inner.sum())}
    sums = [Sum(f"row {row}", tuple(f"cell {row} {column}" for column in range(3))) for row in range(4)]
    sums += [Sum(f"column {column}", tuple(f"cell {row} {column}" for row in range(4))) for column in range(3)]
    sums += [Sum("all", tuple(f"row {row}" for row in range(4)))]
    prices = {name: float(random.random() + 0.1) for name in counts if random.random() < 0.55}
    return PossibleCounts(counts, sums, dict.fromkeys(counts, 0)), prices


@pytest.mark.parametrize("by", [5, -3])
def test_what_is_refused_without_a_linear_programme_is_what_one_refuses(monkeypatch, by):
    cases = [(*drawn(seed), f"cell {seed % 4} {seed % 3}") for seed in range(60)]
    ours = [possible.cheapest_change(name, by, {name: 1.0, **prices}) for possible, prices, name in cases]
    monkeypatch.setattr(possible_counts, "_may_move", lambda rows, columns, size: np.ones(size, bool))
    assert ours == [possible.cheapest_change(name, by, {name: 1.0, **prices}) for possible, prices, name in cases]
    assert 10 < sum(change is None for change in ours) < 50


def test_a_change_keeps_every_sum_and_moves_nothing_without_a_price():
    for seed in range(30):
        possible, prices = drawn(seed)
        prices = {"cell 0 0": 1.0, **prices}
        change = possible.cheapest_change("cell 0 0", 5, prices)
        if change is None:
            continue
        assert change["cell 0 0"] == 5 and change.keys() <= prices.keys()
        for row in range(4):
            assert change.get(f"row {row}", 0) == sum(change.get(f"cell {row} {column}", 0) for column in range(3))
        assert change.get("all", 0) == sum(change.get(f"row {row}", 0) for row in range(4))


def test_a_count_that_no_other_can_make_up_for_cannot_move():
    possible = PossibleCounts({"all": 9, "a": 4, "b": 5}, [Sum("all", ("a", "b"))], {"all": 0, "a": 1, "b": 1})
    assert possible.cheapest_change("a", 5, {"a": 1.0}) is None
    assert possible.cheapest_change("a", 5, {"a": 1.0, "b": 1.0}) is None
    assert possible.cheapest_change("a", 4, {"a": 1.0, "b": 1.0}) == {"a": 4, "b": -4}
