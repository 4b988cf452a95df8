"""Working pseudonyms of both sides, and the key between them."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linkage_assets.schemas.pseudonyms import (
    PersonKey,
    ProbationPseudonyms,
    RequirementPseudonyms,
    TreatmentPseudonyms,
)
from linkage_assets.steps.links.key_people import key_people, key_under_pseudonyms, linkage_run
from linkage_assets.steps.people import draw_at_random
from linkage_assets.steps.people.assign_pseudonyms import (
    assign_probation_pseudonyms,
    assign_requirement_pseudonyms,
    assign_treatment_pseudonyms,
)
from linkage_assets.steps.people.draw_at_random import ALPHABET, random_keys
from resources.zone.schema_check import check_frame

SAME = ("JS", "1984-03-07")
SECRET, OTHER_SECRET = bytes(32), bytes([1] * 32)


def links(*pairs):
    """Linked pairs given as (probation person, NDTMS person, weight); the best record of a person NX is client NX."""
    return pl.DataFrame(
        [
            {
                "cluster_id": cluster,
                "client_cluster_id": client,
                "client_id": client,
                "match_weight": weight,
                "match_probability": 0.99,
            }
            for cluster, client, weight in pairs
        ]
    )


def clients(**identity_of):
    return pl.DataFrame(
        [{"person_id": client, "initials": initials, "dob": dob} for client, (initials, dob) in identity_of.items()]
    )


def pairs_of(key):
    return key.select("cluster_id", "client_cluster_id").rows()


def test_an_ndtms_person_belongs_to_the_person_that_matches_best():
    key = key_people(links(("X1", "N1", 8.0), ("X2", "N1", 9.0)), clients(N1=SAME))
    assert pairs_of(key) == [("X2", "N1")]


def test_an_ndtms_person_that_matches_two_people_equally_well_belongs_to_neither():
    assert key_people(links(("X1", "N1", 8.0), ("X2", "N1", 8.0)), clients(N1=SAME)).is_empty()


def test_a_person_is_several_ndtms_people_when_initials_and_birth_date_are_the_same():
    key = key_people(links(("X1", "N1", 9.0), ("X1", "N2", 7.0)), clients(N1=SAME, N2=SAME))
    assert pairs_of(key) == [("X1", "N1"), ("X1", "N2")]


@pytest.mark.parametrize("other", [("TS", "1984-03-07"), ("JS", "1984-03-08"), ("JS", None)])
def test_a_second_ndtms_person_with_other_initials_or_birth_date_is_somebody_else(other):
    key = key_people(links(("X1", "N1", 9.0), ("X1", "N2", 7.0)), clients(N1=SAME, N2=other))
    assert pairs_of(key) == [("X1", "N1")]


def test_two_different_ndtms_people_that_match_equally_well_are_both_left_out():
    found = links(("X1", "N1", 9.0), ("X1", "N2", 9.0), ("X1", "N3", 7.0))
    assert key_people(found, clients(N1=SAME, N2=("TS", "1984-03-07"), N3=SAME)).is_empty()


def test_an_ndtms_person_without_a_birth_date_can_be_the_best():
    assert pairs_of(key_people(links(("X1", "N1", 9.0)), clients(N1=("JS", None)))) == [("X1", "N1")]


def test_the_identity_of_an_ndtms_person_is_that_of_the_identifier_that_matched_best():
    found = links(("X1", "N1", 9.0), ("X1", "N2", 7.0)).with_columns(client_id=pl.Series(["N1", "N2b"]))
    key = key_people(found, clients(N1=SAME, N2=("TS", None), N2b=SAME))
    assert pairs_of(key) == [("X1", "N1"), ("X1", "N2")]


@pytest.fixture
def probation(extract):
    offender = extract(
        "offender", *({"crn": f"X00000{number}", "soft_deleted": "1" if number == 5 else "0"} for number in range(1, 6))
    )
    clusters = pl.DataFrame(
        {
            "crn": ["X000001", "X000002", "X000003"],
            "cluster_id": ["X000001", "X000001", "X000003"],
            "linkable": [False, True, False],
        }
    )
    return assign_probation_pseudonyms(offender, clusters, SECRET)


@pytest.fixture
def treatment():
    standardised = pl.DataFrame({"person_id": ["N1", "N1", "N2", "N3"]})
    clusters = pl.DataFrame({"client_id": ["N1", "N2"], "client_cluster_id": ["N1", "N1"]})
    return assign_treatment_pseudonyms(standardised, clusters, SECRET)


def test_numbers_of_one_person_have_one_pseudonym_and_deleted_records_have_none(probation):
    check_frame(probation, ProbationPseudonyms, "probation_pseudonyms")
    assert probation["crn"].to_list() == ["X000001", "X000002", "X000003", "X000004"]
    one, two, three, four = probation["person_pseudonym"]
    assert one == two
    assert len({one, three, four}) == 3


def test_a_person_is_linkable_when_one_number_is(probation):
    assert probation["linkable"].to_list() == [True, True, False, False]


def test_identifiers_of_one_ndtms_person_have_one_pseudonym(treatment):
    check_frame(treatment, TreatmentPseudonyms, "treatment_pseudonyms")
    assert treatment["client_id"].to_list() == ["N1", "N2", "N3"]
    one, two, three = treatment["client_pseudonym"]
    assert one == two != three


def test_requirements_and_orders_of_the_types_studied_have_pseudonyms(extract, settings):
    kinds = ["ATR", "DRR", "MHTR", "DRR"]
    rows = [
        {"requirement_id": f"R{number}", "crn": "X000001", "disposal_id": f"D{number // 2}", "requirement_type": kind}
        for number, kind in enumerate(kinds)
    ]
    found = assign_requirement_pseudonyms(extract("requirement", *rows), settings, SECRET)
    check_frame(found, RequirementPseudonyms, "requirement_pseudonyms")
    assert found["requirement_id"].to_list() == ["R0", "R1", "R3"]
    assert found["order_pseudonym"][0] == found["order_pseudonym"][1] != found["order_pseudonym"][2]


def test_the_key_file_holds_pseudonyms_probability_and_run_only(probation, treatment):
    found = pl.DataFrame(
        {"cluster_id": ["X000001", "X000004"], "client_cluster_id": ["N3", "N1"], "match_probability": [0.99, 0.995]}
    )
    key = key_under_pseudonyms(found, probation, treatment, "2023Q1-abc")
    check_frame(key, PersonKey, "person_key")
    assert key.columns == ["person_pseudonym", "client_pseudonym", "match_probability", "run_id"]
    back = key.join(probation, on="person_pseudonym").join(treatment, on="client_pseudonym")
    assert back.select("crn", "client_id").sort(pl.all()).rows() == [
        ("X000001", "N3"),
        ("X000002", "N3"),
        ("X000004", "N1"),
        ("X000004", "N2"),
    ]


def test_a_linkage_run_is_named_by_its_quarter_and_its_model():
    model, other = (pl.DataFrame({"sha256": [letter * 64]}) for letter in "ab")
    assert linkage_run("2023Q1", model) == "2023Q1-aaaaaaaaaaaa"
    assert len({linkage_run("2023Q1", model), linkage_run("2023Q2", model), linkage_run("2023Q1", other)}) == 3


IDS = pl.Series([f"X{number:06d}" for number in range(500)])


def test_random_keys_are_different_and_keep_no_order_of_the_ids():
    keys = random_keys("MP", IDS, SECRET)
    ranks = keys.select(pl.col("id", "key").rank())
    assert keys["key"].n_unique() == 500
    assert keys["key"].str.contains("^MP[A-Z2-9]{10}$").all()
    assert abs(ranks.select(pl.corr("id", "key")).item()) < 0.15


def test_random_keys_do_not_depend_on_the_order_or_number_of_the_ids_given():
    assert_frame_equal(random_keys("MP", pl.concat([IDS, IDS.reverse()]), SECRET), random_keys("MP", IDS, SECRET))


def test_no_ids_give_no_keys():
    none = pl.Series([None, None], dtype=pl.String)
    assert random_keys("MP", none, SECRET).schema == {"id": pl.String, "key": pl.String}
    assert random_keys("MP", none, SECRET).is_empty()


def test_another_secret_gives_other_keys_to_everyone():
    assert not set(random_keys("MP", IDS, SECRET)["key"]) & set(random_keys("MP", IDS, OTHER_SECRET)["key"])


def test_letters_of_keys_are_all_as_frequent():
    letters = random_keys("", IDS, SECRET)["key"].str.split("").explode().drop_nulls()
    counts = letters.filter(letters != "").value_counts()
    assert counts.height == len(ALPHABET)
    assert counts["count"].min() > 110 and counts["count"].max() < 225  # 167 expected, 4.5 standard deviations


def test_ids_that_would_get_one_key_are_told_apart(monkeypatch):
    """Two letters make 900 keys: of 500 ids more than a hundred would share one."""
    monkeypatch.setattr(draw_at_random, "LETTERS", 2)
    keys = random_keys("MP", IDS, SECRET)
    assert keys["key"].n_unique() == 500
    assert_frame_equal(keys, random_keys("MP", IDS.reverse(), SECRET))


def test_two_releases_of_the_same_people_have_other_pseudonyms(extract, settings):
    rows = extract(
        "requirement",
        *({"requirement_id": key, "crn": key, "disposal_id": key, "requirement_type": "ATR"} for key in IDS),
    )
    now, then = (assign_requirement_pseudonyms(rows, settings, secret) for secret in (SECRET, OTHER_SECRET))
    assert now["requirement_id"].equals(then["requirement_id"])
    for column in ("requirement_pseudonym", "order_pseudonym"):
        assert not set(now[column]) & set(then[column])


def test_a_requirement_and_an_order_of_one_number_have_pseudonyms_that_tell_nothing_of_it(extract, settings):
    rows = extract("requirement", {"requirement_id": "1", "crn": "1", "disposal_id": "1", "requirement_type": "ATR"})
    found = assign_requirement_pseudonyms(rows, settings, SECRET)
    assert found["requirement_pseudonym"].item()[2:] != found["order_pseudonym"].item()[2:]
