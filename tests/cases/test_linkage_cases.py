"""Hard pairs of tests/cases/linkage_pairs.yaml, scored with the stated weights and taken through to the key file."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from contracts.extracts import EXTRACT_BY_NAME
from linkage_assets.steps.links.key_people import key_people
from linkage_assets.steps.links.link_pairs import link_pairs
from linkage_assets.steps.links.pair_people import pair_people
from linkage_assets.steps.links.score_pairs import score_pairs
from linkage_assets.steps.model.linkage_specification import linkage_specification
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from record_linkage.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import load_study_settings

FILE = yaml.safe_load((Path(__file__).parent / "linkage_pairs.yaml").read_text(encoding="utf-8"))
CASES = FILE["cases"]
TYPES = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}


def frame(name, rows):
    schema = {column.name: TYPES.get(column.kind, pl.String) for column in EXTRACT_BY_NAME[name].columns}
    return pl.DataFrame(rows, schema=schema)


def crn(number):
    return f"X{number:06d}"


def client(number, place):
    return f"C{number:03d}{place}"


def stated_model(settings):
    """The study's levels with the weights of the file."""
    model = linkage_specification(settings).for_splink() | {
        "probability_two_random_records_match": FILE["model"]["prior"]
    }
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, (m, u) in zip(levels, FILE["model"][comparison["output_column_name"]], strict=True):
            level |= {"m_probability": m, "u_probability": u}
    return TrainedModel(model, {}, [], [], [], {}, {"synthetic": None}, "")


@pytest.fixture(scope="module")
def key():
    """Key file of all cases together: crn -> clients."""
    settings = load_study_settings().linkage.model_copy(update={"term_frequencies": []})
    offenders, addresses, episodes = [], [], []
    for number, case in enumerate(CASES):
        who = case["probation"]
        offenders.append(
            {
                "crn": crn(number),
                "forename_initial": who["initials"][0],
                "surname_initial": who["initials"][1],
                "dob": who["dob"],
                "sex": who["sex"],
                "ethnicity": who["ethnicity"],
                "soft_deleted": "0",
            }
        )
        addresses.append(
            {"crn": crn(number), "start_date": date(2020, 1, 1), "address_status": "M", "postcode": who["postcode"]}
        )
        for place, who in enumerate(case["treatment"]):
            episodes += [
                {
                    "CLIENTID": client(number, place),
                    "CONSENT": "Y",
                    "FINITIAL": who["initials"][0],
                    "SINITIAL": who["initials"][1],
                    "DOB": who["dob"],
                    "SEX": who["sex"],
                    "ETHNIC": who["ethnicity"],
                    "PC": postcode,
                }
                for postcode in {who["postcode"], who.get("former_postcode", who["postcode"])}
            ]
    ours = standardise_offenders(
        frame("offender", offenders),
        frame("offender_address", addresses),
        frame("requirement", []),
        settings,
    )
    theirs = standardise_clients(
        frame("adult_community", episodes),
        *(frame(name, []) for name in ("yp_community", "adult_secure", "yp_secure", "cjit")),
        settings,
    )
    pairs = score_pairs(ours, theirs, stated_model(settings), bytes(32), SplinkBackend(memory_limit="500MB"), settings)
    alone = ours.select(crn="person_id", cluster_id="person_id")
    clients = theirs.select(client_id="person_id", client_cluster_id="person_id").unique()
    linked = key_people(link_pairs(pair_people(pairs, alone, clients), settings, synthetic=False), theirs)
    return {who: linked.filter(cluster_id=who)["client_cluster_id"].to_list() for who in alone["crn"]}


@pytest.mark.parametrize(("number", "case"), enumerate(CASES), ids=[case["case"] for case in CASES])
def test_a_hard_pair_is_linked_as_its_case_says(key, number, case):
    wanted = {"same": [True], "decoy": [False], "nobody": []}[case["linked"]]
    expected = [client(number, place) for place, who in enumerate(case["treatment"]) if who["same"] in wanted]
    assert key[crn(number)] == expected, case["why"]


def test_each_case_has_one_true_pair_at_most_and_says_why():
    assert all(sum(who["same"] for who in case["treatment"]) <= 1 and case["why"] for case in CASES)
    assert all(case["linked"] != "same" or any(who["same"] for who in case["treatment"]) for case in CASES)
