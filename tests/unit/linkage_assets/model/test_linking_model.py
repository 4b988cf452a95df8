"""The linkage model: its levels, its training and its scores, on a small population made here."""

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from splink import Linker, SettingsCreator

from contracts.extracts import EXTRACT_BY_NAME
from linkage_assets.schemas.linking import ClientClusters, OffenderClusters, ScoredPairs, TrainedLinkageModel
from linkage_assets.steps.links.score_pairs import EarlierScoring, score_pairs
from linkage_assets.steps.model.linkage_specification import (
    TRAINING_RULES,
    USUAL_LEVELS,
    UnknownBlockingRule,
    blocking_rules,
    comparisons,
    linkage_specification,
)
from linkage_assets.steps.model.train_linkage_model import linkable, train_linkage_model
from linkage_assets.steps.people.deduplication_specifications import deduplication_comparisons
from linkage_assets.steps.people.find_duplicates import cluster_clients, cluster_offenders
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from record_linkage.model.trained_model import TrainedModel, model_parameters
from record_linkage.specification import same
from record_linkage.splink_backend import SplinkBackend, SplinkFailed, register_frame
from record_linkage.training.check_model import LinkageModelNotUsable, check_model
from record_linkage.training.settle_estimates import sessions, settle
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

POSTCODES = ["LS1 4AP", "LS2 7EY", "LS6 1AN", "M1 1AE", "M4 1HQ", "S1 2HE", "S2 4SU", "B1 1BB", "B5 4AA", "L1 8JQ"]
BACKEND = SplinkBackend(memory_limit="500MB")
MADE_HERE = {"quarter": "2023Q1", "synthetic": {"scale": 0.01}}
KEY = bytes(32)


@pytest.fixture(scope="module")
def population():
    """600 people on probation and 1,500 clients, 300 of them the same people; a tenth of the clients with a slip."""
    rng = np.random.default_rng(7)
    settings = load_study_settings().linkage.model_copy(update={"u_sampling_pairs": 300_000})
    types = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}

    def frame(name, rows):
        return pl.DataFrame(rows, schema={c.name: types.get(c.kind, pl.String) for c in EXTRACT_BY_NAME[name].columns})

    people = [
        (
            str(rng.choice(list("ABCDJKLMRST"))),
            str(rng.choice(list("BCDHJMRSTW"))),
            date(1970, 1, 1) + timedelta(days=int(rng.integers(0, 9000))),
            str(rng.choice(["M", "M", "F"])),
            str(rng.choice(["A", "A", "A", "J", "M"])),
            str(rng.choice(POSTCODES)),
        )
        for _ in range(1800)
    ]
    probation_code = {"A": "W1", "J": "A2", "M": "B1"}
    offenders, addresses, episodes = [], [], []
    for number, (first, last, dob, sex, ethnicity, postcode) in enumerate(people[:600]):
        crn = f"X{number:06d}"
        offenders.append(
            {
                "crn": crn,
                "forename_initial": first,
                "surname_initial": last,
                "dob": dob,
                "sex": sex,
                "ethnicity": probation_code[ethnicity],
                "soft_deleted": "0",
            }
        )
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
        episodes.append(
            {
                "CLIENTID": f"C{number:05d}",
                "CONSENT": "Y",
                "FINITIAL": first,
                "SINITIAL": last,
                "DOB": dob,
                "SEX": sex,
                "ETHNIC": ethnicity,
                "PC": postcode,
            }
        )
    probation = (frame("offender", offenders), frame("offender_address", addresses), frame("requirement", []))
    treatment = (
        frame("adult_community", episodes),
        frame("yp_community", []),
        frame("adult_secure", []),
        frame("yp_secure", []),
        frame("cjit", []),
    )
    return standardise_offenders(*probation, settings), standardise_clients(*treatment, settings), settings


@pytest.fixture(scope="module")
def trained(population):
    offenders, clients, settings = population
    return train_linkage_model(offenders, clients, BACKEND, settings, MADE_HERE, KEY)


def levels(settings):
    return {
        comparison.name: [level["label_for_charts"] for level in comparison.for_splink()["comparison_levels"]]
        for comparison in comparisons(settings.linkage)
    }


def test_the_levels_are_those_of_the_study(settings):
    assert levels(settings) == {
        "initials": ["missing", "both initials", "forename initial only", "surname initial only", "anything else"],
        "birth_date": [
            "missing",
            "same date",
            "one character differs",
            "day and month swapped",
            "same day and month, years apart",
            "anything else",
        ],
        "sex": ["missing", "same sex", "anything else"],
        "ethnicity": ["missing", "same ethnicity", "either mixed or other", "anything else"],
        "location": [
            "missing",
            "same sector",
            "sectors within 0.5 km",
            "sectors within 1 km",
            "sectors within 6 km",
            "same authority",
            "both of no fixed abode and no other place",
            "anything else",
        ],
    }


def test_a_blocking_rule_that_does_not_exist_is_refused_by_name():
    with pytest.raises(UnknownBlockingRule, match="same_shoe_size"):
        blocking_rules(["same_shoe_size"])


def test_the_two_blocking_rules_named_by_the_methodology_are_used(settings):
    assert {"same_initials_and_birth_date", "same_initials_and_sector"} <= set(settings.linkage.blocking_rules)


def test_stated_agreement_of_duplicates_covers_every_level_and_adds_up(settings):
    for comparison in deduplication_comparisons(settings.linkage):
        assert sum(level.m for level in comparison.levels) == pytest.approx(1, abs=0.01), comparison.name


def test_training_twice_gives_the_same_model_whatever_the_order_of_rows(population, trained):
    offenders, clients, settings = population
    again = train_linkage_model(offenders.reverse(), clients.reverse(), BACKEND, settings, MADE_HERE, KEY)
    assert again.digest == trained.digest


def test_training_gives_what_splink_gives_when_it_is_told_of_two_tables(population, trained):
    """One table and rules that want pairs of two systems: the same pairs, so the same estimates, and the same curve."""
    offenders, clients, settings = population
    description = linkage_specification(settings).without_frequencies().for_splink()
    description["probability_two_random_records_match"] = trained.splink["probability_two_random_records_match"]
    usual = {name.partition(" (")[0] for name in trained.usual_levels}
    for ours, given in zip(trained.splink["comparisons"], description["comparisons"], strict=True):
        for level, other in zip(ours["comparison_levels"], given["comparison_levels"], strict=True):
            if "u_probability" in level and f"{ours['output_column_name']}: {level['label_for_charts']}" not in usual:
                other["u_probability"] = level["u_probability"]
    with BACKEND.open("training as Splink documents it") as database:
        linker = Linker(
            [register_frame(database, linkable(offenders), "a"), register_frame(database, linkable(clients), "b")],
            SettingsCreator.from_path_or_dict(description),
            log_level=None,
        )
        for rule in TRAINING_RULES.values():
            linker.training.estimate_parameters_using_expectation_maximisation(
                same(rule), estimate_without_term_frequencies=True
            )
        estimates = linker.visualisations.parameter_estimate_comparisons_chart().chart_data
        curve = linker.evaluation.unlinkables_chart().chart_data
    told = {(row["rule"], row["comparison"], row["level"]): row["m"] for row in sessions(estimates, TRAINING_RULES)}
    ours = {(row["rule"], row["comparison"], row["level"]): row["m"] for row in trained.sessions}
    assert ours == pytest.approx(told, rel=1e-5) and len(ours) > 20
    below = {math.ceil(row["match_weight"]): row["cum_prop"] for row in curve}
    assert {row["match_weight"]: row["share"] for row in trained.unlinkables} == pytest.approx(below, rel=1e-4)


def test_a_model_read_from_its_text_is_the_same_model(trained):
    assert TrainedModel.from_json(trained.to_json()) == trained


def test_every_level_of_a_trained_model_has_m_and_u(trained):
    parameters = model_parameters(trained)
    check_frame(parameters, TrainedLinkageModel, "trained_linkage_model")
    assert parameters.height == 21


def test_the_rare_level_of_both_homeless_speaks_for_a_match(trained):
    levels = model_parameters(trained).filter(pl.col("level").str.starts_with("both of no fixed abode"))
    assert levels["match_weight"].item() > 0


def test_term_frequencies_are_kept_with_the_model_and_found_by_value(population, trained):
    offenders, clients, _settings = population
    columns = {"initials", "dob", "ethnicity", "postcode_sector"}
    assert set(trained.term_frequencies) == columns
    for column in columns:
        values = pl.concat([offenders, clients]).filter("linkable")[column].drop_nulls()
        counts = values.value_counts()
        shares = dict(zip(counts[column], counts["count"] / values.len(), strict=True))
        with_one_more = pl.concat([values, pl.Series(column, ["never seen in training"])])
        found = trained.frequencies_of(column, with_one_more, KEY)
        assert found.columns == [column, f"tf_{column}"]
        assert dict(found.rows()) == pytest.approx(shares, rel=1e-6)


def test_a_model_holds_no_value_and_without_its_key_none_can_be_tested(population, trained):
    values = {
        value
        for records in population[:2]
        for column in ("dob", "initials", "postcode_sector")
        for value in records[column].drop_nulls()
    }
    text = trained.to_json()
    assert not {value for value in values if f'"{value}"' in text}
    assert not any(value in text for value in values if len(value) > 2)
    dates = pl.Series("dob", sorted(value for value in values if value[:2] in ("19", "20")))
    assert trained.frequencies_of("dob", dates, KEY).height > 500
    assert trained.frequencies_of("dob", dates, bytes([1] * 32)).is_empty()


def level(label, **known):
    return {"label_for_charts": label, **known}


def model_of(*levels, comparison="birth_date"):
    return {
        "probability_two_random_records_match": 0.1,
        "comparisons": [{"output_column_name": comparison, "comparison_levels": list(levels)}],
    }


def test_a_level_that_training_never_saw_gets_its_usual_probabilities_and_is_named():
    swapped = level("day and month swapped", m_probability=0.4, u_probability=0.1)
    model, usual = settle(model_of(swapped, {"is_null_level": True}), estimated=set(), usual_levels=USUAL_LEVELS)
    settled = model["comparisons"][0]["comparison_levels"][0]
    assert (settled["m_probability"], settled["u_probability"]) == USUAL_LEVELS["day and month swapped"]
    assert usual == ["birth_date: day and month swapped (m)", "birth_date: day and month swapped (u)"]


def test_a_level_that_training_saw_keeps_its_estimate():
    swapped = level("day and month swapped", m_probability=0.4, u_probability=0.1)
    seen = {("birth_date", "day and month swapped", letter) for letter in "mu"}
    model, usual = settle(model_of(swapped), estimated=seen, usual_levels=USUAL_LEVELS)
    assert model["comparisons"][0]["comparison_levels"][0]["m_probability"] == 0.4 and not usual


def test_a_model_with_a_level_that_nothing_is_known_of_is_refused(settings):
    model, _ = settle(model_of(level("same date"), level("anything else")), estimated=set(), usual_levels=USUAL_LEVELS)
    with pytest.raises(LinkageModelNotUsable, match="birth_date: same date was never seen"):
        check_model(model, [], settings.linkage.largest_disagreement)


def test_a_model_whose_exact_level_speaks_against_a_match_is_refused(settings):
    same = level("same sex", m_probability=0.4, u_probability=0.5)
    rest = level("anything else", m_probability=0.1, u_probability=0.5)
    with pytest.raises(LinkageModelNotUsable, match="sex: same sex has the wrong sign"):
        check_model(model_of(same, rest, comparison="sex"), [], settings.linkage.largest_disagreement)


@pytest.mark.parametrize(("other", "refused"), [(0.45, False), (0.1, True)])
def test_a_model_whose_training_rules_disagree_is_refused(settings, other, refused):
    same = level("same sex", m_probability=0.9, u_probability=0.5)
    rest = level("anything else", m_probability=0.1, u_probability=0.5)
    model = model_of(same, rest, comparison="sex")
    sessions = [
        {"rule": rule, "comparison": "sex", "level": "same sex", "m": m} for rule, m in (("one", 0.9), ("two", other))
    ]
    if refused:
        with pytest.raises(LinkageModelNotUsable, match=r"disagree on sex: same sex by 3.2 bits"):
            check_model(model, sessions, settings.linkage.largest_disagreement)
    else:
        check_model(model, sessions, settings.linkage.largest_disagreement)


def test_training_without_a_pair_that_is_sure_says_what_they_would_agree_in(population):
    offenders, clients, settings = population
    elsewhere = clients.with_columns(utla_code=pl.lit("E0"))
    with pytest.raises(LinkageModelNotUsable, match=r"0 pair.s. of 600 and 1,500 records agree in initials, dob"):
        train_linkage_model(offenders, elsewhere, BACKEND, settings, MADE_HERE, KEY)


def test_training_on_people_without_anything_in_common_is_refused_without_a_value(population):
    offenders, clients, settings = population
    strangers = clients.with_columns(initials=pl.lit("QQ"))
    with pytest.raises((SplinkFailed, LinkageModelNotUsable)) as failure:
        train_linkage_model(offenders, strangers, BACKEND, settings, MADE_HERE, KEY)
    assert "QQ" not in str(failure.value) and failure.value.__cause__ is None


def test_scores_do_not_depend_on_the_order_of_rows_and_find_the_right_people(population, trained):
    offenders, clients, settings = population
    pairs = score_pairs(offenders, clients, trained, KEY, BACKEND, settings)
    assert pairs.equals(score_pairs(offenders.reverse(), clients.reverse(), trained, KEY, BACKEND, settings))
    check_frame(pairs, ScoredPairs, "scored_pairs")
    sure = pairs.filter(pl.col("match_probability") >= settings.threshold)
    number_of = {name: pl.col(name).str.slice(1).cast(pl.Int64) for name in ("crn", "client_id")}
    right = sure.filter(number_of["crn"] == number_of["client_id"] + 300)
    assert sure.height > 150 and right.height / sure.height > 0.98
    assert pairs["match_probability"].min() >= settings.lowest_probability


def test_scoring_only_what_is_new_or_changed_gives_what_scoring_everything_gives(population, trained):
    offenders, clients, settings = population
    people = set(offenders["person_id"].unique().sort().to_list()[::10])
    others = set(clients["person_id"].unique().sort().to_list()[::15])
    moved = clients["person_id"].unique().sort().to_list()[1::40]
    before_clients = clients.filter(~pl.col("person_id").is_in(list(others))).with_columns(
        sex=pl.when(pl.col("person_id").is_in(moved)).then(pl.lit("F")).otherwise("sex")
    )
    before_offenders = offenders.filter(~pl.col("person_id").is_in(list(people)))
    before = score_pairs(before_offenders, before_clients, trained, KEY, BACKEND, settings)
    earlier = EarlierScoring(before_offenders, before_clients, before)
    everything = score_pairs(offenders, clients, trained, KEY, BACKEND, settings)
    assert score_pairs(offenders, clients, trained, KEY, BACKEND, settings, earlier).equals(everything)
    assert not before.equals(everything)


def test_records_that_have_gone_leave_with_their_pairs(population, trained):
    offenders, clients, settings = population
    everything = score_pairs(offenders, clients, trained, KEY, BACKEND, settings)
    earlier = EarlierScoring(offenders, clients, everything)
    fewer = clients[::2]
    alone = score_pairs(offenders, fewer, trained, KEY, BACKEND, settings)
    assert score_pairs(offenders, fewer, trained, KEY, BACKEND, settings, earlier).equals(alone)


def test_records_without_enough_identifiers_are_not_scored(population, trained):
    offenders, clients, settings = population
    none_linkable = offenders.with_columns(linkable=pl.lit(False)).vstack(offenders[:1])
    pairs = score_pairs(none_linkable.unique("record_id", keep="last"), clients, trained, KEY, BACKEND, settings)
    assert set(pairs["crn"]) <= {offenders["person_id"][0]}


def test_a_person_entered_twice_in_probation_is_one_person_and_a_twin_is_not(population):
    offenders, _, settings = population
    first = offenders.filter(pl.col("person_id") == "X000000").with_columns(
        forename_initial=pl.lit("X"),
        surname_initial=pl.lit("Q"),
        initials=pl.lit("XQ"),
        dob=pl.lit("1931-02-28"),
        postcode_sector=pl.lit("TR1 1"),
    )
    twice = first.with_columns(person_id=pl.lit("X900000"), record_id=pl.lit("ndelius:X900000:1"))
    twin = first.with_columns(
        person_id=pl.lit("X900001"),
        record_id=pl.lit("ndelius:X900001:1"),
        forename_initial=pl.lit("Z"),
        initials=pl.concat_str(pl.lit("Z"), "surname_initial"),
    )
    others = offenders.filter(pl.col("person_id") != "X000000")
    clusters = cluster_offenders(pl.concat([others, first, twice, twin]), BACKEND, settings)
    check_frame(clusters, OffenderClusters, "offender_clusters")
    people = dict(clusters.select("crn", "cluster_id").rows())
    assert people["X900000"] == "X000000" and people["X900001"] == "X900001" and clusters.height == 602


def test_a_client_entered_twice_is_one_person_and_places_of_one_client_do_not_compete(population):
    _, clients, settings = population
    first = clients.filter(pl.col("person_id") == "C00000")
    twice = first.with_columns(person_id=pl.lit("C90000"), record_id=pl.lit("ndtms:C90000:1"))
    moved = first.with_columns(record_id=pl.lit("ndtms:C00000:2"), postcode_sector=pl.lit("TR1 1"))
    rare = pl.concat([first, twice, moved]).with_columns(
        forename_initial=pl.lit("X"),
        surname_initial=pl.lit("Q"),
        initials=pl.lit("XQ"),
        dob=pl.lit("1931-02-28"),
        dob_year=pl.lit(1931, dtype=pl.Int32),
    )
    everyone = pl.concat([clients.filter(pl.col("person_id") != "C00000"), rare])
    clusters = cluster_clients(everyone, BACKEND, settings)
    check_frame(clusters, ClientClusters, "client_clusters")
    people = dict(clusters.rows())
    assert people["C90000"] == "C00000" and clusters.height == 1501
