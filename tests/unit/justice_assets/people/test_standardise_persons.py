"""Records of four sources in the same terms: names, dates, places and numbers as typed to what is compared."""

from datetime import date

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME, JUSTICE_EXTRACTS
from justice_assets.schemas.people import StandardisedPersons
from justice_assets.steps.people import standardise_persons as steps
from justice_assets.steps.people.clean_names import clean_name
from justice_assets.steps.people.clean_postcodes import clean_postcode, no_fixed_abode
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

SETTINGS = load_study_settings().justice
DUMMIES = SETTINGS.no_fixed_abode_postcodes


def rows(name: str, *given: dict) -> pl.DataFrame:
    """An extract with these rows; what is not given is empty."""
    schema = JUSTICE_EXTRACT_BY_NAME[name].schema
    return pl.DataFrame([dict.fromkeys(schema) | row for row in given], schema=schema)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Siobhán", "SIOBHAN"),
        ("O'Neill", "ONEILL"),
        ("O’NEILL", "ONEILL"),
        ("Smith-Jones", "SMITH JONES"),
        ("Łukasz", "LUKASZ"),
        ("Đorđe", "DORDE"),
        ("Strauß", "STRAUSS"),
        ("  van  der Berg ", "VAN DER BERG"),
        ("Mr John", "JOHN"),
        ("JONES (MRS)", "JONES"),
        ("not known", None),
        ("X", None),
        ("-", None),
        ("Дмитрий", None),
        ("Miss", None),
        (None, None),
    ],
)
def test_a_name_is_read_in_capitals_without_accents_titles_or_words_for_unknown(typed, read):
    given = pl.DataFrame({"name": [typed]}, schema={"name": pl.String})
    assert given.select(clean_name(pl.col("name"), SETTINGS)).item() == read


@pytest.mark.parametrize(
    ("typed", "read", "homeless"),
    [
        ("ls14ab", "LS1 4AB", False),
        ("SW1A 2AA", "SW1A 2AA", False),
        ("M1 IAA", "M1 1AA", False),
        ("LS1", None, False),
        ("ZZ99 3VZ", None, True),
        ("no fixed abode", None, True),
        (None, None, False),
    ],
)
def test_a_postcode_is_whole_or_missing_and_a_dummy_says_no_fixed_abode(typed, read, homeless):
    given = pl.DataFrame({"typed": [typed]}, schema={"typed": pl.String})
    assert given.select(clean_postcode(pl.col("typed"), DUMMIES)).item() == read
    assert given.select(no_fixed_abode(pl.col("typed"), DUMMIES)).item() is homeless


def probation() -> pl.DataFrame:
    return steps.standardise_probation(
        rows(
            "probation_person",
            {"crn": "X000002", "forename": "Ann", "surname": "Lee", "dob": date(1970, 1, 1), "sex": "N"},
            {"crn": "X000001", "forename": "Siobhán", "surname": "O'Neill", "dob": date(1984, 3, 7), "sex": "F"}
            | {"ethnicity": "W8", "pnc_number": "00/1A", "noms_number": "A1234BC"},
        ),
        rows("probation_alias", {"crn": "X000001", "forename": "Shivaun", "surname": "Baker", "dob": date(1984, 7, 3)}),
        rows(
            "probation_address",
            {"crn": "X000001", "start_date": date(2015, 1, 1), "end_date": date(2016, 1, 1), "postcode": "LS9 7TF"}
            | {"address_status": "P"},
            {"crn": "X000001", "start_date": date(2016, 1, 2), "postcode": "ls14ab", "address_status": "M"},
        ),
        rows(
            "probation_disposal",
            {"crn": "X000001", "disposal_date": date(2018, 11, 20)},
            {"crn": "X000001", "disposal_date": date(2016, 5, 3)},
        ),
        SETTINGS,
    )


def test_a_person_on_probation_has_a_row_for_each_name_with_the_same_numbers_and_places():
    read = check_frame(probation(), StandardisedPersons, "standardised_persons")
    assert read["record_key"].to_list() == ["X000001", "X000001", "X000002"]
    assert read["name_form"].to_list() == [0, 1, 0]
    assert read["surname"].to_list() == ["ONEILL", "BAKER", "LEE"]
    assert read["birth_date"].to_list() == [date(1984, 3, 7), date(1984, 7, 3), None]
    assert read["postcode"].to_list() == ["LS1 4AB", "LS1 4AB", None]
    assert read["postcodes"].to_list() == [["LS1 4AB", "LS9 7TF"]] * 2 + [None]
    assert read["sentence_dates"].to_list()[0] == [date(2016, 5, 3), date(2018, 11, 20)]
    assert read["pnc"].to_list() == ["2000/0000001A"] * 2 + [None]
    assert read["ethnicity"].to_list() == ["W3", "W3", None] and read["sex"].to_list() == ["F", "F", None]


def test_a_defendant_with_one_name_has_it_as_surname_and_a_birth_after_the_hearing_is_void():
    case = {"defendant_on_case_id": "M1", "forename": "Madonna", "first_hearing_date": date(2015, 2, 11)}
    read = steps.standardise_magistrates(
        rows(
            "magistrates_defendant_case",
            case | {"dob": date(2010, 1, 1), "ethnicity": "B", "postcode": "NF1 1NF"},
            case | {"defendant_on_case_id": "M0", "dob": date(1990, 1, 1), "sentence_date": date(2015, 3, 1)},
        ),
        SETTINGS,
    )
    check_frame(read, StandardisedPersons, "standardised_persons")
    assert read["record_key"].to_list() == ["M0", "M1"]
    assert read["forename"].to_list() == [None, None] and read["surname"].to_list() == ["MADONNA"] * 2
    assert read["birth_date"].to_list() == [date(1990, 1, 1), None]
    assert read["ethnicity"].to_list() == [None, "B9"] and read["no_fixed_abode"].to_list() == [False, True]
    assert read["sentence_dates"].to_list() == [[date(2015, 3, 1)], None]


def test_people_in_prison_have_the_sentence_dates_of_their_journeys():
    read = steps.standardise_prison(
        rows(
            "prison_person", {"noms_number": "A1234BC", "surname": "Lee"}, {"noms_number": "A1234BD", "surname": "Ray"}
        ),
        rows(
            "custodial_journey",
            {"noms_number": "A1234BC", "reception_date": date(2016, 1, 1), "sentence_date": date(2016, 1, 1)},
            {"noms_number": "A1234BD", "reception_date": date(2016, 1, 1)},
        ),
        SETTINGS,
    )
    check_frame(read, StandardisedPersons, "standardised_persons")
    assert read["prison_number"].to_list() == ["A1234BC", "A1234BD"]
    assert read["sentence_dates"].to_list() == [[date(2016, 1, 1)], None]


def test_names_of_the_extracts_are_no_names_of_the_study():
    from contracts.extracts import ALL_EXTRACTS

    assert not {extract.name for extract in JUSTICE_EXTRACTS} & {extract.name for extract in ALL_EXTRACTS}
    assert not any(extract.system == "ndtms" for extract in JUSTICE_EXTRACTS)
