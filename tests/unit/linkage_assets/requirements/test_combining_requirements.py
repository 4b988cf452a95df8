"""One row per requirement from probation, prison, courts and treatment, each known by pseudonyms, and why some are left
out."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linkage_assets.schemas.combining import (
    BOTH_TYPES,
    DUPLICATE,
    IMPOSED_LATER,
    MENTAL_HEALTH,
    NO_LENGTH,
    NO_PERSON,
    NOT_LINKABLE,
    OTHER_REGION,
    OUTSIDE_WINDOW,
    AnalysedRequirements,
    CombinedRequirements,
    CourtAppearances,
    PreSentenceReports,
    PrisonReceptions,
    ProbationAttributes,
    TreatmentJourneys,
)
from linkage_assets.schemas.pseudonyms import PersonKey
from linkage_assets.steps.people.assign_pseudonyms import assign_probation_pseudonyms, assign_requirement_pseudonyms
from linkage_assets.steps.requirements.collect_probation_attributes import collect_probation_attributes
from linkage_assets.steps.requirements.combine_requirements import combine_requirements
from linkage_assets.steps.requirements.exclude_requirements import keep_analysed
from resources.zone.schema_check import check_frame

TABLES = {
    "pre_sentence_reports": PreSentenceReports,
    "prison_receptions": PrisonReceptions,
    "court_appearances": CourtAppearances,
    "treatment_journeys": TreatmentJourneys,
    "person_key": PersonKey,
}
CLUSTERS = pl.DataFrame(
    {
        "crn": ["X000001", "X000002", "X000003", "X000004"],
        "cluster_id": ["P1", "P1", "P3", "P4"],
        "linkable": [True, False, False, True],
    }
)
DAY = date(2021, 6, 1)


@pytest.fixture
def people(extract, settings) -> pl.DataFrame:
    """Pseudonyms of the four numbers; the record of X000004 is deleted."""
    offender = [{"crn": crn, "soft_deleted": "1" if crn == "X000004" else "0"} for crn in CLUSTERS["crn"]]
    return assign_probation_pseudonyms(extract("offender", *offender), CLUSTERS, bytes(32))


@pytest.fixture
def combine(extract, people, settings):
    """Function: requirements as dicts of some columns, and rows of other tables -> combined, with requirement_id."""

    def run(*requirements: dict, settings=settings, secret=bytes(32), **tables) -> pl.DataFrame:
        rows = [
            {
                "requirement_id": f"R{number}",
                "crn": "X000001",
                "event_id": f"E{number}",
                "disposal_id": f"D{number}",
                "disposal_date": DAY,
                "disposal_type": "CO",
                "requirement_type": "ATR",
                "start_date": row.get("disposal_date", DAY),
                "length": 6,
                "length_unit": "M",
                "probation_region": "North West",
                **row,
            }
            for number, row in enumerate(requirements, start=1)
        ]
        requirement = extract("requirement", *rows)
        ids = assign_requirement_pseudonyms(requirement, settings, secret)
        attributes = collect_probation_attributes(
            requirement,
            extract("offender"),
            extract("offender_address"),
            extract("event_disposal"),
            extract("main_offence"),
            extract("risk"),
            ids,
            people,
            settings,
        )
        check_frame(attributes, ProbationAttributes, "probation_attributes")
        others = {name: check_frame(_frame(table, tables.get(name, [])), table, name) for name, table in TABLES.items()}
        combined = combine_requirements(attributes, **others, settings=settings)
        check_frame(combined, CombinedRequirements, "combined_requirements")
        return combined.join(ids.select("requirement_id", "requirement_pseudonym"), on="requirement_pseudonym").sort(
            "requirement_id"
        )

    return run


def _frame(table, rows: list[dict]) -> pl.DataFrame:
    schema = {name: column.dtype.type for name, column in table.to_schema().columns.items()}
    return pl.DataFrame(rows, schema=schema)


def _person(people: pl.DataFrame, crn: str) -> str:
    return people.filter(crn=crn)["person_pseudonym"].item()


def _changed(settings, **changes):
    return settings.model_copy(update={"combining": settings.combining.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, None),
        ({"disposal_date": date(2018, 7, 31)}, OUTSIDE_WINDOW),
        ({"disposal_date": date(2018, 8, 1)}, None),
        ({"disposal_date": date(2023, 3, 31)}, None),
        ({"disposal_date": date(2023, 4, 1)}, OUTSIDE_WINDOW),
        ({"start_date": date(2021, 6, 2)}, IMPOSED_LATER),
        ({"start_date": date(2021, 5, 31)}, IMPOSED_LATER),
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


def test_a_requirement_imposed_within_the_tolerance_is_of_the_date_of_the_sentence(combine, settings):
    rows = [{"start_date": date(2021, 6, day)} for day in (2, 3)]

    found = combine(*rows, settings=_changed(settings, same_date_tolerance_days=1))

    assert found["exclusion"].to_list() == [None, IMPOSED_LATER]


def test_an_order_with_both_types_is_left_out_even_if_one_has_no_length(combine):
    found = combine(
        {"disposal_id": "D1", "requirement_type": "ATR"},
        {"disposal_id": "D1", "requirement_type": "DRR", "length": None},
        {"disposal_id": "D2", "requirement_type": "DRR"},
    )

    assert found["exclusion"].to_list() == [BOTH_TYPES, NO_LENGTH, None]


def test_both_types_on_two_orders_of_one_day_are_left_out_where_the_setting_says_so(combine, settings):
    rows = [
        {"crn": "X000001", "requirement_type": "ATR"},
        {"crn": "X000002", "requirement_type": "DRR"},
        {"crn": "X000001", "requirement_type": "DRR", "disposal_date": date(2021, 6, 2)},
    ]
    by_day = _changed(settings, both_types_within="sentence_date")

    assert combine(*rows)["exclusion"].to_list() == [None, None, None]
    assert combine(*rows, settings=by_day)["exclusion"].to_list() == [BOTH_TYPES, BOTH_TYPES, None]


def test_an_order_with_a_mental_health_requirement_is_left_out_unless_the_setting_says_otherwise(combine, settings):
    rows = [{"disposal_id": "D1"}, {"disposal_id": "D1", "requirement_type": "MHTR"}, {"disposal_id": "D2"}]
    kept = _changed(settings, exclude_mental_health_orders=False)

    assert combine(*rows).select("requirement_id", "exclusion").rows() == [("R1", MENTAL_HEALTH), ("R3", None)]
    assert combine(*rows, settings=kept)["exclusion"].to_list() == [None, None]


def test_of_a_requirement_recorded_twice_the_one_with_a_length_stays(combine, settings):
    rows = [{"disposal_id": "D1", "length": None}, {"disposal_id": "D1"}, {"disposal_id": "D1"}]

    assert combine(*rows)["exclusion"].to_list() == [DUPLICATE, None, DUPLICATE]
    both = combine(*rows, settings=_changed(settings, exclude_duplicates=False))
    assert both["exclusion"].to_list() == [NO_LENGTH, None, None]


@pytest.mark.parametrize("secret", [bytes([number] * 32) for number in range(4)])
def test_which_of_two_alike_stays_does_not_depend_on_the_pseudonyms(secret, combine):
    found = combine({"disposal_id": "D1"}, {"disposal_id": "D1"}, secret=secret)

    assert found["exclusion"].to_list() == [None, DUPLICATE]


def test_settings_decide_what_is_left_out(combine, settings):
    rows = [
        {"disposal_id": "D1", "length": None},
        {"disposal_id": "D1", "requirement_type": "DRR"},
        {"crn": "X000003"},
        {"probation_region": "North West"},
        {"start_date": date(2021, 9, 1)},
    ]
    everything = _changed(
        settings,
        exclude_missing_length=False,
        exclude_both_types=False,
        exclude_unlinkable=False,
        exclude_imposed_later=False,
    )
    nowhere = everything.model_copy(
        update={"study": settings.study.model_copy(update={"exclude_regions": ["Wales", "North West"]})}
    )

    assert combine(*rows, settings=nowhere)["exclusion"].to_list() == [OTHER_REGION] * 5
    assert combine(*rows, settings=everything)["exclusion"].to_list() == [None] * 5


def test_the_analysed_requirements_are_those_without_a_reason(combine):
    combined = combine({}, {"length": None}, {"crn": "X000002"})
    analysed = keep_analysed(combined.drop("requirement_id"))

    check_frame(analysed, AnalysedRequirements, "analysed_requirements")
    assert combined.join(analysed, on="requirement_pseudonym")["requirement_id"].to_list() == ["R1", "R3"]


def test_prison_courts_and_treatment_are_those_of_the_person_in_the_key(combine, people):
    person = _person(people, "X000002")
    found = combine(
        {"crn": "X000001"},
        {"crn": "X000003"},
        court_appearances=[_appearance(person)],
        treatment_journeys=[
            {
                "client_pseudonym": "DPA",
                "kind": "structured",
                "start_date": date(2021, 7, 1),
                "outcome": "Remained",
                "substance_group": "Opiates",
                "spells": 1,
            }
        ],
        prison_receptions=[{"person_pseudonym": person, "reception_date": date(2021, 9, 1), "spell_type": "recall"}],
        person_key=[{"person_pseudonym": person, "client_pseudonym": "DPA", "match_probability": 0.99, "run_id": "r"}],
    )

    columns = ["reconvicted", "prison_12m", "linked_structured", "linked_any"]
    assert found.select(columns).rows() == [(True,) * 4, (False,) * 4]
    assert found["treatment_status"].to_list() == ["Remained", None]


def test_an_appearance_found_by_details_counts_unless_the_setting_says_otherwise(combine, people, settings):
    appearances = [_appearance(_person(people, "X000001"), matched_by="details")]
    numbers_only = _changed(settings, court_match_by_details=False)

    assert combine({}, court_appearances=appearances)["reconvicted"].to_list() == [True]
    assert combine({}, court_appearances=appearances, settings=numbers_only)["reconvicted"].to_list() == [False]


def _appearance(person: str, **columns) -> dict:
    return {
        "person_pseudonym": person,
        "case_pseudonym": "MC1",
        "matched_by": "crn",
        "court_type": "crown",
        "source_system": "xhibit",
        "offence_date": date(2021, 7, 1),
        "appearance_date": date(2021, 8, 1),
        "listed_outcome": True,
        "conviction_outcome": True,
        **columns,
    }


def test_the_order_of_the_rows_does_not_change_the_table(combine):
    rows = [
        {
            "requirement_id": f"Q{number}",
            "event_id": f"E{number}",
            "disposal_id": f"D{number % 3}",
            "length": number % 4,
        }
        for number in range(9)
    ]

    assert_frame_equal(combine(*rows), combine(*rows[::-1]))
