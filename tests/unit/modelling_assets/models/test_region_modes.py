"""Regions as a result: conditional modes against lme4, pooled, in tables; and as fixed effects beside."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from statsmodels.formula.api import logit

from mixed_models.fit_mixed_logistic import fit_mixed_logistic
from mixed_models.group_modes import group_modes
from modelling_assets.schemas.modelling import ModelFits, PooledOddsRatios
from modelling_assets.steps.imputation.impute_frames import impute_frames
from modelling_assets.steps.models.fit_models import fit_models
from modelling_assets.steps.models.pool_estimates import pool_estimates
from modelling_assets.steps.sensitivity.ordinary_logistic import fit_ordinary
from modelling_assets.steps.sensitivity.sensitivity_design import design_of
from publication_assets.steps.tables.estimates.tables_models import (
    DIRECTION,
    KIND_OF_ROW,
    NOT_COMPARED,
    ODDS_RATIO,
    OF_REGIONS,
    SIGNIFICANCE,
    odds_ratio_table,
)
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame
from tests.unit.modelling_assets.models.test_modelling_golden import completed_data, estimates_in_r
from tests.unit.modelling_assets.models.test_modelling_golden import design_of as golden_design
from tests.unit.modelling_assets.random_requirements import requirements

GOLDEN = Path(__file__).resolve().parents[4] / "reference" / "golden"
STUDY = load_study_settings().modelling


def study(**changes):
    model = STUDY.models["linked_atr"].model_copy(update={"factors": ["sex"]})
    imputation = STUDY.imputation.model_copy(update={"imputations": 2, "iterations": 1})
    return STUDY.model_copy(update={"models": {"linked_atr": model}, "imputation": imputation, **changes})


def in_three_regions(chances: dict[str, float], n: int = 3000) -> pl.DataFrame:
    random = np.random.default_rng(5)
    regions = random.choice(list(chances), n)
    linked = random.random(n) < np.array([chances[region] for region in regions])
    return requirements(n, region=regions.tolist(), linked_structured=linked.tolist())


def pooled_of(frame: pl.DataFrame) -> pl.DataFrame:
    fits = check_frame(fit_models(impute_frames(frame, study()), study()), ModelFits, "model_fits")
    return check_frame(pool_estimates(fits, study()), PooledOddsRatios, "pooled_odds_ratios")


def regions_of(pooled: pl.DataFrame) -> dict[str, dict]:
    return {row["level"]: row for row in pooled.filter(pl.col("factor") == "region").iter_rows(named=True)}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_modes_and_their_variances_equal_those_of_lme4(number):
    expected = pl.read_csv(GOLDEN / "region_modes.csv").filter(pl.col("imp") == number)
    data, terms = completed_data(number), estimates_in_r("glmer").filter(pl.col("imp") == number)["term"].to_list()
    design, outcome = golden_design(data, terms), (data["engaged"] == "1").to_numpy()
    fit = fit_mixed_logistic(design, outcome, data["region"].to_list())
    modes = group_modes(fit, design, outcome, data["region"].to_list())
    assert modes.groups == expected["region"].to_list()
    assert modes.mode == pytest.approx(expected["mode"].to_numpy(), abs=2e-6)
    assert modes.std_error**2 == pytest.approx(expected["conditional_variance"].to_numpy(), rel=1e-4)


def test_a_region_above_the_average_is_a_result_and_shrunken_towards_it():
    frame = in_three_regions({"Greater London": 0.65, "North East": 0.5, "South West": 0.35})
    regions = regions_of(pooled_of(frame))
    assert [row["direction"] for row in regions.values()] == ["higher", "no difference", "lower"]
    assert not any(row["reference"] for row in regions.values())
    london, records = regions["Greater London"], frame.filter(pl.col("region") == "Greater London")
    assert (london["records"], london["outcome_records"]) == (records.height, records["linked_structured"].sum())
    assert london["ci_low"] < london["odds_ratio"] < london["ci_high"]
    assert 1.5 < london["odds_ratio"] < 0.65 / 0.35  # the crude odds against a region at one half


def test_regions_that_differ_by_chance_alone_are_no_findings():
    frame = requirements(
        3000,
        region=["North East", "North West", "South West"] * 1000,
        linked_structured=([True] * 3 + [False] * 3) * 500,
    )
    pooled = pooled_of(frame)
    regions = regions_of(pooled)
    assert {row["status"] for row in regions.values()} == {"no difference"}
    assert {row["odds_ratio"] for row in regions.values()} == {None}
    cells = {(cell.row[1], cell.measure): cell for cell in odds_ratio_table(pooled, "linked_atr", study()).cells}
    assert cells["North East", KIND_OF_ROW].text == NOT_COMPARED
    assert cells["North East", ODDS_RATIO].value is None and cells["North East", ODDS_RATIO].text == "[z]"
    assert cells["North East", DIRECTION].text == "[z]", "nothing was tested"
    assert cells["North East", SIGNIFICANCE].text == "[z]"


def test_a_region_stands_in_the_table_beside_no_reference_level_and_goes_with_its_own_counts():
    pooled = pooled_of(in_three_regions({"Greater London": 0.65, "North East": 0.5, "South West": 0.35}))
    table = odds_ratio_table(pooled, "linked_atr", study())
    cell = next(
        cell
        for cell in table.cells
        if cell.row == ("Probation region", "Greater London") and cell.measure == ODDS_RATIO
    )
    assert set(cell.depends_on) == {
        f"linked_atr/region/Greater London/{what}" for what in ("records", "outcome", "no outcome")
    }
    kinds = {each.text for each in table.cells if each.row[0] == "Probation region" and each.measure == KIND_OF_ROW}
    assert kinds == {OF_REGIONS}


def test_a_region_with_few_records_in_one_outcome_has_no_number():
    frame = in_three_regions({"Greater London": 0.5, "North East": 0.5, "South West": 0.004})
    south = regions_of(pooled_of(frame))["South West"]
    assert (south["status"], south["odds_ratio"]) == ("not estimable", None)
    assert south["reason"] == "fewer than 10 records with the outcome or without it"


def test_regions_as_fixed_effects_are_those_of_deviation_coding():
    frame = in_three_regions({"Greater London": 0.65, "North East": 0.5, "South West": 0.35})
    data = impute_frames(frame, study()).filter(pl.col("imputation") == 1)
    outcome = data["outcome"].to_numpy()
    design = design_of(data, outcome, "linked_atr", study())
    fit = fit_ordinary(design.matrix, outcome[design.kept])
    found = design.estimates(fit, fit.covariance, study())
    by_formula = logit(
        "outcome ~ sex + C(region, Sum)", data.select(pl.col("outcome").cast(pl.Int8), "sex", "region").to_pandas()
    ).fit(disp=False)
    for region in ("Greater London", "North East"):
        coded = f"C(region, Sum)[S.{region}]"
        assert found["region", region] == pytest.approx((by_formula.params[coded], by_formula.bse[coded]), rel=1e-5)
    deviations = [float(found["region", region][0]) for region in ("Greater London", "North East", "South West")]
    assert sum(deviations) == pytest.approx(0, abs=1e-9)
