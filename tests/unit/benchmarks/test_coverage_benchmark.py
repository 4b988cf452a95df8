"""The machinery of benchmarks/interval_coverage.py, on two replications of a few hundred records."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture
def coverage(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("interval_coverage")


@pytest.fixture
def study(coverage):
    return import_module("simulated_study")


def test_two_replications_give_a_line_for_each_way_of_imputing(coverage):
    methods = ("complete_data", "regressions")
    found = [coverage.replicate(("stress", number, 600, 2, 1, methods))[2] for number in (0, 1)]
    lines = {method: coverage.summary([result[method] for result in found], "stress") for method in methods}
    assert all(0 <= line["coverage"] <= 1 for line in lines.values())
    width = "mean_width_incomplete_factors"
    assert lines["regressions"][width] > lines["complete_data"][width]


def test_a_replication_is_the_same_when_it_is_run_again(coverage):
    task = ("stress", 3, 400, 2, 1, ("regressions",))
    first, again = (coverage.replicate(task)[2]["regressions"] for _ in range(2))
    assert all(np.array_equal(one, other, equal_nan=True) for one, other in zip(first[:3], again[:3], strict=True))


def test_intervals_around_the_truth_all_cover_and_intervals_beside_it_never_do(coverage):
    truth = coverage.known_model().truth
    right = [truth, truth - 1, truth + 1]
    assert coverage.summary([right, right], "study")["coverage"] == 1
    beside = [truth, truth + 0.5, truth + 1]
    assert coverage.summary([beside, beside], "study")["coverage"] == 0


def test_an_interval_that_could_not_be_computed_does_not_cover_and_is_counted(coverage):
    truth = coverage.known_model().truth
    nothing = np.full(len(truth), np.nan)
    line = coverage.summary([[truth, nothing, nothing], [truth, truth - 1, truth + 1]], "study")
    assert (line["coverage"], line["not_computed"]) == (0.5, len(truth) - 1)


def test_as_many_values_are_lost_as_the_scenario_says_and_only_of_its_factors(study):
    random = np.random.default_rng(1)
    complete = study.simulate(4000, random, study.known_model())
    lost = study.lose_values(complete, study.MISSING["stress"], random)
    for name in study.FACTORS:
        share = lost[name].null_count() / lost.height
        assert share == pytest.approx(study.MISSING["stress"].get(name, 0), abs=0.025)


def test_the_fit_finds_the_log_odds_that_records_were_simulated_with(coverage, study):
    complete = study.simulate(40_000, np.random.default_rng(2), study.known_model())
    estimate, error = coverage.fit(complete)
    far = np.abs(estimate - study.known_model().truth)[1:] / error[1:]
    assert far.max() < 4
