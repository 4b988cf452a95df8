"""Runs the hard cases of tests/cases/journeys.yaml, and what they cannot say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from linkage_assets.schemas.combining import TreatmentEpisodes, TreatmentJourneys
from linkage_assets.steps.requirements import combining_code_lists
from linkage_assets.steps.treatment.build_journeys import build_journeys
from linkage_assets.steps.treatment.choose_journeys import choose_journeys
from linkage_assets.steps.treatment.follow_treatment import follow_treatment
from linkage_assets.steps.treatment.read_episodes import count_unusual_episodes, read_episodes
from resources.zone.schema_check import check_frame

CASES = yaml.safe_load((Path(__file__).resolve().parent / "journeys.yaml").read_text(encoding="utf-8"))
OBSERVATION_END = date(2023, 3, 31)
PERSON_KEY = {"person_pseudonym": pl.String, "client_pseudonym": pl.String}
SETS = ["adult_community", "yp_community", "adult_secure", "yp_secure"]


def _episode(number: int, episode: dict) -> dict:
    drugs = dict(zip(["DRUG1", "DRUG2", "DRUG3"], episode["drugs"], strict=False))
    return {
        "AGNCY": episode.get("agency", "A0001"),
        "CLIENTID": episode["client"],
        "CONSENT": episode.get("consent", "Y"),
        "EPISODID": episode.get("key", f"E{number}"),
        "TRIAGED": episode["triaged"],
        "DISD": episode["discharged"],
        "DISRSN": episode.get("reason"),
        "PC": episode.get("postcode"),
        **drugs,
    }


def _contact(contact: dict) -> dict:
    return {
        "CLIENTID": contact["client"],
        "CONSENT": "Y",
        "CJITTRD": contact["date"],
        "CMSTARTD": contact.get("managed_from"),
        "CMENDD": contact.get("managed_to"),
    }


def _episodes(case: dict, extract) -> pl.DataFrame:
    """Every client is a person, of pseudonym DPN1 for N1, unless `same_person` names two clients that are one."""
    sets = {name: [] for name in SETS}
    for number, episode in enumerate(case.get("episodes", [])):
        sets[episode.get("set", "adult_community")].append(_episode(number, episode))
    contacts = [_contact(contact) for contact in case.get("contacts", [])]
    clients = sorted({row["CLIENTID"] for rows in [*sets.values(), contacts] for row in rows})
    same = case.get("same_person", [])
    pseudonyms = pl.DataFrame(
        [(client, f"DP{same[0] if client in same else client}") for client in clients],
        orient="row",
        schema={"client_id": pl.String, "client_pseudonym": pl.String},
    )
    data_sets = {name: extract(name, *_without_postcode(name, rows)) for name, rows in sets.items()}
    episodes = read_episodes(data_sets, extract("cjit", *contacts), pseudonyms, OBSERVATION_END)
    return check_frame(episodes, TreatmentEpisodes, "treatment_episodes")


def _without_postcode(name: str, rows: list[dict]) -> list[dict]:
    return [{key: row[key] for key in row if key != "PC"} for row in rows] if "secure" in name else rows


def _journeys(case: dict, extract, settings) -> pl.DataFrame:
    combining = settings.combining.model_copy(update=case.get("settings", {}))
    return build_journeys(_episodes(case, extract), combining)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hard_case_of_journeys(case, extract, settings):
    journeys = check_frame(_journeys(case, extract, settings), TreatmentJourneys, "treatment_journeys")
    requirement = pl.DataFrame(
        {
            "requirement_pseudonym": ["R1"],
            "person_pseudonym": ["P1"],
            "disposal_date": [case["disposal"]],
            "termination_date": pl.Series([case.get("ended")], dtype=pl.Date),
        }
    )
    linked = case.get("linked", ["N1"])
    person_key = pl.DataFrame([("P1", f"DP{client}") for client in linked], orient="row", schema=PERSON_KEY)
    combining = settings.combining.model_copy(update=case.get("settings", {}))

    inputs = (requirement, journeys, person_key, combining, OBSERVATION_END)
    found = {**choose_journeys(*inputs).row(0, named=True), **follow_treatment(*inputs).row(0, named=True)}

    assert {name: found[name] for name in case["expect"]} == case["expect"], case["decoy"]
    if "expect_spells" in case:
        assert journeys["spells"].to_list() == [case["expect_spells"]]


def test_case_names_are_all_different():
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_order_of_the_rows_does_not_change_the_journeys(extract, settings):
    everybody = {
        "episodes": [
            {**episode, "client": f"{episode['client']}-{number}", "key": f"K{number}-{place}"}
            for number, case in enumerate(CASES)
            for place, episode in enumerate(case.get("episodes", []))
        ]
    }
    backwards = {"episodes": everybody["episodes"][::-1]}

    assert_frame_equal(_journeys(everybody, extract, settings), _journeys(backwards, extract, settings))


def test_far_apart_episodes_of_a_thousand_clients_stay_apart(extract, settings):
    stays = [(date(2019, 1, 10), date(2019, 4, 1)), (date(2021, 1, 10), date(2021, 4, 1))]
    case = {
        "episodes": [
            {"client": f"N{number}", "triaged": triaged, "discharged": discharged, "reason": "80", "drugs": ["7000"]}
            for number in range(1000)
            for triaged, discharged in stays
        ]
    }

    journeys = _journeys(case, extract, settings)

    assert journeys.height == 2000
    assert journeys["spells"].unique().to_list() == [1]


def test_two_requirements_of_one_person_each_have_their_own_journey(extract, settings):
    stays = [(date(2019, 1, 10), date(2019, 4, 1), "85"), (date(2021, 1, 10), date(2021, 4, 1), "80")]
    case = {
        "episodes": [
            {"client": "N1", "triaged": triaged, "discharged": discharged, "reason": reason, "drugs": ["7000"]}
            for triaged, discharged, reason in stays
        ]
    }
    requirements = pl.DataFrame(
        {
            "requirement_pseudonym": ["R2", "R1", "R3"],
            "person_pseudonym": ["P1", "P1", None],
            "disposal_date": [date(2021, 1, 1), date(2019, 1, 1), date(2019, 1, 1)],
        }
    )
    person_key = pl.DataFrame({"person_pseudonym": ["P1"], "client_pseudonym": ["DPN1"]})

    found = choose_journeys(
        requirements, _journeys(case, extract, settings), person_key, settings.combining, OBSERVATION_END
    )

    assert found["treatment_status"].to_list() == ["Completed", "Dropped out", None]
    assert found["linked_any"].to_list() == [True, True, False]


def test_what_we_decided_about_episodes_is_counted(extract):
    rows = [
        {"CONSENT": "Y", "TRIAGED": date(2020, 1, 1), "DISD": date(2020, 2, 1), "DISRSN": "999", "DRUG1": "1199"},
        {"CONSENT": "Y", "TRIAGED": date(2020, 1, 1), "DISD": date(2020, 2, 1), "DISRSN": "13", "DRUG1": "7000"},
        {"CONSENT": "Y", "TRIAGED": None, "DISD": None, "DISRSN": None, "DRUG1": "7000"},
        {
            "CONSENT": "Y",
            "TRIAGED": date(2020, 3, 1),
            "DISD": date(2020, 4, 1),
            "DISRSN": "80",
            "DRUG1": "Heroin",
            "DRUG2": "on and off",
        },
        {"CONSENT": "N", "TRIAGED": None, "DISD": None, "DISRSN": None, "DRUG1": None},
    ]

    tables = {"adult_community": extract("adult_community", *rows), "yp_community": extract("yp_community")}
    counts = count_unusual_episodes(tables, OBSERVATION_END)

    assert counts == {
        "rows_without_triage_date": 1,
        "rows_with_inappropriate_referral": 1,
        "rows_with_unknown_discharge_reason": 1,
        "rows_with_unlisted_drug_code": 1,
        "rows_with_text_that_is_no_drug": 1,
    }


def test_a_drug_code_that_is_a_dash_is_a_drug_when_the_list_holds_it(monkeypatch):
    listed = combining_code_lists._read("ndtms_drug_codes_partial.csv")
    dash = pl.DataFrame({"code": ["-"], "label": ["Khat"], "class": ["non-opiate"]})
    monkeypatch.setattr(combining_code_lists, "_read", lambda name: pl.concat([listed.select(dash.columns), dash]))
    caches = (combining_code_lists.substance_classes, combining_code_lists.substances_by_entry)
    for cached in caches:
        cached.cache_clear()
    texts = pl.DataFrame({"text": ["-", "khat", "--", "7000"]})
    classes = texts.select(combining_code_lists.drug_class(pl.col("text")))
    for cached in caches:
        cached.cache_clear()
    assert classes.to_series().to_list() == ["non-opiate", "non-opiate", None, "alcohol"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7000.", "alcohol"),
        ("7000 - Alcohol", "alcohol"),
        ("heroin", "opiate"),
        ("2019-01-02", None),
        ("2200/7000", None),
        ("7000, 2200", None),
        ("2019", "non-opiate"),
    ],
)
def test_a_drug_is_a_code_with_a_name_at_most_and_no_date_and_no_two_codes(text, kind):
    assert pl.select(combining_code_lists.drug_class(pl.lit(text))).item() == kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("80", "Completed"),
        ("80.", "Completed"),
        ("080", "Completed"),
        ("80 - Drug-free", "Completed"),
        ("TREATMENT COMPLETED \u2013 DRUG-FREE", "Completed"),
        ("Incomplete - client died.", "Died"),
        ("Treatment completed", "Completed"),
        ("80/85", "Dropped out"),
        ("nonsense", "Dropped out"),
    ],
)
def test_a_discharge_reason_is_its_code_or_its_label_however_it_is_spelt(text, status, extract):
    row = {"CLIENTID": "N1", "CONSENT": "Y", "TRIAGED": date(2020, 1, 1), "DISD": date(2020, 2, 1), "DISRSN": text}
    tables = {"adult_community": extract("adult_community", row)}
    people = pl.DataFrame({"client_id": ["N1"], "client_pseudonym": ["DPN1"]})

    episodes = read_episodes(tables, extract("cjit"), people, OBSERVATION_END)

    assert episodes["outcome"].to_list() == [status]
    unknown = count_unusual_episodes(tables, OBSERVATION_END)["rows_with_unknown_discharge_reason"]
    assert unknown == (status == "Dropped out")
