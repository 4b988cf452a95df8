"""Fits and pooling against R (lme4 and mice): reference/golden says how its numbers were made."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from mixed_models.fit_mixed_logistic import fit_mixed_logistic, fit_ordinary_logistic
from modelling_assets.steps.models.check_fit import check_fit
from modelling_assets.steps.models.pool_estimates import pool_by_rubin

GOLDEN = Path(__file__).resolve().parents[4] / "reference" / "golden"
FACTORS = ["sex", "age_band", "ethnicity", "accommodation", "rsr", "ogrs"]


def estimates_in_r(model: str) -> pl.DataFrame:
    frame = pl.read_csv(GOLDEN / "per_imputation.csv", infer_schema_length=None)
    return frame.filter(pl.col("model") == model)


def completed_data(number: int) -> pl.DataFrame:
    return pl.read_csv(GOLDEN / "imputed.csv", infer_schema=False).filter(pl.col(".imp") == str(number))


def design_of(data: pl.DataFrame, terms: list[str]) -> np.ndarray:
    columns = {"(Intercept)": np.ones(data.height)}
    for factor in FACTORS:
        for level in data[factor].unique():
            columns[factor + level] = (data[factor] == level).to_numpy().astype(float)
    return np.column_stack([columns[term] for term in terms])


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_mixed_model_equals_lme4(number):
    expected = estimates_in_r("glmer").filter(pl.col("imp") == number)
    data = completed_data(number)
    design, outcome = design_of(data, expected["term"].to_list()), (data["engaged"] == "1").to_numpy()
    fit = fit_mixed_logistic(design, outcome, data["region"].to_list())
    assert fit.converged
    assert np.abs(fit.estimate - expected["est"].to_numpy()).max() < 1e-5
    assert np.abs(fit.std_error / expected["se"].to_numpy() - 1).max() < 1e-3
    assert fit.random_intercept_sd == pytest.approx(expected["theta"][0], abs=1e-5)
    assert fit.log_likelihood == pytest.approx(expected["loglik"][0], abs=1e-5)
    assert check_fit(fit, design, outcome, data["region"].to_list()).agrees


@pytest.mark.parametrize("number", [1, 5])
def test_the_ordinary_model_equals_glm(number):
    expected = estimates_in_r("glm").filter(pl.col("imp") == number)
    data = completed_data(number)
    design, outcome = design_of(data, expected["term"].to_list()), (data["engaged"] == "1").to_numpy()
    fit = fit_ordinary_logistic(design, outcome)
    assert np.abs(fit.estimate - expected["est"].to_numpy()).max() < 1e-8
    assert np.abs(fit.std_error / expected["se"].to_numpy() - 1).max() < 1e-6
    assert fit.log_likelihood == pytest.approx(expected["loglik"][0], abs=1e-8)
    assert check_fit(fit, design, outcome, None).agrees


@pytest.mark.parametrize("model", ["glm", "glmer"])
def test_pooling_equals_mice(model):
    expected = pl.read_csv(GOLDEN / f"pooled_{model}.csv", infer_schema_length=None)
    fits = estimates_in_r(model)
    estimates = np.array([fits.filter(pl.col("imp") == number)["est"].to_list() for number in range(1, 6)])
    std_errors = np.array([fits.filter(pl.col("imp") == number)["se"].to_list() for number in range(1, 6)])
    pooled = pool_by_rubin(estimates, std_errors, expected["dfcom"].to_numpy().astype(float))
    low, high = pooled.interval(0.95)
    # per_imputation.csv was printed to 15 digits: what df and p-value inherit from that is relative.
    for ours, column in [
        (pooled.estimate, "estimate"),
        (pooled.std_error, "std.error"),
        (pooled.statistic, "statistic"),
        (pooled.df, "df"),
        (pooled.p_value, "p.value"),
        (pooled.fmi, "fmi"),
        (pooled.riv, "riv"),
        (pooled.fraction_between, "lambda"),
        (low, "2.5 %"),
        (high, "97.5 %"),
    ]:
        assert ours == pytest.approx(expected[column].to_numpy(), rel=1e-8, abs=1e-8), column
