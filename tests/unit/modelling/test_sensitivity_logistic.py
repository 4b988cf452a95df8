"""The logistic regression of the sensitivity analyses: known answers, recovered truth, errors by hand."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit, logit

from modelling_assets.steps.sensitivity.sensitivity_logistic import fit_logistic


def design(*columns) -> sparse.csr_array:
    return sparse.csr_array(np.column_stack([np.ones(len(columns[0])), *columns]).astype(float))


def simulated(size: int = 60_000, seed: int = 5):
    """Two exposures, one of them rare, and a true outcome with log odds -0.5, 0.8 and -0.6."""
    random = np.random.default_rng(seed)
    first, second = random.random(size) < 0.4, random.random(size) < 0.15
    outcome = random.random(size) < expit(-0.5 + 0.8 * first - 0.6 * second)
    return random, design(first, second), first, outcome


def test_of_one_exposure_the_estimate_is_the_log_odds_ratio_and_its_error_that_of_woolf():
    exposed = np.repeat([1, 1, 0, 0], [30, 10, 20, 40])
    outcome = np.repeat([True, False, True, False], [30, 10, 20, 40])

    fit = fit_logistic(design(exposed), outcome)

    assert fit.converged
    assert fit.estimate[1] == pytest.approx(np.log(30 * 40 / (10 * 20)), abs=1e-7)
    assert fit.std_error[1] == pytest.approx(np.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40), rel=1e-6)


def test_the_clustered_error_of_a_mean_is_the_one_worked_out_by_hand():
    # Three clusters of two: outcomes 1,1 / 1,0 / 0,0. Scores are outcome - 1/2; sums by cluster are 1, 0, -1, so the
    # middle of the sandwich is 2; information is 6/4; correction 3/2 * 5/5.
    outcome = np.array([1, 1, 1, 0, 0, 0], bool)
    fit = fit_logistic(sparse.csr_array(np.ones((6, 1))), outcome)

    errors = fit.clustered_std_error(np.array([0, 0, 1, 1, 2, 2]))

    assert errors[0] == pytest.approx(np.sqrt(1.5 * 2) / 1.5, rel=1e-6)


def test_clusters_of_alike_records_make_errors_wider_by_the_root_of_their_size():
    random = np.random.default_rng(1)
    exposed, outcome = random.random(2000) < 0.5, random.random(2000) < 0.3
    alone = fit_logistic(design(exposed), outcome)
    tripled = fit_logistic(design(np.repeat(exposed, 3)), np.repeat(outcome, 3))
    clusters = np.repeat(np.arange(2000), 3)

    ratio = tripled.clustered_std_error(clusters) / alone.clustered_std_error(np.arange(2000))

    assert tripled.estimate == pytest.approx(alone.estimate, abs=1e-6)
    assert ratio == pytest.approx(np.ones(2), rel=1e-3)
    assert tripled.std_error == pytest.approx(alone.std_error / np.sqrt(3), rel=1e-3)


def test_without_errors_of_linkage_the_corrected_estimates_are_the_plain_ones():
    _, matrix, _, outcome = simulated(2000)

    plain, corrected = fit_logistic(matrix, outcome), fit_logistic(matrix, outcome, 1.0, 1.0, np.full(3, 0.3))

    assert corrected.estimate == pytest.approx(plain.estimate, abs=1e-6)


def test_of_one_exposure_the_corrected_estimate_is_that_of_the_corrected_shares():
    exposed = np.repeat([1, 1, 0, 0], [300, 700, 100, 900])
    recorded = np.repeat([True, False, True, False], [300, 700, 100, 900])

    fit = fit_logistic(design(exposed), recorded, 0.8, 0.98)

    true = [(share - 0.02) / (0.8 + 0.98 - 1) for share in (0.3, 0.1)]
    assert fit.estimate[1] == pytest.approx(logit(true[0]) - logit(true[1]), abs=1e-5)


def test_the_truth_is_recovered_from_an_outcome_recorded_with_errors():
    random, matrix, _, outcome = simulated()
    recorded = np.where(outcome, random.random(len(outcome)) < 0.8, random.random(len(outcome)) < 0.02)
    truth = np.array([-0.5, 0.8, -0.6])

    naive, corrected = fit_logistic(matrix, recorded), fit_logistic(matrix, recorded, 0.8, 0.98)

    assert np.abs((corrected.estimate - truth) / corrected.std_error).max() < 3
    assert np.abs((naive.estimate - truth) / naive.std_error).max() > 6
    assert (corrected.std_error > naive.std_error).all()


def test_the_truth_is_recovered_when_one_group_is_missed_more_often():
    random, matrix, exposed, outcome = simulated(seed=6)
    found = np.where(exposed, 0.7, 0.9)
    recorded = outcome & (random.random(len(outcome)) < found)
    truth = np.array([-0.5, 0.8, -0.6])

    alike, differing = fit_logistic(matrix, recorded, 0.9, 1.0), fit_logistic(matrix, recorded, found, 1.0)

    assert np.abs((differing.estimate - truth) / differing.std_error).max() < 3
    assert alike.estimate[1] < truth[1] - 6 * alike.std_error[1]


def test_errors_that_contradict_the_outcome_do_not_settle():
    exposed = np.repeat([1, 0], 500)
    recorded = np.concatenate([np.arange(500) < 480, np.arange(500) < 250])

    fit = fit_logistic(design(exposed), recorded, 0.9, 1.0)

    assert not fit.converged or abs(fit.estimate[1]) > 8 or fit.std_error[1] > 5


def test_collinear_columns_have_huge_errors_and_leave_the_others_alone():
    _, matrix, first, outcome = simulated(2000)
    twice = sparse.csr_array(sparse.hstack([matrix, sparse.csr_array(first[:, None].astype(float))]))

    alone, doubled = fit_logistic(matrix, outcome), fit_logistic(twice, outcome)

    assert doubled.converged
    assert (doubled.std_error[[1, 3]] > 1000).all()
    assert doubled.estimate[2] == pytest.approx(alone.estimate[2], abs=1e-6)
    assert doubled.std_error[2] == pytest.approx(alone.std_error[2], rel=1e-4)
