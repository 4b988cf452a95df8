"""Logistic regression of an outcome recorded with known errors: known answers, and the truth recovered."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit, logit

from modelling_assets.steps.sensitivity.misrecorded_outcome import fit_misrecorded
from modelling_assets.steps.sensitivity.ordinary_logistic import fit_ordinary


def design(*columns) -> sparse.csr_array:
    return sparse.csr_array(np.column_stack([np.ones(len(columns[0])), *columns]).astype(float))


def simulated(size: int = 60_000, seed: int = 5):
    """Two exposures, one of them rare, and a true outcome with log odds -0.5, 0.8 and -0.6."""
    random = np.random.default_rng(seed)
    first, second = random.random(size) < 0.4, random.random(size) < 0.15
    outcome = random.random(size) < expit(-0.5 + 0.8 * first - 0.6 * second)
    return random, design(first, second), first, outcome


def test_without_errors_of_linkage_estimates_and_errors_are_those_of_statsmodels():
    _, matrix, _, outcome = simulated(2000)

    plain, corrected = fit_ordinary(matrix.toarray(), outcome), fit_misrecorded(matrix, outcome, start=np.full(3, 0.3))

    assert corrected.estimate == pytest.approx(plain.estimate, abs=1e-9)
    assert corrected.std_error == pytest.approx(plain.std_error, rel=1e-8)


def test_of_one_exposure_the_corrected_estimate_is_that_of_the_corrected_shares():
    exposed = np.repeat([1, 1, 0, 0], [300, 700, 100, 900])
    recorded = np.repeat([True, False, True, False], [300, 700, 100, 900])

    fit = fit_misrecorded(design(exposed), recorded, 0.8, 0.98)

    true = [(share - 0.02) / (0.8 + 0.98 - 1) for share in (0.3, 0.1)]
    assert fit.estimate[1] == pytest.approx(logit(true[0]) - logit(true[1]), abs=1e-5)


def test_the_truth_is_recovered_from_an_outcome_recorded_with_errors():
    random, matrix, _, outcome = simulated()
    recorded = np.where(outcome, random.random(len(outcome)) < 0.8, random.random(len(outcome)) < 0.02)
    truth = np.array([-0.5, 0.8, -0.6])

    naive, corrected = fit_misrecorded(matrix, recorded), fit_misrecorded(matrix, recorded, 0.8, 0.98)

    assert np.abs((corrected.estimate - truth) / corrected.std_error).max() < 3
    assert np.abs((naive.estimate - truth) / naive.std_error).max() > 6
    assert (corrected.std_error > naive.std_error).all()


def test_the_truth_is_recovered_when_one_group_is_missed_more_often():
    random, matrix, exposed, outcome = simulated(seed=6)
    found = np.where(exposed, 0.7, 0.9)
    recorded = outcome & (random.random(len(outcome)) < found)
    truth = np.array([-0.5, 0.8, -0.6])

    alike, differing = fit_misrecorded(matrix, recorded, 0.9, 1.0), fit_misrecorded(matrix, recorded, found, 1.0)

    assert np.abs((differing.estimate - truth) / differing.std_error).max() < 3
    assert alike.estimate[1] < truth[1] - 6 * alike.std_error[1]


def test_errors_that_contradict_the_outcome_do_not_settle():
    exposed = np.repeat([1, 0], 500)
    recorded = np.concatenate([np.arange(500) < 480, np.arange(500) < 250])

    fit = fit_misrecorded(design(exposed), recorded, 0.9, 1.0)

    assert not fit.converged or abs(fit.estimate[1]) > 8 or fit.std_error[1] > 5


def test_collinear_columns_have_huge_errors_and_leave_the_others_alone():
    _, matrix, first, outcome = simulated(2000)
    twice = sparse.csr_array(sparse.hstack([matrix, sparse.csr_array(first[:, None].astype(float))]))

    alone, doubled = fit_misrecorded(matrix, outcome), fit_misrecorded(twice, outcome)

    assert doubled.converged
    assert (doubled.std_error[[1, 3]] > 1000).all()
    assert doubled.estimate[2] == pytest.approx(alone.estimate[2], abs=1e-6)
    assert doubled.std_error[2] == pytest.approx(alone.std_error[2], rel=1e-4)


def test_a_fit_that_begins_at_one_near_it_ends_where_it_would_have_ended():
    _, matrix, exposed, outcome = simulated(4000, seed=7)
    fewer = np.where(exposed, 0.8, 0.9)

    alone = fit_misrecorded(matrix, outcome, fewer)
    beside = fit_misrecorded(matrix, outcome, fewer, near=fit_misrecorded(matrix, outcome, 0.9))

    assert alone.converged and beside.converged
    assert np.abs((beside.estimate - alone.estimate) / alone.std_error).max() < 1e-6
    assert beside.std_error == pytest.approx(alone.std_error, rel=1e-6)


def test_a_fit_that_begins_far_off_ends_where_it_would_have_ended():
    _, matrix, _, outcome = simulated(4000, seed=8)

    alone = fit_misrecorded(matrix, outcome, 0.9)
    beside = fit_misrecorded(matrix, outcome, 0.9, near=fit_misrecorded(matrix, ~outcome, 0.95, 0.98))

    assert beside.converged
    assert np.abs((beside.estimate - alone.estimate) / alone.std_error).max() < 1e-6
