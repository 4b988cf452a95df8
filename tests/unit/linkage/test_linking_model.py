"""The linkage model: its levels, its training and its scores, on a small population made here."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from contracts.extracts import EXTRACT_BY_NAME
from linkage_assets.schemas.linking import OffenderClusters, ScoredPairs
from linkage_assets.steps.cluster_offenders import cluster_offenders
from linkage_assets.steps.score_pairs import score_pairs
from linkage_assets.steps.splink_model import (
    UnknownBlockingRule,
    blocking_rules,
    comparisons,
    deduplication_comparisons,
)
from linkage_assets.steps.standardise_people import standardise_clients, standardise_offenders
from linkage_assets.steps.train_linkage_model import LinkageModelNotUsable, check_weights, settle, train_linkage_model
from resources.schema_check import check_frame
from resources.splink_backend import SplinkBackend, SplinkFailed
from resources.study_settings import load_study_settings

POSTCODES = ["LS1 4AP", "LS2 7EY", "LS6 1AN", "M1 1AE", "M4 1HQ", "S1 2HE", "S2 4SU", "B1 1BB", "B5 4AA", "L1 8JQ"]
BACKEND = SplinkBackend(memory_limit="500MB")


@pytest.fixture(scope="module")
def population():
    """600 people on probation and 1,500 clients, 300 of them the same people; a tenth of the clients with a slip."""
    rng = np.random.default_rng(7)
    settings = load_study_settings().linkage.model_copy(update={"u_sampling_pairs": 300_000})
    types = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}

    def frame(name, rows):
        return pl.DataFrame(rows, schema={c.name: types.get(c.kind, pl.String) for c in EXTRACT_BY_NAME[name].columns})

    people = [
        (str(rng.choice(list("ABCDJKLMRST"))), str(rng.choice(list("BCDHJMRSTW"))),
         date(1970, 1, 1) + timedelta(days=int(rng.integers(0, 9000))), str(rng.choice(["M", "M", "F"])),
         str(rng.choice(["A", "A", "A", "J", "M"])), str(rng.choice(POSTCODES)))
        for _ in range(1800)
    ]
    probation_code = {"A": "W1", "J": "A2", "M": "B1"}
    offenders, addresses, episodes = [], [], []
    for number, (first, last, dob, sex, ethnicity, postcode) in enumerate(people[:600]):
        crn = f"X{number:06d}"
        offenders.append({"crn": crn, "forename_initial": first, "surname_initial": last, "dob": dob, "sex": sex,
                          "ethnicity": probation_code[ethnicity], "soft_deleted": "0"})
        addresses.append({"crn": crn, "start_date": date(2020, 1, 1), "address_status": "M", "postcode": postcode})
    for number, (first, last, dob, sex, ethnicity, postcode) in enumerate(people[300:]):
        if rng.random() < 0.05:
            first = "Z"
        if rng.random() < 0.05:
            dob = dob.replace(day=dob.day % 10 + 10)
        if rng.random() < 0.05:
            sex = {"M": "F", "F": "M"}[sex]
        if rng.random() < 0.1:
            ethnicity = "C"
        if rng.random() < 0.2:
            postcode = str(rng.choice(POSTCODES))
        episodes.append({"CLIENTID": f"C{number:05d}", "CONSENT": "Y", "FINITIAL": first, "SINITIAL": last, "DOB": dob,
                         "SEX": sex, "ETHNIC": ethnicity, "PC": postcode})
    probation = [frame("offender", offenders), frame("offender_address", addresses), frame("requirement", [])]
    treatment = [
        frame("adult_community", episodes),
        *(frame(name, []) for name in ("yp_community", "adult_secure", "yp_secure", "cjit")),
    ]
    return standardise_offenders(*probation, settings), standardise_clients(*treatment, settings), settings


@pytest.fixture(scope="module")
def trained(population):
    offenders, clients, settings = population
    return train_linkage_model(offenders, clients, BACKEND, settings)


def levels(settings):
    return {
        comparison["output_column_name"]: [level["label_for_charts"] for level in comparison["comparison_levels"]]
        for comparison in comparisons(settings.linkage)
    }


def test_the_levels_are_those_of_the_study(settings):
    assert levels(settings) == {
        "initials": ["missing", "both initials", "forename initial only", "surname initial only", "anything else"],
        "birth_date": ["missing", "same date", "one character differs", "day and month swapped",
                       "same day and month, at most 10 years apart", "anything else"],
        "sex": ["missing", "same sex", "anything else"],
        "ethnicity": ["missing", "same ethnicity", "either mixed or other", "anything else"],
        "location": ["missing", "same sector", "sectors within 0.5 km", "sectors within 1 km", "sectors within 6 km",
                     "same authority", "both of no fixed abode and no other place", "anything else"],
    }


def test_a_blocking_rule_that_does_not_exist_is_refused_by_name():
    with pytest.raises(UnknownBlockingRule, match="same_shoe_size"):
        blocking_rules(["same_shoe_size"])


def test_the_two_blocking_rules_named_by_the_methodology_are_used(settings):
    assert {"same_initials_and_birth_date", "same_initials_and_sector"} <= set(settings.linkage.blocking_rules)


def test_stated_agreement_of_duplicates_covers_every_level_and_adds_up(settings):
    for comparison in deduplication_comparisons(settings.linkage):
        stated = [level["m_probability"] for level in comparison["comparison_levels"] if "m_probability" in level]
        assert sum(stated) == pytest.approx(1, abs=0.01), comparison["output_column_name"]


def test_training_twice_gives_the_same_model_whatever_the_order_of_rows(population, trained):
    offenders, clients, settings = population
    again = train_linkage_model(offenders.reverse(), clients.reverse(), BACKEND, settings)
    assert again["model_json"].item() == trained["model_json"].item()


def test_every_level_of_a_trained_model_has_an_estimate(trained):
    model = json.loads(trained["model_json"].item())
    estimates = [
        (level["m_probability"], level["u_probability"])
        for comparison in model["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    ]
    assert len(estimates) == 21 and all(0 < m < 1 and 0 < u < 1 for m, u in estimates)


def test_the_rare_level_of_both_homeless_speaks_for_a_match(trained):
    model = json.loads(trained["model_json"].item())
    location = next(c for c in model["comparisons"] if c["output_column_name"] == "location")
    level = next(level for level in location["comparison_levels"] if level["label_for_charts"].startswith("both of no"))
    assert level["m_probability"] > level["u_probability"]


def test_a_level_that_training_never_saw_says_nothing():
    model = {"probability_two_random_records_match": 0.1, "comparisons": [{"comparison_levels": [
        {"m_probability": 0.2}, {"u_probability": 0.3}, {}, {"is_null_level": True},
    ]}]}
    settled = settle(model)["comparisons"][0]["comparison_levels"]
    assert [level.get("m_probability") for level in settled] == [0.2, 0.3, 1e-6, None]
    assert [level.get("u_probability") for level in settled] == [0.2, 0.3, 1e-6, None]


def test_a_model_whose_exact_level_speaks_against_a_match_is_refused():
    level = {"label_for_charts": "same sex", "m_probability": 0.4, "u_probability": 0.5}
    rest = {"label_for_charts": "anything else", "m_probability": 0.1, "u_probability": 0.5}
    with pytest.raises(LinkageModelNotUsable, match="sex: same sex"):
        check_weights({"comparisons": [{"output_column_name": "sex", "comparison_levels": [level, rest]}]})


def test_training_on_people_without_anything_in_common_is_refused_without_a_value(population):
    offenders, clients, settings = population
    strangers = clients.with_columns(initials=pl.lit("QQ"))
    with pytest.raises((SplinkFailed, LinkageModelNotUsable)) as failure:
        train_linkage_model(offenders, strangers, BACKEND, settings)
    assert "QQ" not in str(failure.value) and failure.value.__cause__ is None


def test_scores_do_not_depend_on_the_order_of_rows_and_find_the_right_people(population, trained):
    offenders, clients, settings = population
    pairs = score_pairs(offenders, clients, trained, BACKEND, settings)
    assert pairs.equals(score_pairs(offenders.reverse(), clients.reverse(), trained, BACKEND, settings))
    check_frame(pairs, ScoredPairs, "scored_pairs")
    sure = pairs.filter(pl.col("match_probability") >= settings.threshold)
    number_of = {name: pl.col(name).str.slice(1).cast(pl.Int64) for name in ("crn", "client_id")}
    right = sure.filter(number_of["crn"] == number_of["client_id"] + 300)
    assert sure.height > 150 and right.height / sure.height > 0.98
    assert pairs["match_probability"].min() >= settings.lowest_probability


def test_records_without_enough_identifiers_are_not_scored(population, trained):
    offenders, clients, settings = population
    none_linkable = offenders.with_columns(linkable=pl.lit(False)).vstack(offenders[:1])
    pairs = score_pairs(none_linkable.unique("record_id", keep="last"), clients, trained, BACKEND, settings)
    assert set(pairs["crn"]) <= {offenders["person_id"][0]}


def test_a_person_entered_twice_in_probation_is_one_person_and_a_twin_is_not(population):
    offenders, _, settings = population
    first = offenders.filter(pl.col("person_id") == "X000000")
    twice = first.with_columns(person_id=pl.lit("X900000"), record_id=pl.lit("ndelius:X900000:1"))
    twin = first.with_columns(
        person_id=pl.lit("X900001"), record_id=pl.lit("ndelius:X900001:1"), forename_initial=pl.lit("Z"),
        initials=pl.concat_str(pl.lit("Z"), "surname_initial"),
    )
    clusters = cluster_offenders(pl.concat([offenders, twice, twin]), BACKEND, settings)
    check_frame(clusters, OffenderClusters, "offender_clusters")
    people = dict(clusters.select("crn", "cluster_id").rows())
    assert people["X900000"] == "X000000" and people["X900001"] == "X900001" and clusters.height == 602
