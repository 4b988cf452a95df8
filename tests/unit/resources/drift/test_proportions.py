"""Intervals of shares and kappa: as in textbooks, of fractions of cases too, and what their formulas give."""

from math import inf, sqrt

import numpy as np
import pytest
from scipy.stats import beta, norm

from resources.drift.proportions import clopper_pearson, kappas, wilson

SHARES = [(part / base, base) for base in (1, 2, 37, 324.7, 46000) for part in {0, 1, base / 3, base / 2, base}]


def test_a_wilson_interval_is_that_of_the_textbook():
    assert wilson(0.5, 100, 0.95) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson(1.0, 10, 0.95) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_the_exact_interval_is_that_of_the_textbook():
    assert clopper_pearson(1.0, 30, 0.95) == (pytest.approx(0.8843, abs=1e-4), 1.0)
    assert clopper_pearson(0.1, 30, 0.95) == (pytest.approx(0.0211, abs=1e-4), pytest.approx(0.2653, abs=1e-4))


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_intervals_are_what_their_formulas_give(level):
    """Those that stood here before statsmodels: nothing but rounding lies between them."""
    for share, base in SHARES:
        spread = norm.ppf((1 + level) / 2) ** 2 / base
        middle = (share + spread / 2) / (1 + spread)
        half = sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
        assert wilson(share, base, level) == pytest.approx((middle - half, middle + half), abs=1e-14)
        hits, tail = share * base, (1 - level) / 2
        low = 0.0 if share == 0 else beta.ppf(tail, hits, base - hits + 1)
        high = 1.0 if share == 1 else beta.ppf(1 - tail, hits + 1, base - hits)
        assert clopper_pearson(share, base, level) == pytest.approx((low, high), abs=1e-14)


def test_no_limit_is_on_the_wrong_side_of_its_share():
    for interval in (wilson, clopper_pearson):
        assert all(low <= share <= high for share, base in SHARES for low, high in [interval(share, base, 0.95)])


def test_nothing_is_left_to_chance_of_what_was_seen_in_full():
    assert wilson(0.3, inf, 0.95) == clopper_pearson(0.3, inf, 0.95) == (0.3, 0.3)


def test_kappa_is_that_of_the_textbook_and_weighs_how_far_judges_are_apart():
    # Cohen's example; then three levels, where judges who are one level apart disagree half as much.
    assert kappas(np.array([[[20, 5], [10, 15]]])) == pytest.approx([0.4])
    one_apart = [[2, 1, 0], [0, 2, 1], [0, 0, 2]]
    two_apart = [[2, 0, 1], [0, 3, 0], [1, 0, 2]]
    assert kappas(np.array([one_apart, two_apart])) == pytest.approx([1 - 1 / 3.5, 1 - 2 / 4])


@pytest.mark.parametrize("levels", [2, 11])
def test_kappa_of_weighted_tables_is_what_its_formula_gives(levels):
    tables = np.random.default_rng(1).dirichlet(np.full(levels**2, 0.3), 200).reshape(-1, levels, levels)
    apart = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels)))
    expected = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :]
    formula = 1 - (tables * apart).sum(axis=(1, 2)) / (expected * apart).sum(axis=(1, 2))
    assert kappas(tables) == pytest.approx(formula, abs=1e-14)


def test_kappa_is_not_defined_where_chance_alone_gives_full_agreement():
    assert np.isnan(kappas(np.array([[[7, 0], [0, 0]]]))).all()
