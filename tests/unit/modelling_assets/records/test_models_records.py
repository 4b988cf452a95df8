"""Who is in a model: missing outcomes, excluded values and rare levels, in that order, each counted."""

import polars as pl

from modelling_assets.schemas.modelling import ModelRecords
from modelling_assets.steps.records.select_model_records import count_model_records, records_of_model
from resources.settings.modelling_settings import Factor, Modelling
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame


def study(rare: int, when_rare: str = "exclude") -> Modelling:
    settings = load_study_settings().modelling
    factors = {
        "offence_group": Factor.model_validate(
            {"label": "Offence", "levels": ["Theft", "Robbery", "Fraud"], "when_rare": when_rare}
        ),
        "treatment_status": Factor(label="Treatment", levels=["Not linked", "Completed"], excluded=["Prison", "Died"]),
    }
    model = settings.models["reconvicted_atr"].model_copy(update={"factors": list(factors)})
    return settings.model_copy(
        update={"factors": factors, "models": {"reconvicted_atr": model}, "rare_level_records": rare}
    )


def frame() -> pl.DataFrame:
    rows = [
        *[("ATR", True, "Theft", "Completed")] * 5,
        *[("ATR", False, "Robbery", "Not linked")] * 2,
        ("ATR", None, "Fraud", "Completed"),
        ("ATR", True, "Fraud", "Prison"),
        ("ATR", True, "Fraud", "Completed"),
        ("ATR", True, None, "Died"),
        ("ATR", False, None, None),
        ("DRR", True, "Theft", "Completed"),
    ]
    made = pl.DataFrame(
        rows, schema=["requirement_type", "reconvicted", "offence_group", "treatment_status"], orient="row"
    )
    return made.with_columns(region=pl.lit("North East"), requirement_key=pl.format("r{}", pl.int_range(pl.len())))


def counted(settings: Modelling) -> list[tuple]:
    counts = count_model_records(frame(), settings)
    check_frame(counts, ModelRecords, "model_records")
    return counts.drop("model", "order").rows()


def test_each_rule_says_what_it_took_out():
    assert counted(study(rare=3)) == [
        ("without an outcome", None, None, 12, 1, 11),
        ("excluded value", "treatment_status", "Prison", 11, 1, 10),
        ("excluded value", "treatment_status", "Died", 10, 1, 9),
        ("rare level", "offence_group", "Robbery", 9, 2, 7),
        ("rare level", "offence_group", "Fraud", 7, 1, 6),
    ]


def test_a_rare_level_stays_where_the_sheet_says_keep():
    assert [step for step, *_ in counted(study(rare=3, when_rare="keep"))].count("rare level") == 0


def test_what_is_left_is_what_is_modelled_and_a_missing_value_is_not_rare():
    settings = study(rare=3)
    kept = records_of_model(frame(), settings.models["reconvicted_atr"], settings)
    assert kept["offence_group"].to_list().count("Theft") == 5
    assert kept.height == count_model_records(frame(), settings)["after"].to_list()[-1]


def test_a_level_is_rare_by_what_is_left_after_the_rules_before_it():
    # Three records of fraud, of which one has no outcome and one is in prison.
    levels = [level for step, _, level, *_ in counted(study(rare=2)) if step == "rare level"]
    assert levels == ["Fraud"]


def test_a_missing_factor_does_not_take_a_record_out():
    settings = study(rare=0)
    kept = records_of_model(frame(), settings.models["reconvicted_atr"], settings)
    assert kept.filter(pl.col("offence_group").is_null()).height == 1
