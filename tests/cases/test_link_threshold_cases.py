"""Runs the hard cases of tests/cases/link_thresholds.yaml, and what they cannot say."""

import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from linkage_assets.steps.links.key_people import key_people
from linkage_assets.steps.links.link_pairs import link_pairs
from linkage_assets.steps.links.vary_threshold import (
    ThresholdsCannotBeVaried,
    find_highest_threshold,
    link_people_widely,
    thresholds_tried,
)

CASES = yaml.safe_load((Path(__file__).resolve().parent / "link_thresholds.yaml").read_text(encoding="utf-8"))
JOURNEYS = {
    "client_pseudonym": pl.String,
    "kind": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "outcome": pl.String,
    "substance_group": pl.String,
    "spells": pl.Int32,
}


@pytest.fixture
def tried(settings):
    """The settings with the thresholds that the cases name."""
    sensitivity = settings.modelling.sensitivity.model_copy(
        update={"link_thresholds": [0.5, 0.75, 0.9, 0.95, 0.99, 0.999]}
    )
    modelling = settings.modelling.model_copy(update={"sensitivity": sensitivity})
    return settings.model_copy(update={"modelling": modelling})


def _pairs(case: dict) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "cluster_id": pair["person"],
                "client_cluster_id": pair["client"],
                "client_id": pair["client"],
                "match_probability": pair["probability"],
                "match_weight": math.log2(pair["probability"] / (1 - pair["probability"])),
            }
            for pair in case["pairs"]
        ]
    )


def _clients(case: dict) -> pl.DataFrame:
    clients = sorted({pair["client"] for pair in case["pairs"]})
    born = [case.get("born", {}).get(client, date(1980, 1, 1)) for client in clients]
    return pl.DataFrame({"person_id": clients, "initials": ["JS"] * len(clients), "dob": born})


def _journeys(case: dict) -> pl.DataFrame:
    stays = [
        (stay["client"], "structured", stay["start"], stay.get("end"), "Remained", "Opiates", 1)
        for stay in case["stays"]
    ]
    return pl.DataFrame(stays, schema=JOURNEYS, orient="row")


def _key(links: pl.DataFrame) -> pl.DataFrame:
    return links.rename({"cluster_id": "person_pseudonym", "client_cluster_id": "client_pseudonym"})


def _requirement(case: dict, linked: bool) -> pl.DataFrame:
    day = case.get("disposal", date(2020, 6, 1))
    return pl.DataFrame(
        {
            "requirement_pseudonym": ["R1"],
            "person_pseudonym": ["P1"],
            "disposal_date": [day],
            "linked_structured": [linked],
        }
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hard_case_of_link_thresholds(case, tried):
    key = _key(link_people_widely(_pairs(case), _clients(case), tried))
    linked = (case["expect"] or 0) >= tried.linkage.threshold

    found = find_highest_threshold(_requirement(case, linked), _journeys(case), key, tried)

    assert found["linked_up_to_threshold"].to_list() == [case["expect"]], case["decoy"]


def test_case_names_are_all_different():
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_wider_key_cut_at_a_threshold_is_the_key_of_that_threshold(case, tried):
    pairs, clients = _pairs(case), _clients(case)
    wider = link_people_widely(pairs, clients, tried)

    for threshold in thresholds_tried(tried):
        linkage = tried.linkage.model_copy(update={"threshold": threshold})
        of_its_own = key_people(link_pairs(pairs, linkage, synthetic=True), clients)
        assert_frame_equal(wider.filter(pl.col("match_probability") >= threshold), of_its_own)


def test_links_that_are_not_those_of_the_studys_threshold_are_refused(tried):
    case = CASES[0]
    key = _key(link_people_widely(_pairs(case), _clients(case), tried))

    with pytest.raises(ThresholdsCannotBeVaried, match=r"^1 requirement\(s\)"):
        find_highest_threshold(_requirement(case, linked=False), _journeys(case), key, tried)


def test_a_threshold_below_the_pairs_that_were_kept_is_refused(tried):
    linkage = tried.linkage.model_copy(update={"lowest_probability": 0.6})

    with pytest.raises(ThresholdsCannotBeVaried, match=r"link_thresholds begins below linkage.lowest_probability"):
        thresholds_tried(tried.model_copy(update={"linkage": linkage}))
