"""Ordinary logistic regressions of the sensitivity analyses: known answers, errors by hand, no estimate."""

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit

from modelling_assets.steps.sensitivity.ordinary_logistic import fit_ordinary


def design(*columns) -> np.ndarray:
    return np.column_stack([np.ones(len(columns[0])), *columns]).astype(float)


def simulated(size: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two exposures and an outcome."""
    random = np.random.default_rng(1)
    return random.random(size) < 0.5, random.random(size) < 0.2, random.random(size) < 0.3


def test_of_one_exposure_the_estimate_is_the_log_odds_ratio_and_its_error_that_of_woolf():
    exposed = np.repeat([1, 1, 0, 0], [30, 10, 20, 40])
    outcome = np.repeat([True, False, True, False], [30, 10, 20, 40])

    fit = fit_ordinary(design(exposed), outcome)

    assert fit.converged
    assert fit.estimate[1] == pytest.approx(np.log(30 * 40 / (10 * 20)), abs=1e-9)
    assert fit.std_error[1] == pytest.approx(np.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40), rel=1e-9)
    assert np.isnan(fit.clustered_std_error).all()


def test_the_clustered_error_of_a_mean_is_the_one_worked_out_by_hand():
    # Three clusters of two: outcomes 1,1 / 1,0 / 0,0. Scores are outcome - 1/2; sums by cluster are 1, 0, -1, so the
    # middle of the sandwich is 2; information is 6/4; correction 3/2 * 5/5.
    fit = fit_ordinary(np.ones((6, 1)), np.array([1, 1, 1, 0, 0, 0], bool), np.array([0, 0, 1, 1, 2, 2]))

    assert fit.clustered_std_error[0] == pytest.approx(np.sqrt(1.5 * 2) / 1.5, rel=1e-9)


def test_clusters_of_alike_records_make_errors_wider_by_the_root_of_their_size():
    exposed, _, outcome = simulated()
    people = np.arange(2000)

    alone = fit_ordinary(design(exposed), outcome, people)
    tripled = fit_ordinary(design(np.repeat(exposed, 3)), np.repeat(outcome, 3), np.repeat(people, 3))

    assert tripled.estimate == pytest.approx(alone.estimate, abs=1e-9)
    assert tripled.clustered_std_error / alone.clustered_std_error == pytest.approx(np.ones(2), rel=1e-3)
    assert tripled.std_error == pytest.approx(alone.std_error / np.sqrt(3), rel=1e-9)


def test_columns_that_data_cannot_tell_apart_have_no_number_and_leave_the_others_alone():
    first, second, outcome = simulated()

    alone, doubled = fit_ordinary(design(first, second), outcome), fit_ordinary(design(first, second, first), outcome)

    assert doubled.converged
    assert np.isnan(doubled.estimate).tolist() == np.isnan(doubled.std_error).tolist() == [False, True, False, True]
    assert doubled.estimate[2] == pytest.approx(alone.estimate[2], abs=1e-9)
    assert doubled.std_error[2] == pytest.approx(alone.std_error[2], rel=1e-9)


def test_a_column_that_separation_lets_run_away_has_no_number_and_its_records_say_nothing_of_the_others():
    first, second, outcome = simulated()
    outcome = outcome | second

    fit, without = fit_ordinary(design(first, second), outcome), fit_ordinary(design(first)[~second], outcome[~second])

    assert np.isnan(fit.estimate).tolist() == [False, False, True]
    assert fit.estimate[:2] == pytest.approx(without.estimate, abs=1e-9)
    assert fit.std_error[:2] == pytest.approx(without.std_error, rel=1e-9)


@pytest.mark.parametrize("outcome", [np.ones(6, bool), np.zeros(6, bool), np.arange(6) < 3, np.zeros(0, bool)])
def test_what_data_say_nothing_about_has_no_number_and_is_no_accident(outcome):
    fit = fit_ordinary(design(np.arange(len(outcome))), outcome, np.arange(len(outcome)))

    assert not fit.converged
    assert np.isnan([fit.estimate, fit.std_error, fit.clustered_std_error]).all()


def test_one_person_is_no_cluster_to_compare_with():
    first, _, outcome = simulated()

    fit = fit_ordinary(design(first), outcome, np.zeros(2000))

    assert fit.converged and np.isnan(fit.clustered_std_error).all()


def test_clustered_errors_are_those_of_a_fit_by_statsmodels_with_clusters():
    first, second, outcome = simulated()
    people = np.arange(2000) % 700

    fit = fit_ordinary(design(first, second), outcome, people)

    by_statsmodels = Logit(outcome.astype(float), design(first, second)).fit(
        disp=False, cov_type="cluster", cov_kwds={"groups": people}
    )
    assert fit.clustered_std_error == pytest.approx(by_statsmodels.bse, rel=1e-7)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of numbers that overflow on the way
@pytest.mark.parametrize("start", [[-0.8, 0.1, -0.1], [5.0, -30.0, 8.0], [0.0, 800.0, 0.0]])
def test_where_the_search_begins_makes_no_difference_to_where_it_ends(start):
    first, second, outcome = simulated()

    fit, plain = (fit_ordinary(design(first, second), outcome, start=begin) for begin in (np.array(start), None))

    assert fit.converged
    assert fit.estimate == pytest.approx(plain.estimate, abs=1e-8)
    assert fit.std_error == pytest.approx(plain.std_error, rel=1e-7)
