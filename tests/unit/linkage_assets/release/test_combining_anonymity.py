"""How anonymous a release is: records that share what somebody might know of a person."""

import polars as pl
import pytest

from linkage_assets.schemas.release import ReleaseAnonymity
from linkage_assets.steps.release.measure_anonymity import ON_DAYS, QUASI_IDENTIFIERS, measure_anonymity
from resources.zone.schema_check import check_frame

USUAL = {
    "region": "North West",
    "age_band": "30 to 39",
    "sex": "Male",
    "ethnic_group": "White",
    "requirement_type": "DRR",
    "sentence_year": 2020,
    "reconvicted": False,
    "treatment_status": None,
    **dict.fromkeys(ON_DAYS, False),
}


def release(*groups: tuple[int, dict]) -> pl.DataFrame:
    """A release: each group is a number of records and how they differ from USUAL; every record is of a person of its
    own, unless `person_key` is given."""
    rows = [values for number, values in groups for _ in range(number)]
    return pl.DataFrame(
        [{"person_key": f"P{place}", **USUAL, **row} for place, row in enumerate(rows)],
        schema_overrides={
            "treatment_status": pl.String,
            "ethnic_group": pl.String,
            **dict.fromkeys(ON_DAYS, pl.Boolean),
        },
    )


def measured(frame: pl.DataFrame, k: int = 5) -> dict:
    """Measures by set of quasi-identifiers."""
    table = check_frame(measure_anonymity(frame, k), ReleaseAnonymity, "release_anonymity")
    return {row["quasi_identifiers"]: row for row in table.to_dicts()}


ALL = ", ".join(QUASI_IDENTIFIERS)


def test_records_in_classes_smaller_than_k_are_counted():
    found = measured(release((5, {}), (4, {"sex": "Female"}), (1, {"region": "London"})))[ALL]

    assert (found["classes"], found["records"], found["smallest_class"]) == (3, 10, 1)
    assert (found["classes_below_k"], found["records_below_k"], found["unique_records"]) == (2, 5, 1)


def test_how_long_somebody_was_observed_is_told_by_which_days_are_empty():
    found = measured(release((5, {}), (2, dict.fromkeys(ON_DAYS[3:])), (1, dict.fromkeys(ON_DAYS))))["observed_for"]
    assert (found["classes"], found["smallest_class"], found["records_below_k"]) == (3, 1, 3)


def test_fewer_quasi_identifiers_make_larger_classes():
    found = measured(release((5, {}), (4, {"sex": "Female"}), (1, {"region": "London"})))

    assert len(found) == 2 ** len(QUASI_IDENTIFIERS) - 1
    assert found["sex"]["classes_below_k"] == 1
    assert found["region"]["smallest_class"] == 1
    assert found["age_band"]["smallest_class"] == 10


def test_an_empty_value_is_a_value_of_its_own():
    assert measured(release((5, {}), (2, {"ethnic_group": None})))["ethnic_group"]["records_below_k"] == 2


def test_five_records_of_one_person_hide_nobody():
    found = measured(release((5, {"person_key": "P"}), (5, {"sex": "Female"})))["sex"]

    assert (found["smallest_class"], found["classes_below_k"]) == (5, 0)
    assert (found["smallest_class_people"], found["people_below_k"]) == (1, 1)


def test_a_class_in_which_all_have_the_same_outcome_tells_it():
    found = measured(
        release(
            (6, {"reconvicted": True}),
            (5, {"sex": "Female"}),
            (1, {"sex": "Female", "reconvicted": True}),
            (2, {"region": "London", "reconvicted": True}),
        )
    )["sex"]
    assert (found["classes_one_reconvicted"], found["records_one_reconvicted"]) == (1, 8)


def test_a_class_below_k_is_not_counted_again_for_its_outcome():
    found = measured(release((4, {"reconvicted": True}), (5, {"sex": "Female"})))["sex"]
    assert (found["classes_below_k"], found["classes_one_reconvicted"], found["records_one_reconvicted"]) == (1, 1, 5)


def test_not_being_linked_is_one_of_the_treatment_statuses():
    found = measured(release((4, {}), (1, {"treatment_status": "Completed"}), (5, {"sex": "Female"})))["sex"]
    assert (found["classes_one_status"], found["records_one_status"]) == (1, 5)


@pytest.mark.parametrize(("k", "below"), [(5, 0), (6, 5)])
def test_k_is_a_setting(k, below):
    found = measured(release((5, {}), (6, {"sex": "Female"})), k)["sex"]
    assert (found["k"], found["records_below_k"]) == (k, below)


def test_a_release_without_records_has_no_classes():
    found = measured(release((5, {})).head(0))[ALL]
    assert (found["classes"], found["records"], found["smallest_class"]) == (0, 0, 0)
