"""What was true of a requirement on the day of sentence, and how it ended."""

from datetime import date

import polars as pl
import pytest

from linkage_assets.steps.requirements.describe_requirements import (
    describe_accommodation,
    describe_offences,
    describe_people,
    describe_requirement_rows,
)

DISPOSAL = date(2021, 6, 1)
OBSERVATION_END = date(2023, 3, 31)


@pytest.fixture
def requirement(extract):
    """Function: a requirement R1 of X000001 sentenced on DISPOSAL, with other columns as given."""

    def make(**columns) -> pl.DataFrame:
        row = {
            "requirement_id": "R1",
            "crn": "X000001",
            "event_id": "E1",
            "disposal_id": "D1",
            "disposal_date": DISPOSAL,
            "disposal_type": "CO",
            "requirement_type": "ATR",
            "start_date": DISPOSAL,
            "probation_region": "North West",
        }
        return extract("requirement", {**row, **columns})

    return make


@pytest.mark.parametrize(
    ("length", "unit", "band"),
    [
        (1, "M", "1 to 3 months"),
        (3, "M", "1 to 3 months"),
        (4, "M", "4 to 6 months"),
        (6, "M", "4 to 6 months"),
        (9, "M", "7 to 9 months"),
        (12, "M", "10 to 12 months"),
        (13, "M", "Over 12 months"),
        (7, "D", "1 to 3 months"),
        (91, "D", "1 to 3 months"),
        (92, "D", "1 to 3 months"),
        (120, "D", "4 to 6 months"),
        (183, "D", "4 to 6 months"),
        (365, "D", "10 to 12 months"),
        (366, "D", "10 to 12 months"),
        (400, "D", "Over 12 months"),
        (20, "H", None),
        (None, "M", None),
        (6, None, None),
        (0, "M", None),
    ],
)
def test_the_length_band_is_of_the_nearest_month(length, unit, band, requirement):
    found = describe_requirement_rows(requirement(length=length, length_unit=unit), OBSERVATION_END)

    assert found["length_band"].to_list() == [band]
    assert found["length_months"].is_null().item() == (band is None)


@pytest.mark.parametrize(
    ("reason", "ended", "category"),
    [
        ("Requirement Completed", date(2022, 1, 1), "Completed"),
        ("Revoked - breach", date(2022, 1, 1), "Revoked"),
        ("REVOKED (further offence)", date(2022, 1, 1), "Revoked"),
        ("Suspended Sentence Activated", date(2022, 1, 1), "Suspended Sentence Activated"),
        ("Expired (Normal)", date(2022, 1, 1), "Expired"),
        ("Deceased", date(2022, 1, 1), "Died"),
        ("Transferred out", date(2022, 1, 1), "Other"),
        ("Not revoked", date(2022, 1, 1), "Other"),
        (None, date(2022, 1, 1), "Other"),
        ("Requirement Completed", None, None),
        ("Requirement Completed", date(2023, 4, 1), None),
        ("Requirement Completed", date(2023, 3, 31), "Completed"),
    ],
)
def test_the_termination_reason_is_read_by_how_it_begins(reason, ended, category, requirement):
    row = requirement(termination_reason=reason, termination_date=ended)

    assert describe_requirement_rows(row, OBSERVATION_END)["termination_reason"].to_list() == [category]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2003, 6, 1), "18 to 29"),
        (date(2003, 6, 2), None),
        (date(1991, 6, 2), "18 to 29"),
        (date(1991, 6, 1), "30 to 39"),
        (date(1971, 6, 1), "50 and over"),
        (date(1971, 6, 2), "40 to 49"),
        (date(1970, 1, 1), None),
        (date(1900, 1, 1), None),
        (None, None),
    ],
)
def test_age_is_of_the_last_birthday_and_placeholders_have_none(born, band, requirement, extract, settings):
    offender = extract("offender", {"crn": "X000001", "dob": born})

    assert describe_people(requirement(), offender, settings.linkage)["age_band"].to_list() == [band]


@pytest.mark.parametrize(
    ("sex", "ethnicity", "expected"),
    [
        ("M", "W4", ("Male", "White")),
        ("F", "O1", ("Female", "Asian")),
        ("N", "NS", (None, None)),
        (None, None, (None, None)),
    ],
)
def test_sex_and_ethnic_group_are_words_and_unknown_is_empty(sex, ethnicity, expected, requirement, extract, settings):
    offender = extract("offender", {"crn": "X000001", "sex": sex, "ethnicity": ethnicity})

    assert describe_people(requirement(), offender, settings.linkage).select("sex", "ethnic_group").row(0) == expected


@pytest.mark.parametrize(
    ("recorded", "score", "band"),
    [("high", 1.0, "High"), (None, 2.99, "Low"), (None, 3.0, "Medium"), (None, 6.9, "High"), (None, None, None)],
)
def test_the_recorded_risk_band_outranks_the_score(recorded, score, band, requirement, extract):
    risk = extract("risk", {"event_id": "E1", "rsr_band": recorded, "rsr_score": score, "ogrs3_2yr": 90})

    found = describe_offences(requirement(), extract("main_offence"), risk)

    assert found.select("rsr_band", "ogrs_band").row(0) == (band, "Very high")


def test_a_main_offence_that_is_not_known_has_no_group(requirement, extract):
    offence = extract("main_offence", {"event_id": "E1", "offence_group": "Not known", "is_drink_driving": "1"})

    found = describe_offences(requirement(), offence, extract("risk"))

    assert found.select("offence_group", "drink_driving").row(0) == (None, True)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([("M", "2020-01-01", None, "A01C")], "Settled"),
        ([("M", "2020-01-01", "2021-05-31", "A01C")], None),
        ([("M", "2021-06-02", None, "A01C")], None),
        # A main address that has been left since is "previous" in the extract.
        ([("P", "2020-01-01", "2022-01-01", "A08A"), ("M", "2022-01-02", None, "A01C")], "Rough sleeping"),
        ([("B", "2021-05-01", None, "A02"), ("M", "2020-01-01", None, "A07A")], "Other housed"),
        ([("B", "2021-05-01", None, "A02")], "Bail or probation accommodation"),
        ([("M", "2020-01-01", None, "A01C"), ("M", "2021-01-01", None, "A08C")], "No fixed address"),
        ([("PO", "2020-01-01", None, "A01C")], None),
        ([("M", "2020-01-01", None, "A16")], None),
        ([], None),
    ],
)
def test_accommodation_is_of_the_main_address_in_force_on_the_disposal_date(addresses, expected, requirement, extract):
    rows = [
        {
            "crn": "X000001",
            "address_status": status,
            "start_date": date.fromisoformat(start),
            "end_date": date.fromisoformat(end) if end else None,
            "address_type": kind,
            "no_fixed_abode": "N",
        }
        for status, start, end, kind in addresses
    ]

    found = describe_accommodation(requirement(), extract("offender_address", *rows), ["ZZ99 3VZ"])

    assert found["accommodation"].to_list() == [expected]


@pytest.mark.parametrize(
    ("flag", "postcode", "kind", "expected"),
    [
        ("Y", None, None, "No fixed address"),
        ("N", "zz99 3vz", None, "No fixed address"),
        ("Y", None, "A08A", "Rough sleeping"),
        ("Y", None, "A01C", "Settled"),
        ("N", "LS1 4AA", None, None),
        (None, None, None, None),
    ],
)
def test_no_fixed_abode_decides_only_without_an_accommodation_type(
    flag, postcode, kind, expected, requirement, extract
):
    address = extract(
        "offender_address",
        {
            "crn": "X000001",
            "address_status": "M",
            "start_date": date(2020, 1, 1),
            "no_fixed_abode": flag,
            "postcode": postcode,
            "address_type": kind,
        },
    )

    assert describe_accommodation(requirement(), address, ["ZZ99 3VZ"])["accommodation"].to_list() == [expected]
