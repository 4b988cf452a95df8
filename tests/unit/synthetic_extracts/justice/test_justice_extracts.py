"""Synthetic justice records hold together, are as hard as they are said to be, and are the same for the same seed."""

import numpy as np
import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_SOURCES_FOLDER
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.train_justice_model import train_justice_model
from justice_assets.steps.people.standardise_persons import (
    standardise_crown,
    standardise_magistrates,
    standardise_prison,
    standardise_probation,
)
from record_linkage.splink_backend import SplinkBackend
from resources.extracts.extract_reader import read_extract
from resources.extracts.synthetic_mark import synthetic_mark
from resources.extracts.values.identity_numbers import criminal_record_number, police_number
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from synthetic_extracts.draws import day_number
from synthetic_extracts.justice import numbers
from synthetic_extracts.justice.careers import CUSTODY, court_effects, draw_cases
from synthetic_extracts.justice.people import draw_people
from synthetic_extracts.justice.places import court_areas
from synthetic_extracts.justice.rates import rates
from synthetic_extracts.justice.sentences import draw_sentences, draw_stays
from synthetic_extracts.justice.write_justice_extracts import blocks_of, write_justice_extracts

QUARTER, LATER, SCALE = "2023Q1", "2023Q2", 0.0004
KEYS = {"probation": ("probation_person", "crn"), "prison": ("prison_person", "noms_number")} | {
    court: (f"{court}_defendant_case", "defendant_on_case_id") for court in ("crown", "magistrates")
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    place = tmp_path_factory.mktemp("justice")
    for quarter in (QUARTER, LATER):
        write_justice_extracts(place, quarter, SCALE, 1)
    return place / JUSTICE_SOURCES_FOLDER


@pytest.fixture(scope="module")
def read(root) -> dict[str, pl.DataFrame]:
    found = {e.name: read_extract(root / "extracts" / QUARTER, e, quarter_end(QUARTER)) for e in JUSTICE_EXTRACTS}
    assert {name: each.rows_quarantined for name, each in found.items() if each.rows_quarantined} == {}
    assert not any(each.ignored or each.absent for each in found.values())
    return {name: each.frame for name, each in found.items()}


@pytest.fixture(scope="module")
def truth(root) -> pl.DataFrame:
    return pl.read_parquet(root / "truth" / QUARTER / "justice_people.parquet" / "*")


def test_every_record_has_one_person_and_nothing_else_has(read, truth):
    for source, (table, key) in KEYS.items():
        assert read[table][key].is_unique().all()
        assert set(read[table][key]) == set(truth.filter(source=source)["record_key"])
    assert truth.select("source", "record_key").is_unique().all()
    assert {"twin", "father and son", "brother or sister", "alias", "married"} <= set(truth["hard"].drop_nulls())
    assert truth["name_tradition"].n_unique() == 8


def test_extracts_are_marked_as_synthetic_and_the_same_for_the_same_seed(root, tmp_path):
    assert synthetic_mark(root / "extracts" / QUARTER) == {"synthetic": True, "scale": SCALE, "seed": 1}
    write_justice_extracts(tmp_path, QUARTER, SCALE, 1)
    again = synthetic_mark(tmp_path / JUSTICE_SOURCES_FOLDER / "extracts" / QUARTER)
    names = ["magistrates/magistrates_defendant_case.parquet", "probation/supervision_contact.parquet"]
    for name in names:
        before, after = (
            pl.read_parquet(place / "extracts" / QUARTER / name / "*")
            for place in (root, tmp_path / JUSTICE_SOURCES_FOLDER)
        )
        assert before.equals(after)
    assert again


def test_a_later_quarter_holds_the_same_records_and_new_ones(root):
    for table in ("magistrates/magistrates_defendant_case", "probation/probation_person", "prison/prison_person"):
        before, after = (pl.read_parquet(root / "extracts" / q / f"{table}.parquet" / "*") for q in (QUARTER, LATER))
        key, names = before.columns[0], ["forename", "surname", "dob", "pnc_number", "ethnicity"]
        both = before.select(before.columns[0], *names).join(
            after.select(key, *names), on=[key, *names], nulls_equal=True
        )
        assert both.height == before.height < after.height


def test_nobody_is_in_two_prisons_one_night_or_in_court_after_death(read, truth):
    persons = {source: truth.filter(source=source).select("record_key", "person_id") for source in KEYS}
    journeys = read["custodial_journey"].join(persons["prison"], left_on="noms_number", right_on="record_key")
    earlier = pl.col("release_date").shift(1).over("person_id")
    assert journeys.sort("person_id", "reception_date").filter(pl.col("reception_date") < earlier).is_empty()
    died = (
        read["probation_person"].drop_nulls("died_on").join(persons["probation"], left_on="crn", right_on="record_key")
    )
    cases = read["magistrates_defendant_case"].join(
        persons["magistrates"], left_on="defendant_on_case_id", right_on="record_key"
    )
    seen = cases.join(died.select("person_id", "died_on"), on="person_id")
    assert seen.height and seen.filter(pl.col("first_hearing_date") > pl.col("died_on")).is_empty()


def test_a_table_is_drawn_with_the_columns_that_are_asked_for_and_no_others():
    for tables, _ in blocks_of(1, SCALE, day_number(quarter_end(QUARTER))):
        for extract in JUSTICE_EXTRACTS:
            assert {*tables[extract.name].columns} == {*extract.column_names}, extract.name


def test_courts_differ_by_what_is_set_and_each_alike_in_every_block(root):
    courts = pl.read_parquet(root / "truth" / QUARTER / "justice_courts.parquet" / "*")
    spread = rates()["careers"]["between_courts"]
    assert courts["court_code"].is_unique().all() and courts["custody_log_odds"].std() == pytest.approx(spread, rel=0.1)
    people = [draw_people(3, block, 20_000) for block in (0, 1)]
    shares = []
    for block in people:
        cases = draw_cases(3, block)
        court = court_areas("M", 3, block.household[cases.person], cases.first_hearing)
        lenient = court_effects(3, "M")[court] < 0
        custody = cases.outcome[~cases.sent] == CUSTODY
        shares.append((custody[lenient[~cases.sent]].mean(), custody[~lenient[~cases.sent]].mean()))
    assert all(0 < lower < 0.85 * higher for lower, higher in shares)


def test_each_crown_court_case_is_the_magistrates_case_that_was_sent_up(root, read):
    pairs = pl.read_parquet(root / "truth" / QUARTER / "justice_cases.parquet" / "*")
    crown, below = read["crown_defendant_case"], read["magistrates_defendant_case"]
    assert set(pairs["crown_record_key"]) == set(crown["defendant_on_case_id"])
    both = (
        pairs.drop_nulls()
        .join(crown, left_on="crown_record_key", right_on="defendant_on_case_id")
        .join(below, left_on="magistrates_record_key", right_on="defendant_on_case_id", suffix="_below")
    )
    assert 0.8 < both.height / pairs.height < 0.99
    assert (both["committal_date"] <= both["receipt_date"]).all()
    assert (both["committed_for"] == both["receipt_type"]).all()


def test_court_records_run_out_as_common_platform_comes(read):
    years = read["magistrates_defendant_case"]["first_hearing_date"].dt.year()
    assert (years == 2019).sum() > 3 * (years == 2022).sum() > 0


def test_reports_are_delivered_as_the_inspectorate_publishes_and_asked_for_otherwise(read):
    shares = read["court_report"]["type_delivered"].drop_nulls().value_counts(normalize=True)
    found = dict(shares.iter_rows())
    for kind, share in {"CJS": 0.03, "CJF": 0.45, "CJO": 0.52}.items():
        assert found[kind] == pytest.approx(share, abs=0.06)
    asked = read["court_report"].drop_nulls("type_delivered")
    assert 0.2 < (asked["type_requested"] != asked["type_delivered"]).mean() < 0.6


def test_what_probation_recorded_belongs_to_its_people_and_sentences(read):
    crns, disposals = set(read["probation_person"]["crn"]), set(read["probation_disposal"]["disposal_id"])
    for table in ("probation_alias", "probation_address", "probation_disposal", "intervention", "supervision_contact"):
        assert set(read[table]["crn"]) <= crns
    for table in ("probation_requirement", "release_and_recall", "licence_condition"):
        assert set(read[table]["disposal_id"]) <= disposals


def test_nobody_is_referred_to_a_service_before_they_are_sentenced(read):
    first = read["probation_disposal"].group_by("crn").agg(pl.col("disposal_date").min())
    both = read["intervention"].join(first, on="crn")
    assert both.height == read["intervention"].height
    assert (both["referral_date"] >= both["disposal_date"]).all()


def test_numbers_are_one_persons_and_their_check_letters_fit():
    place, year = np.arange(0, 7_000_000, 35), 1985 + np.arange(200_000) % 35
    for made in (numbers.crns(2 * place), numbers.prison_numbers(2 * place), numbers.cro_numbers(place, year)):
        assert made.is_unique().all()
    some = pl.DataFrame(
        {"pnc": numbers.pnc_numbers(place[:999], year[:999]), "cro": numbers.cro_numbers(place[:999], year[:999])}
    )
    for read_number, name in ((police_number, "pnc"), (criminal_record_number, "cro")):
        assert some.select(read_number(pl.col(name)).alias("read"))["read"].null_count() == 0


def test_some_records_have_the_other_sex_or_another_middle_name_and_most_have_not(read, truth):
    cases = read["magistrates_defendant_case"].select("sex", "middle_names", record_key="defendant_on_case_id")
    told = cases.join(truth.filter(source="magistrates"), on="record_key", suffix="_true").drop_nulls("sex")
    assert 0 < (told["sex"] != told["sex_true"]).mean() < 0.01
    whole = told.filter(pl.col("middle_names").str.len_chars() > 1).with_columns(
        first=pl.col("middle_names").str.head(1)
    )
    usual = whole.group_by("person_id").agg(pl.col("first").n_unique(), pl.len()).filter(pl.col("len") > 1)
    assert 0 < (usual["first"] > 1).mean() < 0.2


def test_a_linkage_model_can_be_trained_on_the_records_of_few_people(read):
    settings = load_study_settings().justice
    probation = (read[f"probation_{table}"] for table in ("person", "alias", "address", "disposal"))
    persons = pl.concat(
        [
            standardise_crown(read["crown_defendant_case"], settings),
            standardise_magistrates(read["magistrates_defendant_case"], settings),
            standardise_prison(read["prison_person"], read["custodial_journey"], settings),
            standardise_probation(*probation, settings),
        ]
    )
    backend = SplinkBackend(memory_limit="500MB", threads=1)
    identities = condense_persons([persons]).identities
    model = train_justice_model(identities, backend, settings.linkage, {"synthetic": "test"}, bytes(32))
    assert model.trained_on["records"] < 10_000


def test_a_block_is_the_same_whatever_other_blocks_there_are():
    people = draw_people(3, 7, 500)
    assert people.first_id == 700_000 and np.array_equal(people.surname, draw_people(3, 7, 500).surname)
    cases = draw_cases(3, people)
    stays = draw_stays(3, people, cases, draw_sentences(3, people, cases))
    assert (stays.released >= stays.received).all()
