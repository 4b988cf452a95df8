"""How missing factors are completed, on small frames made here."""

import numpy as np
import polars as pl
import pytest

from modelling_assets.steps.imputation.impute_by_forests import MatchingFailed, draw_by_forests
from modelling_assets.steps.imputation.impute_by_regressions import draw_by_regressions, fit_logistic_with_prior
from modelling_assets.steps.imputation.impute_frames import (
    ImputationsAreAlike,
    UnknownFactor,
    check_imputations_vary,
    impute_frames,
)
from resources.settings.imputation_settings import Imputation
from resources.settings.modelling_settings import Factor, Model, Modelling
from resources.settings.study_settings import load_study_settings
from tests.unit.modelling_assets.random_requirements import requirements

LEVELS = {"sex": ["Male", "Female"], "rsr_band": ["Low", "Medium", "High"]}
BOTH = pytest.mark.parametrize("method", ["regressions", "miceforest_pmm"])
DRAWS = pytest.mark.parametrize("draw", [draw_by_regressions, draw_by_forests])


def settings(
    factors: dict[str, list[str]] = LEVELS, method="regressions", imputations=2, iterations=1, **changes
) -> Modelling:
    drawn = {"method": method, "imputations": imputations, "iterations": iterations, "traced_iterations": 5}
    values = {
        "seed": 7,
        "imputation": Imputation.model_validate(drawn),
        "models": {"linked_atr": Model(requirement_type="ATR", outcome="linked_structured", factors=list(factors))},
        "factors": {name: Factor(label=name, levels=levels) for name, levels in factors.items()},
        "rare_level_records": 0,
    }
    return load_study_settings().modelling.model_copy(update={**values, **changes})


def with_gaps(n: int, every: int) -> pl.DataFrame:
    gap = pl.int_range(pl.len()) % every == 0
    return requirements(n).with_columns(rsr_band=pl.when(~gap).then("rsr_band"))


@BOTH
def test_imputation_fills_what_is_missing_and_leaves_the_rest(method):
    frame = with_gaps(200, 5)
    imputed = impute_frames(frame, settings(method=method))
    assert imputed["rsr_band"].is_in(LEVELS["rsr_band"]).all()
    assert imputed["imputation"].unique(maintain_order=True).to_list() == [1, 2]
    recorded = frame.filter(pl.col("rsr_band").is_not_null())
    for number in (1, 2):
        same = imputed.filter(pl.col("imputation") == number).join(recorded, on="requirement_key", suffix="_recorded")
        assert same.height == 160
        assert same.filter(pl.col("rsr_band") != pl.col("rsr_band_recorded")).is_empty()
        assert same["sex"].equals(same["sex_recorded"])


@BOTH
def test_the_same_seed_gives_the_same_imputation_and_another_seed_another(method):
    frame = with_gaps(200, 3)
    first = impute_frames(frame, settings(method=method))
    assert first.equals(impute_frames(frame, settings(method=method)))
    assert not first.equals(impute_frames(frame, settings(method=method, seed=8)))


@BOTH
def test_the_imputations_of_a_model_do_not_depend_on_the_other_models(method):
    frame, alone = with_gaps(200, 3), settings(method=method)
    models = {"other": alone.models["linked_atr"], **alone.models}
    both = impute_frames(frame, alone.model_copy(update={"models": models}))
    assert both.filter(pl.col("model") == "linked_atr").equals(impute_frames(frame, alone))


@pytest.mark.parametrize(("method", "allowed"), [("regressions", 0.06), ("miceforest_pmm", 0.0)])
def test_missing_values_are_drawn_from_records_that_resemble_them(method, allowed):
    n = 600
    sex = ["Male", "Female"] * (n // 2)
    band = [None if number % 4 < 2 else "Low" if sex[number] == "Male" else "High" for number in range(n)]
    imputed = impute_frames(requirements(n, sex=sex, rsr_band=band), settings(method=method))
    assert (((imputed["sex"] == "Male") != (imputed["rsr_band"] == "Low")).mean() or 0) <= allowed


@DRAWS
def test_donors_come_from_all_records_though_the_missing_values_are_among_the_first(draw):
    """miceforest 6.0.5 looked for them among the first 256 only."""
    sex = ["Female"] * 2 + ["Male"] * 298 + ["Female"] * 300
    band = [None, None] + ["Low"] * 298 + ["High"] * 300
    (chain,) = draw(pl.DataFrame({"sex": sex, "rsr_band": band}), ["rsr_band"], 1, 1, 1)
    assert chain[-1]["rsr_band"].to_list() == ["High", "High"]


@BOTH
def test_records_alike_in_everything_are_not_all_given_the_same_level(method):
    n = 2000
    random = np.random.default_rng(5)
    band = random.choice(["Low", "High"], n).tolist()
    alike = {"sex": ["Male"] * n, "region": ["North East"] * n, "linked_structured": [True] * n}
    frame = requirements(n, **alike, rsr_band=[None] * 1000 + band[1000:])
    imputed = impute_frames(frame, settings(method=method)).filter(pl.col("requirement_key") < "r1000")
    shares = imputed.group_by("imputation").agg((pl.col("rsr_band") == "Low").mean())["rsr_band"]
    expected = band[1000:].count("Low") / 1000
    assert ((shares - expected).abs() < 0.08).all()


@pytest.mark.parametrize("rare", [1, 2])
@BOTH
def test_levels_with_one_or_two_records_do_not_stop_the_imputation(method, rare):
    band = ["High"] * rare + [None] * 20 + ["Low", "Medium"] * ((200 - 20 - rare) // 2 + 1)
    imputed = impute_frames(requirements(200, rsr_band=band[:200]), settings(method=method))
    assert imputed["rsr_band"].is_in(LEVELS["rsr_band"]).all()


@BOTH
def test_a_factor_with_one_recorded_value_is_filled_with_it(method):
    frame = requirements(30, rsr_band=["Low", *[None] * 29], sex=[None, *["Male", "Female"] * 14, "Male"])
    imputed = impute_frames(frame, settings(method=method))
    assert imputed["rsr_band"].unique().to_list() == ["Low"]
    assert imputed["sex"].null_count() == 0


@BOTH
def test_a_factor_with_two_recorded_values_has_them_as_donors(method):
    imputed = impute_frames(requirements(30, rsr_band=["Low", "High", *[None] * 28]), settings(method=method))
    assert set(imputed["rsr_band"]) <= {"Low", "High"}


@BOTH
def test_a_factor_that_nobody_has_recorded_stays_empty(method):
    nobody = pl.Series([None] * 60, dtype=pl.String)
    frame = requirements(60, rsr_band=nobody, sex=[None, *["Male", "Female"] * 29, "Male"])
    imputed = impute_frames(frame, settings(method=method))
    assert imputed["rsr_band"].null_count() == imputed.height
    assert imputed["sex"].null_count() == 0


@BOTH
def test_nothing_missing_means_nothing_drawn(method):
    imputed = impute_frames(requirements(40), settings(method=method))
    once = imputed.filter(pl.col("imputation") == 1).drop("imputation")
    assert once.equals(imputed.filter(pl.col("imputation") == 2).drop("imputation"))


@pytest.mark.parametrize("outcome", [True, False])
@BOTH
def test_an_outcome_that_all_have_or_none_has_does_not_stop_the_imputation(method, outcome):
    frame = with_gaps(60, 4).with_columns(linked_structured=pl.lit(outcome))
    assert impute_frames(frame, settings(method=method))["rsr_band"].null_count() == 0


@BOTH
def test_levels_may_be_many_and_in_any_script(method):
    levels = [f'Stufe {number} – Übergröße / 緑 {{}}:,"' for number in range(30)]
    band = [None if number % 5 == 0 else levels[number % 30] for number in range(900)]
    imputed = impute_frames(requirements(900, rsr_band=band), settings({"rsr_band": levels}, method=method))
    assert imputed["rsr_band"].is_in(levels).all()


@BOTH
def test_a_handful_of_requirements_can_be_completed(method):
    frame = requirements(4, sex=["Male", None, "Female", "Male"], rsr_band=["Low", "High", None, None])
    imputed = impute_frames(frame, settings(method=method))
    assert imputed["sex"].null_count() == imputed["rsr_band"].null_count() == 0


@BOTH
def test_the_order_of_rows_makes_no_difference(method):
    frame = with_gaps(200, 3)
    turned = impute_frames(frame.reverse(), settings(method=method))
    assert turned.equals(impute_frames(frame, settings(method=method)))


def test_matching_that_fails_says_of_what_and_what_to_do_and_quotes_no_value():
    records = pl.DataFrame({"sex": ["Male", "Female"] * 30, "rsr_band": [None, *["Private word"] * 59]})
    with pytest.raises(MatchingFailed, match=r"failed .* 60 records.*method = .regressions.") as raised:
        draw_by_forests(records, ["rsr_band", "unknown"], 1, 1, 1)
    assert "Private word" not in str(raised.value) and raised.value.__cause__ is raised.value.__context__ is None


def test_a_value_outside_the_levels_is_missing_and_is_imputed():
    imputed = impute_frames(requirements(60, sex=["Not stated", *["Male", "Female"] * 29, "Male"]), settings())
    assert imputed["sex"].is_in(["Male", "Female"]).all()


def test_a_factor_that_the_frame_cannot_offer_is_refused_by_name():
    with pytest.raises(UnknownFactor, match="shoe_size"):
        impute_frames(requirements(10), settings({"shoe_size": ["small", "large"]}))


def test_convergence_is_not_shown_over_fewer_iterations_than_are_used():
    with pytest.raises(ValueError, match="traced_iterations"):
        Imputation(method="regressions", imputations=2, iterations=3, traced_iterations=2)


@BOTH
def test_more_imputations_begin_with_those_of_fewer(method):
    frame = with_gaps(200, 3)
    more = impute_frames(frame, settings(imputations=4, method=method))
    assert more.filter(pl.col("imputation") <= 2).equals(impute_frames(frame, settings(method=method)))


@DRAWS
def test_more_iterations_begin_with_those_of_fewer(draw):
    sex = pl.Series([None, *["Male", "Female"] * 149, "Male"])
    records = with_gaps(300, 3).select("region", "rsr_band").with_columns(sex=sex)
    few, many = (draw(records, ["rsr_band", "sex"], 2, number, 1) for number in (2, 4))
    for chain, longer in zip(few, many, strict=True):
        assert all(first[name].equals(same[name]) for first, same in zip(chain, longer, strict=False) for name in first)


@DRAWS
def test_little_evidence_makes_the_imputations_differ_as_much_as_it_should(draw):
    n, recorded = 3000, 50
    band = ["Low", "High"] * (recorded // 2) + [None] * (n - recorded)
    records = pl.DataFrame({"sex": ["Male", "Male", "Female"] * (n // 3), "rsr_band": band})
    shares = [(chain[-1]["rsr_band"] == "Low").mean() for chain in draw(records, ["rsr_band"], 40, 1, 1)]
    # Of 50 records, a share of a half has a standard error of 0.07; without drawn parameters it would be 0.01.
    assert 0.04 < np.std([float(str(share)) for share in shares]) < 0.11


@BOTH
def test_imputation_keeps_the_association_with_the_outcome(method):
    n = 6000
    random = np.random.default_rng(1)
    high = random.random(n) < 0.4
    linked = random.random(n) < np.where(high, 0.7, 0.4)
    gone = random.random(n) < np.where(linked, 0.5, 0.2)  # lost more often with the outcome
    band = [None if lost else "High" if is_high else "Low" for lost, is_high in zip(gone, high, strict=True)]
    frame = requirements(n, linked_structured=linked.tolist(), rsr_band=band)
    imputed = impute_frames(frame, settings(iterations=2, method=method))
    shares = imputed.group_by("rsr_band").agg(pl.col("outcome").mean()).sort("rsr_band")["outcome"].to_list()
    assert shares == pytest.approx([0.7, 0.4], abs=0.03)


def test_the_parameters_of_a_regression_are_the_most_probable_ones():
    random = np.random.default_rng(2)
    design = np.column_stack([np.ones(5000), random.random(5000) < 0.5])
    outcome = random.random(5000) < 1 / (1 + np.exp(-(design @ [-0.5, 1.0])))
    estimate, root = fit_logistic_with_prior(design, outcome)
    assert estimate == pytest.approx([-0.5, 1.0], abs=0.15)
    share = [outcome[design[:, 1] == value].mean() for value in (0, 1)]
    errors = [1 / (5000 * 0.5 * p * (1 - p)) for p in share]
    assert (root @ root.T)[1, 1] == pytest.approx(sum(errors), rel=0.05)


# Completed data sets that do not differ


def alike(frame: pl.DataFrame) -> pl.DataFrame:
    """Two completed data sets with the same values."""
    once = impute_frames(frame, settings()).filter(pl.col("imputation") == 1)
    return pl.concat([once, once.with_columns(imputation=pl.lit(2, pl.Int32))])


def test_completed_data_sets_that_are_all_alike_are_refused_with_model_and_factor():
    frame = with_gaps(60, 4)
    with pytest.raises(ImputationsAreAlike, match=r"linked_atr: rsr_band \(15 missing values\)"):
        check_imputations_vary(frame, alike(frame), settings())


def test_completed_data_sets_that_differ_pass_as_do_factors_without_missing_values():
    frame = with_gaps(60, 4)
    check_imputations_vary(frame, impute_frames(frame, settings()), settings())
    check_imputations_vary(requirements(60), alike(requirements(60)), settings())


def test_a_handful_of_missing_values_may_be_alike_by_chance():
    frame = with_gaps(60, 30)
    check_imputations_vary(frame, alike(frame), settings())


@BOTH
def test_data_sets_that_are_at_hand_are_not_drawn_again(method):
    frame = requirements(200, rsr_band=["Low", "High", None, "Low"] * 50)
    all_of_them = impute_frames(frame, settings(imputations=4, method=method))
    later = impute_frames(frame, settings(imputations=4, method=method), after=2)
    assert later.equals(all_of_them.filter(pl.col("imputation") > 2))
