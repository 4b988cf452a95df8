"""Raking brings averages to the wanted shares and leaves what is fixed or free alone."""

import numpy as np
import pytest

from synthetic_extracts.raking import ClassMargin, Margin, rake_classes, rake_yes_no


def test_each_group_gets_its_share():
    group = np.repeat([0, 1], 500)
    p = rake_yes_no(np.linspace(0.2, 0.6, 1000), [Margin(group, np.array([0.3, 0.7]))])
    assert p[:500].mean() == pytest.approx(0.3, abs=1e-6)
    assert p[500:].mean() == pytest.approx(0.7, abs=1e-6)


def test_the_order_of_probabilities_within_a_group_stays():
    p = rake_yes_no(np.linspace(0.2, 0.6, 100), [Margin(np.zeros(100, dtype=int), np.array([0.5]))])
    assert (np.diff(p) > 0).all()


def test_what_is_seen_only_half_of_the_time_is_drawn_twice_as_often():
    exposure = np.full(100, 0.5)
    p = rake_yes_no(np.full(100, 0.3), [Margin(np.zeros(100, dtype=int), np.array([0.2]))], exposure=exposure)
    assert p.mean() == pytest.approx(0.4)


def test_fixed_rows_stay_and_the_others_make_up_the_share():
    fixed = np.arange(100) < 20
    p = rake_yes_no(np.where(fixed, 1.0, 0.1), [Margin(np.zeros(100, dtype=int), np.array([0.5]))], fixed=fixed)
    assert (p[fixed] == 1.0).all()
    assert p.mean() == pytest.approx(0.5)


def test_a_group_without_a_target_is_left_as_it_is():
    group = np.repeat([0, 1], 50)
    p = rake_yes_no(np.full(100, 0.3), [Margin(group, np.array([np.nan, 0.6]))])
    assert p[:50].mean() == pytest.approx(0.3)


def test_classes_get_their_shares_and_impossible_ones_stay_impossible():
    start = np.tile([0.5, 0.3, 0.2], (300, 1))
    start[:100, 2] = 0.0
    target = np.array([[0.2, 0.5, 0.3]])
    p = rake_classes(start, [ClassMargin(np.zeros(300, dtype=int), np.arange(3), target)])
    assert p.mean(axis=0) == pytest.approx(target[0], abs=1e-3)
    assert (p[:100, 2] == 0).all()


def test_tied_rows_share_their_probabilities():
    tie = np.repeat(np.arange(50), 2)
    start = np.random.default_rng(1).random((100, 3)) + 0.1
    p = rake_classes(start, [ClassMargin(np.zeros(100, dtype=int), np.arange(3), np.array([[0.3, 0.3, 0.4]]))], tie=tie)
    assert np.allclose(p[0::2], p[1::2])
