"""Pooling where it is at its limits. Against R's mice: test_modelling_golden.py."""

import numpy as np
import pytest

from modelling_assets.steps.models.pool_estimates import pool_by_rubin


def pooled(estimates, errors, complete_df=500.0):
    return pool_by_rubin(np.array(estimates)[:, None], np.array(errors)[:, None], np.array([complete_df]))


def test_two_imputations_are_enough():
    # mice 3.15: pool.scalar(c(.4, .6), c(.01, .04), n = 501, k = 1)
    found = pooled([0.4, 0.6], [0.1, 0.2])
    assert found.estimate[0] == pytest.approx(0.5)
    assert found.std_error[0] == pytest.approx((0.025 + 1.5 * 0.02) ** 0.5)
    assert found.riv[0] == pytest.approx(1.2)
    assert found.df[0] == pytest.approx(3.3119357332, rel=1e-9)
    assert found.fmi[0] == pytest.approx(0.6894818213, rel=1e-9)


def test_identical_imputations_add_no_variance():
    found = pooled([0.5] * 5, [0.1] * 5)
    assert (found.std_error[0], found.riv[0], found.fraction_between[0]) == (pytest.approx(0.1), 0.0, 0.0)
    # pool.scalar(rep(.5, 5), rep(.01, 5), n = 501, k = 1)
    assert found.df[0] == pytest.approx(497.9615073, rel=1e-9)
    assert found.fmi[0] == pytest.approx(0.003992322705, rel=1e-9)


def test_infinite_degrees_of_freedom_leave_those_of_the_imputations():
    found = pooled([0.4, 0.6], [0.1, 0.2], np.inf)
    assert found.df[0] == pytest.approx((2.2 / 1.2) ** 2)
    assert found.fmi[0] == pytest.approx(0.6883684002, rel=1e-9)
