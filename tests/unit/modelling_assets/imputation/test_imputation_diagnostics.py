"""What an imputation is judged by: recorded against imputed shares, chains, on small frames made here."""

import numpy as np
import polars as pl
import pytest

from modelling_assets.schemas.imputation import TABLES
from modelling_assets.steps.imputation.diagnose_imputation import diagnose_imputation, r_hat, trace_imputation
from modelling_assets.steps.imputation.draw_missing import draw_missing
from modelling_assets.steps.imputation.impute_frames import impute_frames
from resources.settings.imputation_settings import Imputation
from resources.settings.modelling_settings import Factor, Model, Modelling
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

LEVELS = {"sex": ["Male", "Female"], "rsr_band": ["Low", "High"]}


@pytest.fixture
def settings() -> Modelling:
    return load_study_settings().modelling.model_copy(
        update={
            "imputation": Imputation(method="regressions", imputations=3, iterations=2, traced_iterations=4),
            "models": {"linked_atr": Model(requirement_type="ATR", outcome="linked_structured", factors=list(LEVELS))},
            "factors": {name: Factor(label=name, levels=levels) for name, levels in LEVELS.items()},
            "rare_level_records": 0,
        }
    )


@pytest.fixture
def frame() -> pl.DataFrame:
    """Women are at high risk, men at low; risk is missing of 40 men and of 80 women."""
    n, random = 400, np.random.default_rng(3)
    sex = ["Male", "Female"] * (n // 2)
    lost = {"Male": 40, "Female": 80}
    band = []
    for value in sex:
        lost[value] -= 1
        band.append(None if lost[value] >= 0 else "Low" if value == "Male" else "High")
    return pl.DataFrame(
        {
            "requirement_key": [f"r{number:03d}" for number in range(n)],
            "requirement_type": ["ATR"] * n,
            "linked_structured": (random.random(n) < 0.5).tolist(),
            "region": ["North East", "South West"] * (n // 2),
            "sex": sex,
            "rsr_band": band,
        }
    )


def trace(frame: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    return trace_imputation(frame, draw_missing(frame, settings, settings.imputation.traced_iterations), settings)


def test_the_traced_chains_are_those_that_made_the_completed_data_sets(frame, settings):
    draws = draw_missing(frame, settings, settings.imputation.traced_iterations)
    imputed, traced = impute_frames(frame, settings, draws), trace_imputation(frame, draws, settings)
    assert imputed.equals(impute_frames(frame, settings))
    gaps = frame.filter(pl.col("rsr_band").is_null()).select("requirement_key")
    drawn = imputed.join(gaps, on="requirement_key", how="semi").filter(pl.col("rsr_band") == "High")
    counts = drawn.group_by("imputation").len().sort("imputation")["len"].to_list()
    last_used = traced.filter(pl.col("iteration") == 2, pl.col("level") == "High").sort("imputation")
    assert last_used["imputed"].to_list() == counts


def test_every_iteration_of_every_chain_imputes_every_missing_value(frame, settings):
    traced = check_frame(trace(frame, settings), TABLES["imputation_convergence"], "imputation_convergence")
    assert traced.height == 2 * 3 * 4
    of_iteration = traced.group_by("imputation", "iteration").agg(pl.col("imputed").sum())
    assert of_iteration["imputed"].unique().to_list() == [120]


def test_shares_are_of_recorded_and_of_imputed_values(frame, settings):
    diagnostics = diagnose_imputation(frame, trace(frame, settings), settings)
    check_frame(diagnostics, TABLES["imputation_diagnostics"], "imputation_diagnostics")
    high = diagnostics.filter(pl.col("level") == "High").row(0, named=True)
    assert (high["recorded"], high["all_recorded"], high["missing"]) == (120, 280, 120)
    assert high["recorded_share"] == pytest.approx(120 / 280)
    # Two thirds of those without a recorded risk are women: imputed shares differ from recorded ones, as they should.
    assert high["imputed_share"] == pytest.approx(80 / 120, abs=0.08)
    assert high["difference"] == pytest.approx(high["imputed_share"] - high["recorded_share"])
    assert high["lowest_imputed_share"] <= high["imputed_share"] <= high["highest_imputed_share"]


def test_a_factor_without_missing_values_has_no_diagnostics(frame, settings):
    assert "sex" not in trace(frame, settings)["factor"].to_list()


def test_nothing_missing_makes_empty_tables(frame, settings):
    whole = frame.with_columns(pl.col("rsr_band").fill_null("Low"))
    traced = trace(whole, settings)
    assert (traced.height, diagnose_imputation(whole, traced, settings).height) == (0, 0)


def test_chains_that_stay_apart_have_a_large_ratio_and_chains_that_mix_one_near_one():
    random = np.random.default_rng(1)
    mixed = random.normal(0, 1, (5, 200))
    apart = mixed + np.arange(5)[:, None] * 5
    assert r_hat(mixed) == pytest.approx(1, abs=0.02)
    assert (r_hat(apart) or 0) > 3


def test_chains_without_any_variation_have_no_ratio():
    assert r_hat(np.full((3, 5), 0.4)) is None
    assert r_hat(np.array([[0.1], [0.2]])) is None
