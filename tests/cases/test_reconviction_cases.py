"""Runs the hard cases of tests/cases/reconvictions.yaml, and what they cannot say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from linkage_assets.schemas.combining import CourtAppearances, PrisonReceptions
from linkage_assets.steps.courts.collect_court_appearances import (
    collect_court_appearances,
    count_matches,
    match_defendants,
)
from linkage_assets.steps.courts.collect_prison_receptions import collect_prison_receptions
from linkage_assets.steps.requirements.combining_code_lists import conviction_outcomes
from linkage_assets.steps.requirements.follow_requirements import (
    count_undated_offences,
    find_prison,
    find_reconvictions,
)
from resources.zone.schema_check import check_frame

CASES = yaml.safe_load((Path(__file__).resolve().parent / "reconvictions.yaml").read_text(encoding="utf-8"))
OBSERVATION_END = date(2023, 3, 31)
# X000002 and X000003 share all details; X000004 and X000005 are one person registered twice.
OFFENDERS = [
    {
        "crn": "X000001",
        "forename_initial": "J",
        "surname_initial": "S",
        "dob": date(1984, 3, 7),
        "sex": "M",
        "pnc_number": "2012/123456Y",
        "cro_number": "1234/12U",
        "noms_number": "A1234BC",
        "soft_deleted": "0",
    },
    {
        "crn": "X000002",
        "forename_initial": "A",
        "surname_initial": "B",
        "dob": date(1990, 1, 2),
        "sex": "F",
        "soft_deleted": "0",
    },
    {
        "crn": "X000003",
        "forename_initial": "A",
        "surname_initial": "B",
        "dob": date(1990, 1, 2),
        "sex": "F",
        "soft_deleted": "0",
    },
    {"crn": "X000004", "soft_deleted": "0"},
    {"crn": "X000005", "soft_deleted": "0"},
]
ADDRESSES = [
    {"crn": "X000001", "start_date": date(2015, 1, 1), "address_status": "P", "postcode": "LS1 4AA"},
    {"crn": "X000001", "start_date": date(2020, 1, 1), "address_status": "M", "postcode": "M1 1AA"},
    {"crn": "X000002", "start_date": date(2020, 1, 1), "address_status": "M", "postcode": "M1 1AA"},
    {"crn": "X000003", "start_date": date(2020, 1, 1), "address_status": "M", "postcode": "M1 1AB"},
]
PEOPLE = pl.DataFrame(
    {"crn": ["X000001", "X000002", "X000003", "X000004", "X000005"], "person_pseudonym": ["P1", "P2", "P3", "P4", "P4"]}
)


def _appearances(case: dict, extract, settings) -> pl.DataFrame:
    defendant = {"source_system": "libra", "defendant_id": "D1", **case.get("defendant", {"crn": "X000001"})}
    records = list(enumerate(case["records"]))
    cases = sorted({record.get("case", "C1") for _, record in records})
    return collect_court_appearances(
        extract("offender", *OFFENDERS),
        extract("offender_address", *ADDRESSES),
        extract("defendant", defendant),
        extract("case", *({"case_id": key, "defendant_id": "D1", "court_type": "magistrates"} for key in cases)),
        extract(
            "offence",
            *(
                {
                    "offence_id": f"O{number}",
                    "case_id": record.get("case", "C1"),
                    "defendant_id": "D1",
                    "offence_date": record["offence"],
                    "ho_offence_code": record.get("code"),
                }
                for number, record in records
            ),
        ),
        extract(
            "result",
            *(
                {
                    "result_id": f"T{number}",
                    "offence_id": f"O{number}",
                    "appearance_date": record["appearance"],
                    "result_text": record["result"],
                }
                for number, record in records
            ),
        ),
        PEOPLE,
        settings,
        bytes(32),
    )


def _requirement(case: dict) -> pl.DataFrame:
    person = dict(PEOPLE.rows())[case.get("person", "X000001")]
    return pl.DataFrame(
        {
            "requirement_pseudonym": ["R1"],
            "person_pseudonym": [person],
            "disposal_date": [case.get("disposal", date(2021, 6, 1))],
            "offence_date": [date(2021, 3, 1)],
            "offence_code": ["10501"],
        }
    )


def _reconvicted(case: dict, extract, settings, **changes) -> bool:
    appearances = check_frame(_appearances(case, extract, settings), CourtAppearances, "court_appearances")
    combining = settings.combining.model_copy(update=case.get("settings", {}) | changes)
    found = find_reconvictions(_requirement(case), appearances, combining, OBSERVATION_END)
    return found["reconvicted"].item()


@pytest.mark.parametrize("basis", ["both", "appearance_date", "offence_date"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hard_case_of_reconviction(case, basis, extract, settings):
    assert _reconvicted(case, extract, settings, reconviction_date_basis=basis) == case["expect"][basis], case["decoy"]


@pytest.mark.parametrize("case", [case for case in CASES if "expect_convictions_only" in case], ids=lambda c: c["name"])
def test_a_hard_case_under_the_outcome_set_of_convictions_only(case, extract, settings):
    found = _reconvicted(case, extract, settings, reconviction_outcome_set="convictions_only")

    assert found == case["expect_convictions_only"]


def test_the_months_searched_are_a_setting(extract, settings):
    case = {"records": [{"offence": date(2021, 8, 1), "appearance": date(2021, 10, 1), "result": "Fine"}]}

    assert _reconvicted(case, extract, settings, reconviction_months=4)
    assert not _reconvicted(case, extract, settings, reconviction_months=3)


def test_the_published_list_has_seventy_outcomes_and_fewer_follow_a_conviction():
    published, convictions = conviction_outcomes("published_70"), conviction_outcomes("convictions_only")

    assert len(published) == 70
    assert convictions < published
    assert {"fine", "imprisonment"} <= convictions
    assert not {"discontinuance", "withdrawn-final", "remand on conditional bail"} & convictions


def test_a_defendant_is_matched_once_by_the_surest_way(extract, settings):
    defendants = extract(
        "defendant",
        {"source_system": "libra", "defendant_id": "D1", "crn": "X000001", "pnc_number": "2012/123456Y"},
        {"source_system": "libra", "defendant_id": "D2", "pnc_number": "2012/123456Y", "cro_number": "1234/12U"},
        {"source_system": "libra", "defendant_id": "D3", "crn": "X000099"},
        {"source_system": "libra", "defendant_id": "D4", "crn": "X000099", "cro_number": "1234/12U"},
        {"source_system": "libra", "defendant_id": "D5", "crn": "X000002", "pnc_number": "2012/123456Y"},
    )

    found = match_defendants(
        extract("offender", *OFFENDERS), extract("offender_address", *ADDRESSES), defendants, PEOPLE, settings
    )

    assert found.rows() == [("D1", "X000001", "crn"), ("D2", "X000001", "pnc"), ("D4", "X000001", "cro")]


def test_results_are_counted_by_the_way_their_defendant_was_found(extract, settings):
    case = {
        "records": [
            {"offence": None, "appearance": date(2021, 8, 1), "result": "Fine"},
            {"offence": None, "appearance": date(2021, 8, 1), "result": "Not Guilty"},
        ]
    }

    counts = count_matches(_appearances(case, extract, settings))

    assert counts == {
        "results_matched_by_crn": 2,
        "results_matched_by_pnc": 0,
        "results_matched_by_cro": 0,
        "results_matched_by_details": 0,
        "results_with_listed_outcome": 1,
    }


FINE_WITHOUT_DATE = {"case": "C2", "offence": None, "appearance": date(2021, 9, 1), "result": "Fine"}


@pytest.mark.parametrize(
    ("records", "basis", "results", "requirements"),
    [
        ([FINE_WITHOUT_DATE], "both", 1, 1),
        ([FINE_WITHOUT_DATE, FINE_WITHOUT_DATE], "offence_date", 2, 1),
        ([FINE_WITHOUT_DATE], "appearance_date", 0, 0),
        ([FINE_WITHOUT_DATE, FINE_WITHOUT_DATE | {"case": "C3", "offence": date(2021, 8, 1)}], "both", 1, 0),
        ([FINE_WITHOUT_DATE | {"appearance": date(2022, 6, 2)}], "both", 0, 0),
        ([FINE_WITHOUT_DATE | {"result": "Not Guilty"}], "both", 0, 0),
        ([FINE_WITHOUT_DATE, FINE_WITHOUT_DATE | {"appearance": date(2021, 6, 1)}], "both", 0, 0),
    ],
    ids=[
        "an unknown date",
        "two in one case",
        "by appearance",
        "besides one that counts",
        "too late",
        "not guilty",
        "in the sentenced case",
    ],
)
def test_results_left_out_for_want_of_an_offence_date_are_counted(
    records, basis, results, requirements, extract, settings
):
    case = {"records": records}
    combining = settings.combining.model_copy(update={"reconviction_date_basis": basis})

    counts = count_undated_offences(_requirement(case), _appearances(case, extract, settings), combining)

    assert counts == {
        "results_without_offence_date_not_counted": results,
        "requirements_not_reconvicted_for_want_of_an_offence_date": requirements,
    }


def _imprisoned(extract, settings, person: str, disposal: date, spell: dict, **changes) -> bool:
    requirement = pl.DataFrame(
        {"requirement_pseudonym": ["R1"], "person_pseudonym": [person], "disposal_date": [disposal]}
    )
    spells = extract("prison_spell", {"booking_id": "B1", "spell_type": "remand", **spell})
    receptions = collect_prison_receptions(extract("offender", *OFFENDERS), spells, PEOPLE, settings)
    found = find_prison(
        requirement,
        check_frame(receptions, PrisonReceptions, "prison_receptions"),
        settings.combining.model_copy(update=changes),
    )
    return found["prison_12m"].item()


@pytest.mark.parametrize(
    ("reception", "imprisoned"),
    [
        (date(2021, 6, 1), False),
        (date(2021, 6, 2), True),
        (date(2022, 6, 1), True),
        (date(2022, 6, 2), False),
    ],
)
def test_prison_counts_after_the_disposal_date_and_up_to_its_anniversary(reception, imprisoned, extract, settings):
    spell = {"noms_number": "A1234BC", "reception_date": reception}

    assert _imprisoned(extract, settings, "P1", date(2021, 6, 1), spell) == imprisoned


@pytest.mark.parametrize(("person", "imprisoned"), [("P4", True), ("P2", False)])
def test_prison_is_found_by_the_other_number_of_a_person_registered_twice(person, imprisoned, extract, settings):
    spell = {"noms_number": "Z9999ZZ", "crn": "X000005", "reception_date": date(2021, 7, 1)}

    assert _imprisoned(extract, settings, person, date(2021, 6, 1), spell) == imprisoned


@pytest.mark.parametrize(
    ("crn", "imprisoned"),
    [(None, True), ("X000099", True), ("X000001", True), ("X000002", False)],
    ids=["without a CRN", "with an unknown CRN", "with the person's CRN", "with another person's CRN"],
)
def test_a_spell_is_found_by_its_prison_number_unless_its_crn_is_somebody_elses(crn, imprisoned, extract, settings):
    spell = {"noms_number": "A1234BC", "crn": crn, "reception_date": date(2021, 7, 1)}

    assert _imprisoned(extract, settings, "P1", date(2021, 6, 1), spell) == imprisoned


def test_prison_after_the_end_of_observation_has_not_happened(extract, settings):
    spell = {"noms_number": "A1234BC", "reception_date": date(2023, 4, 2)}

    assert not _imprisoned(extract, settings, "P1", date(2023, 1, 1), spell)


@pytest.mark.parametrize(
    ("status", "counts"),
    [("remand", False), ("convicted_unsentenced", False), ("sentenced", True), ("recall", True), ("civil", False)],
)
def test_the_legal_status_matters_only_where_the_setting_says_so(status, counts, extract, settings):
    spell = {"noms_number": "A1234BC", "reception_date": date(2021, 7, 1), "spell_type": status}
    strict = {"prison_legal_status": "sentenced_or_recalled"}

    assert _imprisoned(extract, settings, "P1", date(2021, 6, 1), spell)
    assert _imprisoned(extract, settings, "P1", date(2021, 6, 1), spell, **strict) == counts


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_convictions_only_stand_beside_whatever_outcomes_count(case, extract, settings):
    appearances = check_frame(_appearances(case, extract, settings), CourtAppearances, "court_appearances")
    combining = settings.combining.model_copy(update=case.get("settings", {}))
    found = find_reconvictions(_requirement(case), appearances, combining, OBSERVATION_END)

    assert found["convicted_again"].item() == _reconvicted(
        case, extract, settings, reconviction_outcome_set="convictions_only"
    )
    assert found["reconvicted"].item() or not found["convicted_again"].item()
