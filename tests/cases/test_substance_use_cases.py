"""Runs the hard cases of tests/cases/substance_use.yaml, and what they cannot say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from contracts.crossings import SUBSTANCES, SubstanceUse
from contracts.sources.ndtms import USE_COLUMNS
from linkage_assets.schemas.combining import OutcomeForms, SubstanceChanges
from linkage_assets.steps.courts.read_outcome_forms import read_outcome_forms
from linkage_assets.steps.release.anonymise_substance_use import anonymise_substance_use
from linkage_assets.steps.requirements.combining_code_lists import drug_class, form_substance
from linkage_assets.steps.treatment.build_journeys import build_journeys
from linkage_assets.steps.treatment.choose_journeys import answering_journeys
from linkage_assets.steps.treatment.compare_substance_use import compare_substance_use
from linkage_assets.steps.treatment.read_episodes import read_episodes
from resources.zone.schema_check import check_frame

CASES = yaml.safe_load((Path(__file__).resolve().parent / "substance_use.yaml").read_text(encoding="utf-8"))
OBSERVATION_END = date(2023, 3, 31)
SETS = ["adult_community", "yp_community", "adult_secure", "yp_secure"]
# The requirement's own start is on the day of sentence, whenever treatment started.
REQUIREMENT = pl.DataFrame(
    {
        "requirement_pseudonym": ["R1"],
        "person_pseudonym": ["P1"],
        "disposal_date": [date(2020, 6, 1)],
        "start_date": [date(2020, 6, 1)],
    }
)


def _inputs(case: dict, extract, backwards: bool = False):
    sets = {name: [] for name in SETS}
    for number, episode in enumerate(case["episodes"], start=1):
        sets[episode.get("set", "adult_community")].append(
            {
                "AGNCY": "A0001",
                "CLIENTID": episode.get("client", "N1"),
                "CONSENT": episode.get("consent", "Y"),
                "EPISODID": episode.get("key", f"E{number}"),
                "TRIAGED": episode["triaged"],
                "DISD": episode["discharged"],
                "DISRSN": episode.get("reason"),
                "DRUG1": episode.get("drug", "7000"),
            }
        )
    forms = [
        {
            "AGNCY": form.get("agency", "A0001"),
            "CLIENTID": form.get("client", "N1"),
            "EPISODID": form.get("key", "E1"),
            "TOPDATE": form["date"],
            "TRSTAGE": form["stage"],
            **dict.fromkeys(USE_COLUMNS, 0),
            "ALCUSE": form["use"],
            "OPIUSE": form.get("opiates", 0),
        }
        for form in case["forms"]
    ]
    forms = forms[::-1] if backwards else forms
    clients = pl.DataFrame({"client_id": ["N1", "N2"], "client_pseudonym": ["DPN1", "DPN2"]})
    return {name: extract(name, *rows) for name, rows in sets.items()}, extract("outcome_profile", *forms), clients


def _changes(case: dict, extract, settings, backwards: bool = False) -> pl.DataFrame:
    data_sets, profile, clients = _inputs(case, extract, backwards)
    combining = settings.combining
    episodes = read_episodes(data_sets, extract("cjit"), clients, OBSERVATION_END)
    forms = read_outcome_forms(profile, data_sets, clients, combining, OBSERVATION_END)
    check_frame(forms, OutcomeForms, "outcome_forms")
    linked = [f"DP{client}" for client in case.get("linked", ["N1"])]
    person_key = pl.DataFrame({"person_pseudonym": ["P1"] * len(linked), "client_pseudonym": linked})
    journeys = answering_journeys(REQUIREMENT, build_journeys(episodes, combining), person_key, combining)
    changes = compare_substance_use(REQUIREMENT, journeys, forms, person_key, combining.outcome_forms, OBSERVATION_END)
    return check_frame(changes, SubstanceChanges, "substance_changes")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hard_case_of_substance_use(case, extract, settings):
    changes = _changes(case, extract, settings)
    assert changes["substance"].to_list() == sorted(SUBSTANCES)
    (alcohol,) = changes.filter(substance="Alcohol").select("days_at_start", "days_at_last", "last_stage").rows()
    assert list(alcohol) == case["expect"], case["decoy"]
    if "main" in case:
        main = changes.filter("main_problem")["substance"].to_list()
        assert main == ([case["main"]] if case["main"] else []), case["decoy"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_order_of_the_forms_changes_nothing(case, extract, settings):
    assert_frame_equal(_changes(case, extract, settings), _changes(case, extract, settings, backwards=True))


def test_case_names_are_all_different():
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_where_no_form_was_sent_nothing_is_known_of_anybody(extract, settings):
    changes = _changes(CASES[0] | {"forms": []}, extract, settings)
    assert changes.height == len(SUBSTANCES)
    assert changes.select(pl.exclude("requirement_pseudonym", "substance").is_null().all()).row(0) == (True,) * 4


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("1011", "Opiates"),
        ("Heroin", "Opiates"),
        ("1199", "Opiates"),
        ("3201 - Crack", "Crack"),
        ("3200", "Cocaine"),
        ("3100", "Amphetamines"),
        ("3190", "Amphetamines"),
        ("5001", "Cannabis"),
        ("7000", "Alcohol"),
        ("2200", "Other drugs"),
        ("3406", "Other drugs"),
        ("9005", "Other drugs"),
        ("9997", None),
        ("3409", None),
        ("unknown words", None),
    ],
)
def test_a_problem_substance_is_asked_about_under_one_substance(text, substance):
    found = pl.select(form_substance(pl.lit(text)), drug_class(pl.lit(text)).alias("kind"))
    assert found.to_series(0).item() == substance
    assert (substance is None) == (found["kind"].item() in (None, "none"))


def test_what_crosses_cannot_be_put_together_over_substances_or_joined_to_the_release():
    analysed = pl.DataFrame(
        {
            "requirement_pseudonym": ["R1", "R2", "R3"],
            "person_pseudonym": ["P1", "P1", "P2"],
            "requirement_type": ["ATR", "DRR", "ATR"],
            "treatment_status": ["Completed", "Remained", "Died"],
            "days_to_treatment": [0, 5, None],
        },
        schema_overrides={"days_to_treatment": pl.Int32},
    )
    changes = pl.DataFrame(
        {
            "requirement_pseudonym": [name for name in ("R1", "R2") for _ in SUBSTANCES],
            "substance": SUBSTANCES * 2,
            "main_problem": [None] * 14,
            "days_at_start": [None] * 14,
            "days_at_last": [None] * 14,
            "last_stage": [None] * 14,
        },
        schema_overrides={
            "main_problem": pl.Boolean,
            "days_at_start": pl.Int32,
            "days_at_last": pl.Int32,
            "last_stage": pl.String,
        },
    )
    crossing = anonymise_substance_use(analysed, changes, bytes(32), synthetic=True)
    check_frame(crossing, SubstanceUse, "substance_use")
    # One key of a person for each substance, over both requirements.
    assert crossing["person_key"].n_unique() == len(SUBSTANCES)
    assert crossing.group_by("person_key").agg(pl.col("substance").n_unique())["substance"].to_list() == [1] * 7
    assert crossing.filter(requirement_type="ATR")["already_in_treatment"].all()
    assert_frame_equal(crossing, anonymise_substance_use(analysed[::-1], changes[::-1], bytes(32), synthetic=True))
