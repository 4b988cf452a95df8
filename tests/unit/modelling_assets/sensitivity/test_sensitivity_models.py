"""The odds ratios under other assumptions, and the design they are fitted on: small simulated studies."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.special import expit

from modelling_assets.schemas.sensitivity import TABLES
from modelling_assets.steps.imputation.impute_frames import impute_frames
from modelling_assets.steps.models.fit_models import fit_models
from modelling_assets.steps.models.pool_estimates import pool_estimates
from modelling_assets.steps.sensitivity import sensitivity_models as models
from modelling_assets.steps.sensitivity.estimated_missed_links import (
    BY_GROUP,
    BY_REVIEW,
    BY_SIMULATED_REVIEW,
    GROUPINGS,
    estimated_sensitivities,
)
from modelling_assets.steps.sensitivity.other_imputations import imputed_by, more_imputations
from modelling_assets.steps.sensitivity.sensitivity_design import design_of
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR_ADDED
from resources.settings.modelling_settings import Modelling
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

LINK, RECONVICTION = "linked_atr", "reconvicted_atr"
BY_REGRESSIONS = imputed_by("regressions")


@pytest.fixture(scope="module")
def settings() -> Modelling:
    """Two models of sex and age, three more imputations, and a short list of what is tried."""
    published = load_study_settings().modelling
    sensitivity = published.sensitivity.model_copy(
        update={
            "imputations": 3,
            "link_thresholds": [0.5, 0.999],
            "sensitivities": [0.8, 0.9],
            "specificities": [0.98, 1.0],
            "lower_by": 0.1,
        }
    )
    factors = {name: published.factors[name] for name in ("sex", "age_band")}
    kept = {name: published.models[name].model_copy(update={"factors": list(factors)}) for name in (LINK, RECONVICTION)}
    imputation = published.imputation.model_copy(update={"imputations": 2, "iterations": 1})
    return published.model_copy(
        update={"sensitivity": sensitivity, "factors": factors, "models": kept, "imputation": imputation}
    )


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    """6,000 requirements of 2,000 people, alike in all of theirs; women are linked more; a tenth has no age."""
    random = np.random.default_rng(11)
    people, each = 2000, 3
    women, old = random.random(people) < 0.4, random.random(people) < 0.5
    linked = random.random(people) < expit(-0.3 + 0.9 * women + 0.2 * old)
    looser = linked | (random.random(people) < 0.1)
    gap = random.random(people) < 0.1
    columns = {
        "person_key": [f"P{number:04d}" for number in range(people)],
        "requirement_type": ["ATR"] * people,
        "sentence_year": [2019 + number % 3 for number in range(people)],
        "region": random.choice(["North East", "North West", "South West"], people),
        "sex": np.where(women, "Female", "Male"),
        "age_band": [
            None if hole else "50 and over" if late else "18 to 29" for hole, late in zip(gap, old, strict=True)
        ],
        "linked_structured": linked,
        "reconvicted": (reconvicted := random.random(people) < 0.3),
        "convicted_again": reconvicted & (np.arange(people) % 4 > 0),
        "followed_in_full": np.arange(people) % 5 > 0,
        "linked_up_to_threshold": [
            0.999 if sure else 0.5 if likely else None for sure, likely in zip(linked, looser, strict=True)
        ],
    }
    types = {"age_band": pl.String, "linked_up_to_threshold": pl.Float64}
    once = pl.DataFrame({name: list(values) for name, values in columns.items()}, schema_overrides=types)
    return pl.concat([once] * each).with_columns(
        requirement_key=pl.concat_str(pl.lit("R"), pl.int_range(pl.len()).cast(pl.String).str.zfill(5))
    )


@pytest.fixture(scope="module")
def imputed(frame, settings) -> pl.DataFrame:
    return impute_frames(frame, settings)


@pytest.fixture(scope="module")
def estimates(frame, imputed, settings) -> pl.DataFrame:
    return models.estimate_alternatives(frame, imputed, settings)


def of(estimates: pl.DataFrame, alternative: str, model: str = LINK, level: str = "Female") -> dict:
    rows = estimates.filter(pl.col("model") == model, pl.col("alternative") == alternative, pl.col("level") == level)
    return rows.row(0, named=True)


def test_the_estimates_are_what_their_schema_says(estimates):
    check_frame(estimates, TABLES["sensitivity_estimates"], "sensitivity_estimates")


def test_models_of_reconviction_have_alternatives_about_follow_up_and_none_about_links(estimates):
    found = estimates.filter(pl.col("model") == RECONVICTION)["alternative"].unique().to_list()

    assert sorted(found) == sorted(
        [
            models.REGION_EFFECTS,
            models.CLUSTERED,
            YEAR_ADDED,
            models.COMPLETE,
            more_imputations(3),
            BY_REGRESSIONS,
            models.FOLLOWED,
            models.CONVICTIONS,
        ]
    )


def test_those_followed_in_full_are_fitted_as_if_nobody_else_were_there(estimates, frame, imputed, settings):
    followed = frame.filter("followed_in_full")
    at_hand = imputed.join(followed, on="requirement_key", how="semi", maintain_order="left")
    one = settings.model_copy(update={"models": {RECONVICTION: settings.models[RECONVICTION]}})

    def alone(requirements: pl.DataFrame) -> dict:
        outcomes = requirements.select("requirement_key", now="reconvicted")
        completed = at_hand.filter(pl.col("model") == RECONVICTION).join(
            outcomes, on="requirement_key", maintain_order="left"
        )
        data = completed.with_columns(outcome="now").drop("now")
        return of(models.estimate_alternatives(requirements, data, one), models.REGION_EFFECTS, RECONVICTION)

    convicted = followed.with_columns(reconvicted="convicted_again")
    for alternative, expected in ((models.FOLLOWED, alone(followed)), (models.CONVICTIONS, alone(convicted))):
        found = of(estimates, alternative, RECONVICTION)
        assert found["estimate"] == pytest.approx(expected["estimate"], abs=1e-9)
        assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-6)
        assert found["estimate"] != of(estimates, models.REGION_EFFECTS, RECONVICTION)["estimate"]


def test_region_fixed_effects_give_nearly_the_published_odds_ratio(estimates, imputed, settings):
    published = pool_estimates(fit_models(imputed, settings), settings)
    female = published.filter(pl.col("model") == LINK, pl.col("level") == "Female").row(0, named=True)

    found = of(estimates, models.REGION_EFFECTS)

    assert found["estimate"] == pytest.approx(female["estimate"], abs=0.01)
    assert found["std_error"] == pytest.approx(female["std_error"], rel=0.01)


def test_errors_clustered_by_person_see_that_three_alike_requirements_are_one(estimates):
    plain, clustered = of(estimates, models.REGION_EFFECTS), of(estimates, models.CLUSTERED)

    assert clustered["estimate"] == plain["estimate"]
    assert clustered["std_error"] == pytest.approx(np.sqrt(3) * plain["std_error"], rel=0.03)


def test_complete_cases_leave_out_whoever_has_a_gap(estimates, frame, settings):
    complete = frame.drop_nulls("age_band")
    alone = models.estimate_alternatives(complete, impute_frames(complete, settings), settings)

    found, expected = of(estimates, models.COMPLETE), of(alone, models.REGION_EFFECTS)

    assert found["estimate"] == pytest.approx(expected["estimate"], abs=1e-9)
    assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-6)
    assert found["std_error"] > of(estimates, models.REGION_EFFECTS)["std_error"]


def test_more_imputations_are_as_many_as_asked_for(estimates, frame, settings):
    imputation = settings.imputation.model_copy(update={"imputations": 3})
    three = settings.model_copy(update={"imputation": imputation})
    expected = of(models.estimate_alternatives(frame, impute_frames(frame, three), three), models.REGION_EFFECTS)

    assert of(estimates, more_imputations(3))["estimate"] == pytest.approx(expected["estimate"], abs=1e-12)


def test_fewer_data_sets_than_the_published_models_have_are_the_first_of_theirs(frame, imputed, settings):
    three = settings.model_copy(update={"imputation": settings.imputation.model_copy(update={"imputations": 3})})
    two = three.model_copy(update={"sensitivity": settings.sensitivity.model_copy(update={"imputations": 2})})
    expected = of(models.estimate_alternatives(frame, imputed, settings), models.REGION_EFFECTS)

    found = of(models.estimate_alternatives(frame, impute_frames(frame, three), two), more_imputations(2))

    assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-9)


def test_the_other_way_of_imputing_stands_beside_the_one_that_is_chosen(estimates, frame, imputed, settings):
    imputation = settings.imputation.model_copy(update={"method": "regressions"})
    by_regressions = settings.model_copy(update={"imputation": imputation})
    completed = impute_frames(frame, by_regressions)
    expected = models.estimate_alternatives(frame, completed, by_regressions)

    found = of(estimates, BY_REGRESSIONS)
    assert found["estimate"] == pytest.approx(of(expected, models.REGION_EFFECTS)["estimate"], abs=1e-12)
    assert found["estimate"] != of(estimates, models.REGION_EFFECTS)["estimate"]
    swapped = of(expected, imputed_by("miceforest_pmm"))
    assert swapped["estimate"] == pytest.approx(of(estimates, models.REGION_EFFECTS)["estimate"], abs=1e-12)


def test_a_threshold_takes_its_own_links(estimates, frame, imputed, settings):
    looser = frame.with_columns(linked_structured=pl.col("linked_up_to_threshold").is_not_null())
    keys = looser.select("requirement_key", now="linked_structured")
    relinked = imputed.filter(pl.col("model") == LINK).join(keys, on="requirement_key", maintain_order="left")
    relinked = relinked.with_columns(outcome="now").drop("now")
    one = settings.model_copy(update={"models": {LINK: settings.models[LINK]}})

    expected = of(models.estimate_alternatives(looser, relinked, one), models.REGION_EFFECTS)

    assert of(estimates, models.link_threshold(0.5))["estimate"] == pytest.approx(expected["estimate"], abs=1e-9)
    same = of(estimates, models.link_threshold(0.999))["estimate"]
    assert same == pytest.approx(of(estimates, models.REGION_EFFECTS)["estimate"], abs=1e-9)


def estimated_missed(*groups: tuple[str, str, float], simulated: bool = False) -> pl.DataFrame:
    """What linkage estimates: 20% missed of all, by its model and by review, and shares by grouping and level."""
    rows = [
        *(("groups", *group[:2], "Expected missed (% of expected true)", group[2], None) for group in groups),
        ("groups", "All people", "All people", "Expected missed (% of expected true)", 20.0, None),
        ("review", "Results", "Recall among scored pairs", "Estimate (%)", 80.0, None),
        ("review", "Design", "Reviewers are", "Value", None, "simulated from truth" if simulated else "people"),
    ]
    columns = ["section", "row_group", "row_label", "measure", "value", "words"]
    nothing = pl.lit(None, pl.Float64)
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("order")
    return frame.with_columns(lower=nothing, upper=nothing)


def test_missed_links_as_estimated_move_an_association_as_far_as_the_same_sensitivity_does(frame, imputed, settings):
    women = pl.col("sex") == "Female"
    grouped = frame.with_columns(
        accommodation=pl.when(women).then(pl.lit("Settled")).otherwise(pl.lit("No fixed address")),
        ethnic_group=pl.when(women).then(pl.lit("White")),
    )
    quality = estimated_missed(
        ("Accommodation at sentence", "Settled", 28.0), ("Ethnic group", "White", 28.0), ("Sex", "Female", 28.0)
    )
    one = settings.model_copy(update={"models": {LINK: settings.models[LINK]}})

    found = models.estimate_alternatives(grouped, imputed, one, quality)

    review, assumed = (of(found, name)["estimate"] for name in (BY_REVIEW, models.wrong_links(0.8, 1.0)))
    assert review == pytest.approx(assumed, abs=1e-6)
    # Women are the level in each grouping; whose group is not recorded has the rate of all.
    by_group = {column: of(found, BY_GROUP[column])["estimate"] for column in ("accommodation", "ethnic_group", "sex")}
    assert len(set(by_group.values())) == 1
    assert by_group["ethnic_group"] > review > of(found, models.REGION_EFFECTS)["estimate"]
    assert not {BY_GROUP["age_band"], BY_GROUP["region"]} & set(found["alternative"])
    assert_frame_equal(models.estimate_alternatives(grouped, imputed, one, quality), found, check_exact=True)


def test_what_a_program_found_in_place_of_reviewers_is_named_so():
    assert list(estimated_sensitivities(estimated_missed())) == [BY_REVIEW]
    assert list(estimated_sensitivities(estimated_missed(simulated=True))) == [BY_SIMULATED_REVIEW]
    every = estimated_missed(*((grouping, "A", 10.0) for grouping, _ in GROUPINGS.values()))
    assert list(estimated_sensitivities(every)) == [*BY_GROUP.values(), BY_REVIEW]


def test_missed_links_move_an_association_away_from_one_and_more_missed_women_further(estimates):
    plain = of(estimates, models.REGION_EFFECTS)["estimate"]
    alike = of(estimates, models.wrong_links(0.8, 1.0))["estimate"]
    women_missed = of(estimates, models.wrong_links_of_level(0.9, 0.1))["estimate"]

    assert 0 < plain < alike
    assert women_missed > plain


def test_a_level_with_too_few_records_is_not_estimable_under_any_assumption(frame, settings):
    few = (
        frame.with_row_index()
        .with_columns(sex=pl.when(pl.col("index") < 12).then(pl.lit("Female")).otherwise(pl.lit("Male")))
        .drop("index")
    )
    estimates = models.estimate_alternatives(few, impute_frames(few, settings), settings)
    women = estimates.filter(pl.col("level") == "Female")

    assert set(women["status"]) == {"not estimable"}
    assert women["reason"].str.contains("fewer than 10").all()
    assert women["odds_ratio"].null_count() == women.height


def test_a_study_too_small_for_a_model_has_reasons_and_no_number(frame, settings):
    few = frame.head(8).with_columns(linked_structured=pl.lit(True))
    estimates = models.estimate_alternatives(few, impute_frames(few, settings), settings)

    assert estimates["alternative"].n_unique() == 13
    assert set(estimates["status"]) == {"not estimable"}


def test_records_of_a_level_without_the_outcome_leave_the_design(settings):
    data = pl.DataFrame(
        {
            "region": ["North East", "North West"] * 40,
            "sex": ["Male"] * 60 + ["Female"] * 20,
            "age_band": ["18 to 29", "18 to 29", "50 and over", "50 and over"] * 20,
        }
    )
    outcome = np.concatenate([np.arange(60) % 3 == 0, np.zeros(20, bool)])

    design = design_of(data, outcome, LINK, settings)

    assert design.kept.sum() == 60
    assert ("sex", "Female") not in design.columns
    assert "fewer than 10" in design.reasons["sex", "Female"]


def test_the_same_run_twice_is_identical(estimates, frame, imputed, settings):
    assert_frame_equal(models.estimate_alternatives(frame, imputed, settings), estimates, check_exact=True)
