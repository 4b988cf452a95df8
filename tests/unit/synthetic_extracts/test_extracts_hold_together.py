"""What holds in the first quarter and in one that continues it: rows agree with each other and with the truth."""

from datetime import date

import polars as pl
import pytest

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.courts.collect_court_appearances import collect_court_appearances
from linkage_assets.steps.requirements.follow_requirements import find_reconvictions
from resources.extracts.extract_reader import read_extract
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from synthetic_extracts.write_extracts import write_extracts

SCALE = 0.02
KEY_TABLES = ["offender", "offender_address", "event_disposal", "requirement", "main_offence", "prison_spell", "result"]
NDTMS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]


@pytest.fixture(scope="module", params=["2023Q1", "2023Q3"])
def quarter(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def root(tmp_path_factory, quarter):
    folder = tmp_path_factory.mktemp("extracts")
    write_extracts(folder, quarter, SCALE, seed=7, with_notes=False)
    return folder


@pytest.fixture(scope="module")
def last_day(quarter) -> date:
    return quarter_end(quarter)


@pytest.fixture(scope="module")
def read(root, quarter, last_day):
    return {e.name: read_extract(root / "extracts" / quarter, e, last_day) for e in LINKAGE_EXTRACTS}


@pytest.fixture(scope="module")
def truth(root, quarter):
    return {path.stem: pl.read_parquet(path) for path in (root / "truth" / quarter).glob("*.parquet")}


def test_no_row_of_a_key_table_is_quarantined(read):
    assert {name: read[name].rows_quarantined for name in KEY_TABLES} == dict.fromkeys(KEY_TABLES, 0)


def test_a_refuser_never_consents_elsewhere(read):
    by_consent = (
        pl.concat([read[name].frame.select("CLIENTID", "CONSENT") for name in NDTMS])
        .group_by("CLIENTID")
        .agg(pl.col("CONSENT").n_unique().alias("answers"))
    )
    assert by_consent["answers"].max() == 1


def test_episodes_end_after_they_start_and_are_over_by_the_quarter(read, last_day):
    episodes = read["adult_community"].frame.filter(pl.col("CONSENT") == "Y").drop_nulls("TRIAGED")
    assert episodes.filter(pl.col("DISD") < pl.col("TRIAGED")).height == 0
    assert episodes["TRIAGED"].max() <= last_day
    assert episodes.filter(pl.col("DISD").is_null() != pl.col("DISRSN").is_null()).height == 0


def test_terminated_requirements_have_a_reason_and_running_ones_do_not(read, last_day):
    rows = read["requirement"].frame.filter(pl.col("requirement_type").is_in(["ATR", "DRR"]))
    assert rows.filter(pl.col("termination_date").is_null() != pl.col("termination_reason").is_null()).height == 0
    assert rows["termination_date"].max() <= last_day


def test_sentences_lie_in_the_period(read, last_day):
    days = read["requirement"].frame["disposal_date"]
    assert days.min() >= date(2018, 8, 1)
    assert days.max() <= last_day


def test_addresses_of_one_person_follow_one_another(read):
    main = read["offender_address"].frame.filter(pl.col("address_status").is_in(["M", "P"])).sort("crn", "start_date")
    overlap = main.with_columns(pl.col("start_date").shift(-1).over("crn").alias("next")).filter(
        pl.col("end_date").is_not_null() & pl.col("next").is_not_null() & (pl.col("next") <= pl.col("end_date"))
    )
    assert overlap.height <= 0.002 * main.height


def test_spells_in_custody_do_not_overlap(read):
    spells = (
        read["prison_spell"]
        .frame.sort("noms_number", "reception_date")
        .with_columns(pl.col("reception_date").shift(-1).over("noms_number").alias("next"))
    )
    assert spells.filter(pl.col("release_date") > pl.col("next")).height == 0


def test_every_result_leads_back_to_a_defendant(read):
    chain = (
        read["result"]
        .frame.join(read["offence"].frame, on="offence_id")
        .join(read["case"].frame, on=["case_id", "defendant_id"])
        .join(read["defendant"].frame, on="defendant_id")
    )
    assert chain.height == read["result"].frame.height


def test_true_structured_treatment_is_there_to_be_found(read, truth):
    """Truth agrees with the episodes: who consents and is treated has an episode that ends on or after sentence."""
    episodes = pl.concat(
        [
            read[name].frame.filter(pl.col("CONSENT") == "Y").select("CLIENTID", "DISD")
            for name in ("adult_community", "yp_community")
        ]
    )
    own = episodes.join(truth["client_truth"].drop_nulls("true_person_id"), on="CLIENTID")
    reached = own.group_by("true_person_id").agg(pl.col("DISD").fill_null(date(2099, 1, 1)).max().alias("last"))
    treated = (
        truth["requirement_truth"]
        .join(read["requirement"].frame.select("requirement_id", "disposal_date"), on="requirement_id")
        .join(reached, on="true_person_id", how="left")
        .with_columns((pl.col("last") >= pl.col("disposal_date")).fill_null(False).alias("seen"))
    )
    assert treated.filter(pl.col("seen") & ~pl.col("in_structured")).height == 0
    missing = treated.filter(~pl.col("seen") & pl.col("in_structured"))
    refused = truth["client_truth"].filter(~pl.col("consents"))["true_person_id"].drop_nulls().implode()
    assert missing.filter(~pl.col("true_person_id").is_in(refused)).height == 0


@pytest.fixture(scope="module")
def reconvicted(read, truth, last_day):
    """Function: a date basis -> each requirement, what the study's rule finds by it, and what is true."""
    settings = load_study_settings().for_quarter(last_day)
    tables = [read[name].frame for name in ("offender", "offender_address", "defendant", "case", "offence", "result")]
    people = truth["person_truth"].select("crn", person_pseudonym="true_person_id")
    # Truth knows who can be found by a number; details find a few more.
    appearances = collect_court_appearances(*tables, probation_pseudonyms=people, settings=settings, secret=bytes(32))
    appearances = appearances.filter(pl.col("matched_by") != "details")
    offences = read["main_offence"].frame.select("event_id", "offence_date", "offence_code")
    requirements = (
        read["requirement"]
        .frame.join(truth["requirement_truth"], on="requirement_id")
        .join(offences, on="event_id", how="left")
        .rename({"requirement_id": "requirement_pseudonym", "true_person_id": "person_pseudonym"})
    )

    def find(basis: str) -> pl.DataFrame:
        combining = settings.combining.model_copy(update={"reconviction_date_basis": basis})
        return requirements.join(
            find_reconvictions(requirements, appearances, combining, last_day), on="requirement_pseudonym"
        )

    return find


def test_the_study_finds_the_reconvictions_that_are_true_and_on_record(reconvicted):
    found = reconvicted("both")
    assert found.filter(pl.col("reconvicted") & ~pl.col("truly_reconvicted")).height <= 1
    assert found.filter(pl.col("reconvicted") != pl.col("reconviction_on_record")).height <= 0.002 * found.height
    assert 0.8 < found.filter("truly_reconvicted")["reconvicted"].mean() < 0.98


def test_cases_pending_at_sentence_and_cases_heard_late_count_by_one_date_only(reconvicted):
    share = {basis: reconvicted(basis)["reconvicted"].mean() for basis in ("both", "appearance_date", "offence_date")}
    assert share["both"] + 0.03 < share["appearance_date"] < share["both"] + 0.10
    assert share["both"] + 0.01 < share["offence_date"] < share["both"] + 0.06
