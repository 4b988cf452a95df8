"""The estimator against R on data that are hard for it, its derivatives, and the second engine."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from mixed_models.fit_mixed_logistic import fit_mixed_logistic, fit_ordinary_logistic
from mixed_models.laplace_error import laplace_error
from mixed_models.laplace_likelihood import LaplaceLikelihood
from modelling_assets.steps.models import check_fit as second_engine
from modelling_assets.steps.models.check_fit import check_fit
from modelling_assets.steps.models.estimate_terms import estimate_terms
from modelling_assets.steps.models.fit_models import FIT_COLUMNS, compare_engines


def drawn(seed: int, records: int, groups: int, sd: float, base: float):
    """Design (intercept, two levels, a number), outcome and group of simulated records."""
    random = np.random.default_rng(seed)
    group = (random.random(records) * groups).astype(int)
    level = (random.random(records) * 3).astype(int)
    number = np.round(random.random(records) * 4 - 2, 3)
    effect = sd * norm.ppf(random.random(groups))
    log_odds = np.log(base / (1 - base)) + 0.8 * (level == 1) - 0.6 * (level == 2) + 0.5 * number + effect[group]
    outcome = random.random(records) < 1 / (1 + np.exp(-log_odds))
    design = np.column_stack([np.ones(records), level == 1, level == 2, number]).astype(float)
    return design, outcome, [f"g{number}" for number in group]


# lme4 1.1-31: glmer(y ~ a + x + (1 | g), binomial, nAGQ = 1, bobyqa, tolPwrss = 1e-13). By default (1e-7) lme4 stops
# looking for the modes early: on the first of these its standard errors are 1.6 % smaller.
IN_R = [
    (
        "a rare outcome",
        (1, 1000, 20, 1.5, 0.05),
        [-2.55370363, 1.10616229, -0.15162065, 0.43493435],
        [0.39028786, 0.23192262, 0.26860637, 0.08569127],
        1.422422688,
        -375.5939679,
    ),
    (
        "few records in few groups",
        (2, 120, 6, 1.0, 0.4),
        [0.28067783, 0.65107494, -1.07170092, 0.66095414],
        [0.39480944, 0.52576622, 0.49096910, 0.20986684],
        0.5049288126,
        -71.51446824,
    ),
    (
        "three records in a group",
        (3, 600, 200, 2.0, 0.3),
        [-0.88492413, 0.51323226, -0.81455452, 0.42609681],
        [0.26687534, 0.30203993, 0.31837495, 0.10748974],
        1.93081546,
        -337.0877359,
    ),
    (
        "no differences between groups",
        (4, 400, 8, 0.0, 0.5),
        [-0.052288358, 1.055817699, -0.212323664, 0.396437688],
        [0.181348916, 0.266016514, 0.254479096, 0.095340418],
        0.0,
        -253.6785911,
    ),
]


@pytest.mark.parametrize(
    ("seeds", "estimate", "error", "sd", "log_likelihood"), [case[1:] for case in IN_R], ids=[case[0] for case in IN_R]
)
def test_a_hard_fit_equals_lme4(seeds, estimate, error, sd, log_likelihood):
    design, outcome, groups = drawn(*seeds)
    fit = fit_mixed_logistic(design, outcome, groups)
    assert fit.converged
    assert fit.estimate == pytest.approx(estimate, abs=5e-6)
    assert fit.std_error == pytest.approx(error, rel=1e-4)
    assert fit.random_intercept_sd == pytest.approx(sd, abs=5e-6)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-6)


@pytest.mark.parametrize("sd", [0.7, -1.6, 0.01])
def test_the_derivatives_are_those_of_the_function(sd):
    design, outcome, groups = drawn(5, 200, 7, 1.0, 0.4)
    likelihood = LaplaceLikelihood(design, outcome, np.unique(groups, return_inverse=True)[1])
    at, small = np.array([0.2, -0.4, 0.9, 0.3, sd]), 1e-5
    _, gradient, hessian = likelihood.derivatives(at)
    steps = small * np.eye(len(at))
    slopes = [(likelihood.value(at + step) - likelihood.value(at - step)) / (2 * small) for step in steps]
    bends = [
        (likelihood.derivatives(at + step)[1] - likelihood.derivatives(at - step)[1]) / (2 * small) for step in steps
    ]
    assert gradient == pytest.approx(np.array(slopes), abs=1e-6)
    assert hessian == pytest.approx(np.array(bends), abs=1e-5)


@pytest.mark.parametrize("seeds", [(2, 120, 6, 1.0, 0.4), (3, 600, 200, 2.0, 0.3)])
def test_quadrature_is_the_integral_and_its_maximum_is_one(seeds):
    design, outcome, groups = drawn(*seeds)
    fit, group = fit_mixed_logistic(design, outcome, groups), np.array(groups)

    def integral(estimate, sd) -> float:
        sign, eta = 2 * outcome - 1, design @ estimate
        u = np.linspace(-9, 9, 2001)
        log_likelihood = 0.0
        for each in np.unique(group):
            at = group == each
            joint = np.prod(1 / (1 + np.exp(-sign[at, None] * (eta[at, None] + sd * u))), axis=0) * norm.pdf(u)
            log_likelihood += np.log(joint.sum() * (u[1] - u[0]))
        return log_likelihood

    found = laplace_error(fit, design, outcome, groups)
    assert found.at_fit == pytest.approx(integral(fit.estimate, fit.random_intercept_sd), abs=1e-6)
    best = integral(found.estimate, found.random_intercept_sd)
    assert found.settled and found.log_likelihood == pytest.approx(best, abs=1e-6)
    for step in 0.05 * np.eye(5):
        for sign in (-1, 1):
            assert integral(found.estimate + sign * step[:4], found.random_intercept_sd + sign * step[4]) < best


def test_a_singular_fit_is_the_ordinary_one():
    design, outcome, groups = drawn(4, 400, 8, 0.0, 0.5)
    mixed, ordinary = fit_mixed_logistic(design, outcome, groups), fit_ordinary_logistic(design, outcome)
    assert mixed.random_intercept_sd == 0
    assert mixed.estimate == pytest.approx(ordinary.estimate, abs=1e-10)
    assert mixed.std_error == pytest.approx(ordinary.std_error, rel=1e-8)


def test_units_do_not_matter():
    design, outcome, groups = drawn(1, 1000, 20, 1.5, 0.05)
    in_other_units = design.copy()
    in_other_units[:, 3] = 1_600_000_000 + 1e6 * design[:, 3]
    fit, other = fit_mixed_logistic(design, outcome, groups), fit_mixed_logistic(in_other_units, outcome, groups)
    assert other.estimate[3] * 1e6 == pytest.approx(fit.estimate[3], rel=1e-6)
    assert other.std_error[:3][1:] == pytest.approx(fit.std_error[:3][1:], rel=1e-6)


def test_the_order_of_records_does_not_matter_beyond_rounding():
    design, outcome, groups = drawn(2, 120, 6, 1.0, 0.4)
    turned = fit_mixed_logistic(design[::-1], outcome[::-1], groups[::-1])
    assert turned.estimate == pytest.approx(fit_mixed_logistic(design, outcome, groups).estimate, abs=1e-8)


@pytest.mark.parametrize("seeds", [case[1] for case in IN_R], ids=[case[0] for case in IN_R])
def test_the_second_engine_agrees(seeds):
    design, outcome, groups = drawn(*seeds)
    assert check_fit(fit_mixed_logistic(design, outcome, groups), design, outcome, groups).agrees
    assert check_fit(fit_ordinary_logistic(design, outcome), design, outcome, None).agrees


@pytest.mark.parametrize("wrong", ["an estimate", "the sd", "the likelihood"])
def test_a_fit_that_is_wrong_is_noticed_by_the_second_engine(wrong):
    design, outcome, groups = drawn(1, 1000, 20, 1.5, 0.05)
    fit = fit_mixed_logistic(design, outcome, groups)
    shifted = fit.estimate + np.array([0, 0, 0.1, 0]) * fit.std_error
    second = {
        "an estimate": replace(fit, estimate=shifted, log_likelihood=_laplace(design, outcome, groups, shifted, fit)),
        "the sd": replace(fit, random_intercept_sd=fit.random_intercept_sd + 0.1 * fit.sd_error),
        "the likelihood": replace(fit, log_likelihood=fit.log_likelihood + 0.01),
    }[wrong]
    check = check_fit(second, design, outcome, groups)
    assert not check.agrees and check.reason


def _laplace(design, outcome, groups, estimate, fit) -> float:
    likelihood = LaplaceLikelihood(design, outcome, np.unique(groups, return_inverse=True)[1])
    return -likelihood.value(np.r_[estimate, fit.random_intercept_sd])


def test_a_second_engine_that_gives_up_does_not_agree(monkeypatch):
    def give_up(*_):
        raise second_engine.gpboost.basic.GPBoostError("no fit")

    monkeypatch.setattr(second_engine, "_by_gpboost", give_up)
    design, outcome, groups = drawn(2, 120, 6, 1.0, 0.4)
    result = estimate_terms(design, outcome, groups)
    assert result.check is not None and not result.check.agrees
    assert np.isfinite(result.estimate).all()


@pytest.mark.parametrize(("agree", "passed"), [([True, True], True), ([True, None], True), ([True, False], False)])
def test_a_fit_that_the_second_engine_contradicts_is_counted(agree, passed):
    fits = pl.DataFrame(
        {
            "model": ["linked_atr"] * 2,
            "imputation": [1, 2],
            "estimate": [0.1, 0.1],
            "check_estimate": [0.1, 0.2],
            "std_error": [0.1, 0.1],
            "random_intercept_sd": [0.2, 0.2],
            "check_random_intercept_sd": [0.2, 0.2],
            "engines_agree": agree,
            "quadrature_shift": [0.0, 0.0],
        },
        schema_overrides=FIT_COLUMNS,
    )
    assert (compare_engines(fits)["fits that differ"] == 0) == passed
