"""From the two crossing tables to pooled odds ratios, on small frames made here."""

import numpy as np
import polars as pl
import pytest

from modelling_assets.schemas.modelling import TABLES
from modelling_assets.steps.imputation.impute_frames import FACTOR_COLUMNS, impute_frames
from modelling_assets.steps.models.fit_models import FIT_COLUMNS, fit_models
from modelling_assets.steps.models.pool_estimates import pool_by_rubin, pool_estimates
from modelling_assets.steps.records.build_analysis_frame import EngagementDoesNotMatchRequest, build_analysis_frame
from modelling_assets.steps.records.select_model_records import count_model_records
from resources.settings.imputation_settings import Imputation
from resources.settings.modelling_settings import Engagement, Factor, Model, Modelling
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame
from tests.unit.modelling_assets.random_requirements import requirements

LEVELS = {"sex": ["Male", "Female"], "rsr_band": ["Low", "Medium", "High"]}


def settings(
    factors: dict[str, list[str]] = LEVELS, excluded: dict[str, list[str]] | None = None, **changes
) -> Modelling:
    values = {
        "seed": 7,
        "imputation": Imputation(method="regressions", imputations=2, iterations=1, traced_iterations=2),
        "random_intercept": "region",
        "confidence_level": 0.95,
        "minimum_level_count": 10,
        "rare_level_records": 0,
        "largest_log_odds": 8.0,
        "largest_standard_error": 5.0,
        "strong_odds_ratio": 2.0,
        "moderate_odds_ratio": 1.25,
        "engagement": Engagement(seed=1, bootstrap_replicates=100, least_informative_labels=0.1),
        "sensitivity": load_study_settings().modelling.sensitivity,
        "models": {"linked_atr": Model(requirement_type="ATR", outcome="linked_structured", factors=list(factors))},
        "factors": {
            name: Factor(label=name, levels=levels, excluded=(excluded or {}).get(name, []))
            for name, levels in factors.items()
        },
    }
    return Modelling(**{**values, **changes})


def completed(n: int = 400, imputations: int = 2, **columns) -> pl.DataFrame:
    frame = requirements(n, **columns).rename({"linked_structured": "outcome"})
    absent = [pl.lit(None, pl.String).alias(name) for name in FACTOR_COLUMNS if name not in frame.columns]
    return pl.concat(
        frame.with_columns(*absent, model=pl.lit("linked_atr"), imputation=pl.lit(number, pl.Int32))
        for number in range(1, imputations + 1)
    )


def status_of(fits: pl.DataFrame, level: str) -> tuple[str, str | None]:
    row = fits.filter(pl.col("level") == level).row(0, named=True)
    return row["status"], row["reason"]


# The analysis frame


def test_a_requirement_without_a_note_request_has_no_engagement():
    frame = build_analysis_frame(
        pl.DataFrame(
            {
                "requirement_key": ["b", "a"],
                "note_sampled": [True, False],
                "linked_structured": [False, True],
                "treatment_status": [None, "Completed"],
                "offence_group": [None, "Theft offences"],
                "drink_driving": [None, False],
            }
        ),
        pl.DataFrame({"requirement_key": ["b"], "any_engaged": [True]}),
    )
    assert frame.select("requirement_key", "any_engaged", "treatment_status").rows() == [
        ("a", None, "Completed"),
        ("b", True, "Not linked"),
    ]


def test_drink_driving_is_an_offence_of_its_own_beside_other_summary_motoring():
    offences = [("Summary motoring", True), ("Summary motoring", False), ("Theft offences", False), (None, None)]
    frame = build_analysis_frame(
        pl.DataFrame(
            {
                "requirement_key": ["a", "b", "c", "d"],
                "note_sampled": [False] * 4,
                "linked_structured": [False] * 4,
                "treatment_status": pl.Series([None] * 4, dtype=pl.String),
                "offence_group": [group for group, _ in offences],
                "drink_driving": [flag for _, flag in offences],
            }
        ),
        pl.DataFrame(schema={"requirement_key": pl.String}),
    )
    levels = load_study_settings().modelling.factors["offence_group"].levels
    assert frame["offence_group"].to_list() == ["Drink driving", "Other summary motoring", "Theft offences", None]
    assert {"Drink driving", "Other summary motoring"} <= set(levels) and "Summary motoring" not in levels


def test_engagement_made_from_another_note_request_is_refused_without_quoting_a_key():
    with pytest.raises(EngagementDoesNotMatchRequest, match=r"lacks 1 requirement.*has 1 that") as caught:
        build_analysis_frame(
            pl.DataFrame(
                {
                    "requirement_key": ["key-a"],
                    "note_sampled": [True],
                    "linked_structured": [False],
                    "treatment_status": [None],
                    "offence_group": [None],
                    "drink_driving": [None],
                }
            ),
            pl.DataFrame({"requirement_key": ["key-b"], "any_engaged": [True]}),
        )
    assert "key-" not in str(caught.value)


# Which records


def test_records_without_an_outcome_and_excluded_levels_leave_and_are_counted():
    levels = {"treatment_status": ["Not linked", "Completed"]}
    study = settings(levels, {"treatment_status": ["Prison"]})
    frame = requirements(
        4,
        requirement_type=["ATR", "ATR", "ATR", "DRR"],
        linked_structured=[True, None, False, True],
        treatment_status=["Completed", "Completed", "Prison", "Completed"],
    )
    assert count_model_records(frame, study).select("step", "before", "removed", "after").rows() == [
        ("without an outcome", 3, 1, 2),
        ("excluded value", 2, 1, 1),
    ]
    assert impute_frames(frame, study)["requirement_key"].to_list() == ["r0000", "r0000"]


# Fits


def test_every_level_has_a_row_and_the_reference_none_but_its_counts():
    fits = fit_models(completed(), settings())
    first = fits.filter(pl.col("imputation") == 1)
    assert first["term"].to_list() == [
        "(Intercept)",
        "sex=Male",
        "sex=Female",
        "rsr_band=Low",
        "rsr_band=Medium",
        "rsr_band=High",
        "region=North East",
        "region=North West",
        "region=South West",
    ]
    assert first["status"].to_list()[:6] == ["ok", "reference", "ok", "reference", "ok", "ok"]
    assert first.filter(pl.col("factor") == "sex")["records"].sum() == 400
    assert fits.filter(pl.col("status") == "reference")["estimate"].null_count() == 4
    assert fits["parameters"].unique().to_list() == [4]


def test_an_effect_that_is_there_is_found():
    n = 4000
    random = np.random.default_rng(11)
    sex = random.choice(["Male", "Female"], n)
    linked = random.random(n) < 1 / (1 + np.exp(-np.where(sex == "Female", 0.8, 0.0)))
    fits = fit_models(completed(n, sex=sex.tolist(), linked_structured=linked.tolist()), settings())
    female = fits.filter(pl.col("level") == "Female").row(0, named=True)
    assert abs(female["estimate"] - 0.8) < 3 * female["std_error"]
    assert female["std_error"] < 0.1


def test_the_check_model_agrees_with_the_mixed_model():
    fits = fit_models(completed(3000), settings()).filter(pl.col("check_estimate").is_not_null())
    apart = np.abs(fits["estimate"].to_numpy() - fits["check_estimate"].to_numpy())
    assert fits.height == 8 and apart.max() < 0.1 * fits["std_error"].to_numpy().min()


def test_a_level_that_always_has_the_outcome_is_not_estimable_and_its_records_leave():
    band = ["High"] * 40 + ["Low", "Medium"] * 180
    linked = [True] * 40 + [True, True, False, False] * 90
    fits = fit_models(completed(400, rsr_band=band, linked_structured=linked), settings())
    assert status_of(fits, "High") == ("not estimable", "fewer than 10 records with the outcome or without it")
    assert fits.filter(pl.col("level") == "High")["estimate"].null_count() == 2
    assert status_of(fits, "Medium") == ("ok", None)
    assert fits["n"].unique().to_list() == [360]
    assert fits.filter(pl.col("level") == "High")["records"].to_list() == [40, 40]


def test_a_sparse_level_stays_in_the_fit_but_has_no_number():
    band = ["High"] * 40 + ["Low", "Medium"] * 180
    linked = [False] * 5 + [True] * 35 + [True, True, False, False] * 90
    fits = fit_models(completed(400, rsr_band=band, linked_structured=linked), settings())
    assert status_of(fits, "High")[0] == "not estimable"
    assert fits["n"].unique().to_list() == [400]
    assert fits["parameters"].unique().to_list() == [4]


def test_no_level_can_be_compared_with_a_sparse_reference_level():
    band = ["Low"] * 4 + ["High", "Medium"] * 198
    fits = fit_models(completed(400, rsr_band=band), settings())
    assert status_of(fits, "High") == (
        "not estimable",
        "reference level: fewer than 10 records with the outcome or without it",
    )
    assert status_of(fits, "Female")[0] == "ok"


def test_two_levels_with_the_same_records_are_not_estimable_and_the_fit_survives():
    band = ["High", "Low", "Medium", "Low"] * 100
    length = ["Long" if value == "High" else "Short" for value in band]
    study = settings({**LEVELS, "length_band": ["Short", "Long"]})
    fits = fit_models(completed(400, rsr_band=band, length_band=length), study)
    left_out = "cannot be told apart from rsr_band: High: left out of the fit, as a combination of what is in it"
    assert status_of(fits, "Long") == ("not estimable", left_out)
    assert status_of(fits, "High") == ("not estimable", "cannot be told apart from length_band: Long")
    assert status_of(fits, "Medium")[0] == "ok"


def test_an_estimate_beyond_the_limits_is_not_estimable():
    study = settings(largest_standard_error=1e-6)
    fits = fit_models(completed(), study).filter(pl.col("factor").ne_missing("region"))
    assert set(fits["status"]) == {"reference", "not estimable"}


def test_an_outcome_that_never_happens_leaves_nothing_to_estimate():
    fits = fit_models(completed(linked_structured=[False] * 400), settings())
    assert set(fits["status"]) == {"reference", "not estimable"}
    assert fits["n"].unique().to_list() == [0]


def test_a_model_without_records_still_has_its_rows():
    fits = fit_models(completed().clear(), settings())
    assert fits.height == 12
    assert set(fits["status"]) == {"reference", "not estimable"}


def test_one_region_is_enough_to_fit():
    fits = fit_models(completed(region=["North East"] * 400), settings())
    assert status_of(fits, "Female")[0] == "ok"


def test_why_a_whole_model_has_no_estimate_is_said_at_every_level():
    linked = [True, False] * 200
    region = ["North East" if hit else "London" for hit in linked]
    fits = fit_models(completed(region=region, linked_structured=linked), settings())
    status, reason = status_of(fits, "Female")
    assert status == "not estimable" and reason and "in every group all records have the same outcome" in reason
    assert status_of(fits, "High") == (status, reason)


def test_fits_of_the_same_records_are_identical():
    assert fit_models(completed(), settings()).equals(fit_models(completed(), settings()))


# Pooling


def fitted(**columns) -> pl.DataFrame:
    """Two imputations of one factor with a reference and one level, as fit_models returns them."""
    values = {
        "model": ["linked_atr"] * 4,
        "imputation": [1, 1, 2, 2],
        "term": ["sex=Male", "sex=Female"] * 2,
        "factor": ["sex"] * 4,
        "level": ["Male", "Female"] * 2,
        "records": [300, 100, 299, 101],
        "outcome_records": [150, 50, 150, 50],
        "status": ["reference", "ok"] * 2,
        "reason": [None] * 4,
        "estimate": [None, 0.9, None, 1.0],
        "std_error": [None, 0.1, None, 0.1],
        "check_estimate": [None, 0.9, None, 1.0],
        "random_intercept_sd": [0.2] * 4,
        "check_random_intercept_sd": [0.2] * 4,
        "engines_agree": [True] * 4,
        "quadrature_shift": [0.0] * 4,
        "log_likelihood": [-250.0] * 4,
        "n": [400] * 4,
        "parameters": [2] * 4,
    }
    return pl.DataFrame({**values, **columns}, schema=FIT_COLUMNS)


def pooled_female(study: Modelling | None = None, **columns) -> dict:
    pooled = pool_estimates(fitted(**columns), study or settings({"sex": ["Male", "Female"]}))
    return pooled.filter(pl.col("level") == "Female").row(0, named=True)


def test_pooling_adds_the_spread_between_imputations():
    female = pooled_female()
    assert female["estimate"] == pytest.approx(0.95)
    assert female["std_error"] == pytest.approx((0.01 + 1.5 * 0.005) ** 0.5)
    assert female["odds_ratio"] == pytest.approx(np.exp(0.95))
    assert female["ci_low"] < female["odds_ratio"] < female["ci_high"]


def test_imputations_that_agree_have_the_degrees_of_freedom_of_complete_data():
    pooled = pool_by_rubin(np.array([[0.5], [0.5]]), np.array([[0.1], [0.1]]), np.array([1000.0]))
    assert pooled.df[0] == pytest.approx(1001 / 1003 * 1000, rel=2e-4)
    assert pooled.std_error[0] == pytest.approx(0.1)


def test_the_reference_level_has_odds_ratio_one_and_nothing_else():
    pooled = pool_estimates(fitted(), settings({"sex": ["Male", "Female"]}))
    male = pooled.row(0, named=True)
    assert (male["level"], male["reference"], male["odds_ratio"], male["p_value"], male["significant"]) == (
        "Male",
        True,
        1.0,
        None,
        False,
    )


def test_a_level_that_one_imputation_cannot_estimate_has_no_number():
    female = pooled_female(
        status=["reference", "ok", "reference", "not estimable"],
        reason=[None, None, None, "too few"],
        estimate=[None, 0.9, None, None],
        std_error=[None, 0.1, None, None],
    )
    assert (female["status"], female["reason"], female["odds_ratio"], female["direction"]) == (
        "not estimable",
        "too few",
        None,
        "",
    )


def test_nothing_estimable_is_still_a_table():
    female = pooled_female(
        status=["reference", "not estimable"] * 2,
        reason=[None, "too few"] * 2,
        estimate=[None] * 4,
        std_error=[None] * 4,
    )
    assert female["status"] == "not estimable"


@pytest.mark.parametrize(
    ("log_odds", "direction", "strength"),
    [
        (0.9, "higher", "strong"),
        (-0.9, "lower", "strong"),
        (0.5, "higher", "moderate"),
        (-0.5, "lower", "moderate"),
        (0.21, "higher", "weak"),
        (0.05, "no difference", ""),
    ],
)
def test_an_association_is_put_into_words(log_odds, direction, strength):
    female = pooled_female(estimate=[None, log_odds] * 2, std_error=[None, 0.05] * 2)
    assert (female["direction"], female["strength"]) == (direction, strength)


def test_the_levels_of_a_factor_add_up_to_the_records_of_the_model():
    study = settings({"rsr_band": ["Low", "Medium", "High"]})
    band, level = "rsr_band", ["Low", "Medium", "High"]
    fits = pl.DataFrame(
        {
            "model": ["linked_atr"] * 6,
            "imputation": [1, 1, 1, 2, 2, 2],
            "term": [f"{band}={name}" for name in level] * 2,
            "factor": [band] * 6,
            "level": level * 2,
            "records": [10, 10, 11, 11, 11, 9],
            "outcome_records": [4, 4, 5, 5, 5, 3],
            "status": ["reference", "not estimable", "not estimable"] * 2,
            "reason": [None, "too few", "too few"] * 2,
            "n": [31] * 6,
            "parameters": [0] * 6,
        },
        schema_overrides=FIT_COLUMNS,
    ).with_columns(
        *[pl.lit(None, pl.Float64).alias(name) for name in ("estimate", "std_error")],
        engines_agree=pl.lit(None, pl.Boolean),
        quadrature_shift=pl.lit(None, pl.Float64),
    )
    pooled = pool_estimates(fits, study)
    assert (pooled["records"].sum(), pooled["outcome_records"].sum()) == (31, 13)


# From beginning to end


def test_two_runs_from_frame_to_odds_ratios_give_identical_tables():
    frame = requirements(300).with_columns(
        pl.when(pl.int_range(pl.len()) % 6 == 0).then(None).otherwise("rsr_band").alias("rsr_band")
    )
    study = settings()
    first, second = (pool_estimates(fit_models(impute_frames(frame, study), study), study) for _ in range(2))
    assert first.equals(second)


def test_the_tables_are_what_their_schemas_declare():
    study = settings()
    imputed = impute_frames(requirements(100), study)
    fits = fit_models(imputed, study)
    tables = {"imputed_frames": imputed, "model_fits": fits, "pooled_odds_ratios": pool_estimates(fits, study)}
    for name, frame in tables.items():
        assert check_frame(frame, TABLES[name], name).height > 0
