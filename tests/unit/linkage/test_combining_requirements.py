"""One row per requirement, and why some are left out."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linkage_assets.schemas.combining import (
    BOTH_TYPES,
    DUPLICATE,
    NO_LENGTH,
    NO_PERSON,
    NOT_LINKABLE,
    OTHER_REGION,
    OUTSIDE_WINDOW,
    AnalysedRequirements,
    CombinedRequirements,
)
from linkage_assets.steps.combine_requirements import combine_requirements
from linkage_assets.steps.exclude_requirements import keep_analysed, mark_exclusions
from resources.schema_check import check_frame

EMPTY = {
    "court_appearances": {
        **dict.fromkeys(["result_id", "crn", "matched_by", "case_id", "court_type"], pl.String),
        "offence_date": pl.Date, "offence_code": pl.String, "appearance_date": pl.Date, "listed_outcome": pl.Boolean,
        "conviction_outcome": pl.Boolean,
    },
    "treatment_journeys": {
        "client_id": pl.String, "kind": pl.String, "start_date": pl.Date, "end_date": pl.Date, "outcome": pl.String,
        "substance_group": pl.String, "spells": pl.Int32,
    },
    "person_key": {"cluster_id": pl.String, "client_id": pl.String, "match_probability": pl.Float64},
}
CLUSTERS = pl.DataFrame({
    "crn": ["X000001", "X000002", "X000003", "X000004"],
    "cluster_id": ["P1", "P1", "P3", "P4"],
    "linkable": [True, False, False, True],
})


@pytest.fixture
def combine(extract, settings):
    """Function: requirements as dicts of some columns, and tables to replace the empty ones -> combined, marked."""

    def run(*requirements: dict, settings=settings, **tables) -> pl.DataFrame:
        rows = [
            {"requirement_id": f"R{number}", "crn": "X000001", "event_id": f"E{number}", "disposal_id": f"D{number}",
             "disposal_date": date(2021, 6, 1), "disposal_type": "CO", "requirement_type": "ATR",
             "start_date": date(2021, 6, 1), "length": 6, "length_unit": "M", "probation_region": "North West", **row}
            for number, row in enumerate(requirements, start=1)
        ]
        offender = [{"crn": crn, "soft_deleted": "1" if crn == "X000004" else "0"} for crn in CLUSTERS["crn"]]
        inputs = {
            "requirement": extract("requirement", *rows), "offender": extract("offender", *offender),
            **{name: extract(name) for name in ("offender_address", "event_disposal", "main_offence", "risk",
                                                "pre_sentence_report", "prison_spell")},
            **{name: pl.DataFrame(schema=schema) for name, schema in EMPTY.items()},
            "offender_clusters": CLUSTERS, **tables,
        }
        combined = mark_exclusions(combine_requirements(**inputs, settings=settings), settings)
        return check_frame(combined, CombinedRequirements, "combined_requirements")

    return run


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, None),
        ({"disposal_date": date(2018, 7, 31)}, OUTSIDE_WINDOW),
        ({"disposal_date": date(2018, 8, 1)}, None),
        ({"disposal_date": date(2023, 3, 31)}, None),
        ({"disposal_date": date(2023, 4, 1)}, OUTSIDE_WINDOW),
        ({"crn": "X000004"}, NO_PERSON),
        ({"crn": "X000009"}, NO_PERSON),
        ({"length": None}, NO_LENGTH),
        ({"length": 20, "length_unit": "H"}, NO_LENGTH),
        ({"probation_region": "Wales"}, OTHER_REGION),
        ({"crn": "X000003"}, NOT_LINKABLE),
        ({"crn": "X000002"}, None),
        ({"crn": "X000003", "probation_region": "Wales", "length": None}, NO_LENGTH),
    ],
)
def test_a_requirement_is_left_out_for_the_first_reason_that_holds(row, reason, combine):
    assert combine(row)["exclusion"].to_list() == [reason]


def test_an_order_with_both_types_is_left_out_even_if_one_has_no_length(combine):
    found = combine(
        {"disposal_id": "D1", "requirement_type": "ATR"},
        {"disposal_id": "D1", "requirement_type": "DRR", "length": None},
        {"disposal_id": "D2", "requirement_type": "DRR"},
    )

    assert found["exclusion"].to_list() == [BOTH_TYPES, NO_LENGTH, None]


def test_a_mental_health_requirement_on_the_same_order_changes_nothing(combine):
    found = combine({"disposal_id": "D1"}, {"disposal_id": "D1", "requirement_type": "MHTR"})

    assert found["requirement_id"].to_list() == ["R1"]
    assert found["exclusion"].to_list() == [None]


def test_of_a_requirement_recorded_twice_the_one_with_a_length_stays(combine):
    found = combine({"disposal_id": "D1", "length": None}, {"disposal_id": "D1"}, {"disposal_id": "D1"})

    assert found["exclusion"].to_list() == [DUPLICATE, None, DUPLICATE]


def test_settings_decide_what_is_left_out(combine, settings):
    rows = [
        {"disposal_id": "D1", "length": None}, {"disposal_id": "D1", "requirement_type": "DRR"}, {"crn": "X000003"},
        {"probation_region": "North West"},
    ]
    kept = {"exclude_missing_length": False, "exclude_both_types": False, "exclude_unlinkable": False}
    changed = settings.model_copy(update={
        "combining": settings.combining.model_copy(update=kept),
        "study": settings.study.model_copy(update={"exclude_regions": ["Wales", "North West"]}),
    })
    everywhere = changed.model_copy(update={"study": settings.study})

    assert combine(*rows, settings=changed)["exclusion"].to_list() == [OTHER_REGION] * 4
    assert combine(*rows, settings=everywhere)["exclusion"].to_list() == [None] * 4


def test_the_analysed_requirements_are_those_without_a_reason(combine):
    analysed = keep_analysed(combine({}, {"length": None}, {"crn": "X000002"}))

    assert check_frame(analysed, AnalysedRequirements, "analysed")["requirement_id"].to_list() == ["R1", "R3"]


def test_prison_courts_and_treatment_are_those_of_every_number_of_a_person(combine, extract):
    appearances = pl.DataFrame(
        {"result_id": ["T1"], "crn": ["X000002"], "matched_by": ["crn"], "case_id": ["C1"], "court_type": ["crown"],
         "offence_date": [None], "offence_code": [None], "appearance_date": [date(2021, 8, 1)],
         "listed_outcome": [True], "conviction_outcome": [True]}, schema=EMPTY["court_appearances"],
    )
    journeys = pl.DataFrame(
        {"client_id": ["N1"], "kind": ["structured"], "start_date": [date(2021, 7, 1)], "end_date": [None],
         "outcome": ["Remained"], "substance_group": ["Opiates"], "spells": [1]}, schema=EMPTY["treatment_journeys"],
    )
    spell = {"noms_number": "A1234BC", "crn": "X000002", "booking_id": "B1", "reception_date": date(2021, 9, 1)}
    key = pl.DataFrame({"cluster_id": ["P1"], "client_id": ["N1"], "match_probability": [0.99]})

    found = combine(
        {"crn": "X000001"}, {"crn": "X000003"}, court_appearances=appearances, treatment_journeys=journeys,
        prison_spell=extract("prison_spell", spell), person_key=key,
    )

    columns = ["reconvicted", "prison_12m", "linked_structured", "linked_any"]
    assert found.select(columns).rows() == [(True,) * 4, (False,) * 4]
    assert found["treatment_status"].to_list() == ["Remained", None]


def test_the_order_of_the_rows_does_not_change_the_table(combine):
    rows = [
        {"requirement_id": f"Q{number}", "event_id": f"E{number}", "disposal_id": f"D{number % 3}",
         "length": number % 4}
        for number in range(9)
    ]

    assert_frame_equal(combine(*rows), combine(*rows[::-1]))
