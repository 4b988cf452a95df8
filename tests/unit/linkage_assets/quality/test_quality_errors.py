"""Expected false and missed links, by person and by group; linked against unlinked people."""

import polars as pl
import pytest

from linkage_assets.schemas.combining import NO_LENGTH, NOT_LINKABLE
from linkage_assets.steps.quality.estimate_linkage_error import (
    estimate_errors_by_person,
    estimate_linkage_errors,
    limits_of_missed,
)
from linkage_assets.steps.quality.profile_linked import (
    EVERYBODY,
    NOT_RECORDED,
    describe_people,
    estimate_errors_by_group,
    profile_linked,
)

PAIRS = pl.DataFrame(
    {
        "cluster_id": ["X1", "X1", "X2", "X2", "X3"],
        "client_cluster_id": ["C1", "C2", "C3", "C4", "C5"],
        "match_probability": [0.99, 0.5, 0.6, 0.4, 0.99],
        "normalised_probability": [0.9, 0.1, 0.5, 0.3, 0.95],
    }
)
LINKS = PAIRS.filter(pl.col("match_probability") >= 0.985)
PSEUDONYMS = pl.DataFrame(
    {
        "crn": ["X1", "X2", "X3", "X4", "X5"],
        "cluster_id": ["X1", "X2", "X3", "X4", "X5"],
        "linkable": [True, True, True, True, False],
        "person_pseudonym": ["MP1", "MP2", "MP3", "MP4", "MP5"],
    }
)


def by_person(key=("MP1", "MP3")):
    errors = estimate_errors_by_person(PSEUDONYMS, PAIRS, LINKS, pl.DataFrame({"person_pseudonym": list(key)}))
    return {row["person_pseudonym"]: row for row in errors.to_dicts()}


def requirements(*rows):
    """Combined requirements given as dicts of what differs."""
    usual = {
        "sex": "Male",
        "age_band": "30 to 39",
        "ethnic_group": "White",
        "region": "North East",
        "accommodation": "Settled",
        "requirement_type": "ATR",
        "sentence_year": 2020,
        "exclusion": None,
        "disposal_date": "2020-01-01",
    }
    frame = pl.DataFrame([usual | row for row in rows], schema_overrides={"exclusion": pl.String, "sex": pl.String})
    return frame.with_columns(requirement_pseudonym=pl.int_range(pl.len()).cast(pl.String))


def people(*rows):
    """People given as (sex, linkable, linked, expected_false, expected_missed), other groups all alike."""
    frame = pl.DataFrame(
        rows,
        schema={
            "sex": pl.String,
            "linkable": pl.Boolean,
            "linked": pl.Boolean,
            "expected_false": pl.Float64,
            "expected_missed": pl.Float64,
        },
        orient="row",
    )
    same = ["age_band", "sex_and_age", "ethnic_group", "region", "accommodation", "requirement_type", "year"]
    return frame.with_columns(pl.lit("same").alias(name) for name in same)


def test_expected_errors_are_sums_over_links_and_over_the_other_candidates():
    pair, normalised = estimate_linkage_errors(PAIRS, LINKS).to_dicts()
    assert (pair["links"], normalised["links"]) == (2, 2)
    assert pair["expected_false"] == pytest.approx(0.02)
    assert pair["expected_missed"] == pytest.approx(0.5 + 0.6 + 0.4)
    assert normalised["expected_false"] == pytest.approx(0.1 + 0.05)
    assert normalised["expected_missed"] == pytest.approx(0.1 + 0.5 + 0.3)


def test_a_linked_person_can_be_wrong_and_one_not_linked_can_be_missed():
    found = by_person()
    assert found["MP1"]["expected_false"] == pytest.approx(0.1)
    assert found["MP1"]["expected_missed"] is None
    assert found["MP2"]["expected_missed"] == pytest.approx(0.8)
    assert found["MP2"]["expected_false"] is None
    assert found["MP4"]["expected_missed"] == 0
    assert [person for person, row in found.items() if not row["linkable"]] == ["MP5"]


def test_a_person_whose_link_the_key_left_out_is_not_linked_and_may_be_missed():
    found = by_person(key=("MP3",))
    assert not found["MP1"]["linked"]
    assert found["MP1"]["expected_missed"] == pytest.approx(1.0)


def test_a_person_is_described_once_as_on_the_latest_analysed_sentence():
    errors = pl.DataFrame(
        {
            "person_pseudonym": ["MP1", "MP2"],
            "linkable": [True, True],
            "linked": [True, False],
            "expected_false": [0.1, None],
            "expected_missed": [None, 0.2],
        }
    )
    combined = requirements(
        {"person_pseudonym": "MP1", "region": "North East"},
        {"person_pseudonym": "MP1", "region": "South West", "disposal_date": "2021-01-01"},
        {"person_pseudonym": "MP1", "region": "North West", "disposal_date": "2022-01-01", "exclusion": NO_LENGTH},
        {"person_pseudonym": "MP2", "sex": None},
    )
    described = describe_people(combined, errors).sort("linked", descending=True)
    assert described["region"].to_list() == ["South West", "North East"]
    assert described["sex"].to_list() == ["Male", NOT_RECORDED]
    assert described["sex_and_age"].to_list() == ["Male, 30 to 39", NOT_RECORDED]


def test_people_left_out_only_for_want_of_identifiers_are_counted_but_not_as_linkable():
    errors = pl.DataFrame(
        {
            "person_pseudonym": ["MP1"],
            "linkable": [False],
            "linked": [False],
            "expected_false": [None],
            "expected_missed": [0.0],
        },
        schema_overrides={"expected_false": pl.Float64},
    )
    described = describe_people(requirements({"person_pseudonym": "MP1", "exclusion": NOT_LINKABLE}), errors)
    everybody = estimate_errors_by_group(described).row(0, named=True)
    assert (everybody["grouping"], everybody["people"], everybody["linkable"]) == (EVERYBODY, 1, 0)


def test_rates_and_errors_of_a_group_are_those_of_its_people():
    errors = estimate_errors_by_group(
        people(
            ("Female", True, True, 0.1, None),
            ("Female", True, False, None, 0.4),
            ("Male", True, True, 0.2, None),
            ("Male", False, False, None, 0.3),
        )
    )
    by_sex = errors.filter(grouping="Sex").drop("grouping").to_dicts()
    assert by_sex == [
        {"level": "Female", "people": 2, "linkable": 2, "linked": 1, "expected_false": 0.1, "expected_missed": 0.4}
        | {"false_variance": 0.09, "missed_variance": 0.24},
        {"level": "Male", "people": 2, "linkable": 1, "linked": 1, "expected_false": 0.2, "expected_missed": 0.0}
        | {"false_variance": 0.16, "missed_variance": 0.0},
    ]


def test_limits_of_missed_links_are_those_of_as_many_coin_tosses():
    # 100 people not linked, each missed with probability .5, beside 150 that surely are: 50 +- 5 of 200.
    share, reach = 50 / 200, 1.96 * 5 * 150 / 200**2
    lower, upper = limits_of_missed(150, 0.0, 50.0, 0.0, 25.0, 0.95) or (0.0, 0.0)
    assert lower == pytest.approx(share - reach, abs=0.003) and upper == pytest.approx(share + reach, abs=0.003)
    wider = limits_of_missed(150, 0.0, 50.0, 20.0, 25.0, 0.95) or (1.0, 0.0)
    assert wider[0] < lower and wider[1] > upper
    assert limits_of_missed(150, 0.0, 50.0, 0.0, 0.0, 0.95) == (share, share)
    assert limits_of_missed(0, 0.0, 0.0, 0.0, 0.0, 0.95) is None


def test_the_standardised_difference_is_that_of_two_shares():
    linked = [("Female", True, True, 0.0, None)] * 2 + [("Male", True, True, 0.0, None)] * 2
    others = [("Female", True, False, None, 0.0)] * 1 + [("Male", True, False, None, 0.0)] * 3
    female = profile_linked(people(*linked, *others)).filter(grouping="Sex", level="Female").row(0, named=True)
    assert (female["linked_share"], female["not_linked_share"]) == (0.5, 0.25)
    assert female["standardised_difference"] == pytest.approx(0.25 / ((0.25 + 0.1875) / 2) ** 0.5)


def test_a_characteristic_that_does_not_vary_has_no_standardised_difference():
    profile = profile_linked(people(("Male", True, True, 0.0, None), ("Male", True, False, None, 0.0)))
    assert profile.filter(grouping="Sex")["standardised_difference"].to_list() == [None]
