"""Pseudonyms, the analysis file, the note request and the consort counts."""

import re
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from contracts.crossings import CROSSINGS, AnonymisedRequirements, ConsortCounts, NoteRequest
from linkage_assets.schemas.combining import EXCLUSIONS, AnalysedRequirements, RequirementPseudonyms
from linkage_assets.steps.anonymise import anonymise, assign_pseudonyms
from linkage_assets.steps.count_consort import count_consort, find_broken_chains
from linkage_assets.steps.request_notes import request_notes
from resources.schema_check import TableDoesNotMatchSchema, check_frame

OBSERVATION_END = date(2023, 3, 31)
SIZE = 400


@pytest.fixture
def analysed() -> pl.DataFrame:
    """400 analysed requirements of 200 people; every fourth is linked to structured treatment."""
    numbers = range(SIZE)
    linked = [number % 4 == 0 for number in numbers]
    start = [date(2019, 1, 1) + timedelta(days=number) for number in numbers]
    columns = {
        "requirement_id": [f"{2500000000 + number}" for number in numbers],
        "crn": [f"X{number // 2:06d}" for number in numbers],
        "cluster_id": [f"P{number // 2}" for number in numbers],
        "linkable": [True] * SIZE,
        "event_id": [f"E{number}" for number in numbers],
        "disposal_id": [f"D{number}" for number in numbers],
        "disposal_date": start,
        "start_date": start,
        "termination_date": [None if number % 3 == 0 else start[number] + timedelta(days=1200) for number in numbers],
        "requirement_type": ["ATR"] * SIZE,
        "disposal_type": ["Community order"] * SIZE,
        "sentence_year": [day.year for day in start],
        "length_months": [6.0] * SIZE,
        "length_band": ["4 to 6 months"] * SIZE,
        "court_type": ["Crown"] * SIZE,
        "region": ["North West"] * SIZE,
        **{name: [None] * SIZE for name in ("accommodation", "age_band", "sex", "ethnic_group", "offence_group",
                                            "drink_driving", "ogrs_band", "rsr_band", "psr_type")},
        "linked_any": linked,
        "linked_structured": linked,
        "linked_cjit": [False] * SIZE,
        "treatment_status": ["Completed" if flag else None for flag in linked],
        "time_band": ["Within 3 weeks" if flag else None for flag in linked],
        "days_to_treatment": [7 if flag else None for flag in linked],
        "substance_group": ["Alcohol only" if flag else None for flag in linked],
        "prison_12m": [False] * SIZE,
        "termination_reason": [None] * SIZE,
        "reconvicted": [False] * SIZE,
        "followed_in_full": [True] * SIZE,
    }
    types = {"sentence_year": pl.Int32, "days_to_treatment": pl.Int32, "drink_driving": pl.Boolean} | {
        name: pl.String for name in ("accommodation", "age_band", "sex", "ethnic_group", "offence_group", "ogrs_band",
                                     "rsr_band", "psr_type", "termination_reason")
    }
    return check_frame(pl.DataFrame(columns, schema_overrides=types), AnalysedRequirements, "analysed_requirements")


@pytest.fixture
def pseudonyms(analysed, settings) -> pl.DataFrame:
    return assign_pseudonyms(analysed, settings.combining.pseudonym_seed)


@pytest.fixture
def request_table(analysed, pseudonyms, settings) -> pl.DataFrame:
    return request_notes(analysed, pseudonyms, settings.notes, OBSERVATION_END)


@pytest.fixture
def anonymised(analysed, pseudonyms, request_table) -> pl.DataFrame:
    return anonymise(analysed, pseudonyms, request_table, synthetic=True)


def test_pseudonyms_are_one_per_requirement_and_one_per_person(pseudonyms):
    check_frame(pseudonyms, RequirementPseudonyms, "requirement_pseudonyms")
    assert pseudonyms["requirement_key"].n_unique() == SIZE
    assert pseudonyms.group_by("cluster_id").agg(pl.col("person_key").n_unique())["person_key"].max() == 1
    assert pseudonyms["person_key"].n_unique() == SIZE // 2


def test_pseudonyms_do_not_depend_on_the_order_of_the_rows(analysed, pseudonyms, settings):
    assert_frame_equal(assign_pseudonyms(analysed.reverse(), settings.combining.pseudonym_seed), pseudonyms)


def test_another_seed_gives_other_pseudonyms_for_everyone(analysed, pseudonyms, settings):
    other = assign_pseudonyms(analysed, settings.combining.pseudonym_seed + 1)

    assert not set(other["requirement_key"]) & set(pseudonyms["requirement_key"])
    assert not set(other["person_key"]) & set(pseudonyms["person_key"])


def test_the_seed_without_the_identifiers_does_not_repeat_the_pseudonyms(analysed, pseudonyms, settings):
    renumbered = analysed.with_columns(pl.col("requirement_id", "cluster_id").str.replace("^", "9"))
    other = assign_pseudonyms(renumbered, settings.combining.pseudonym_seed)

    assert not set(other["requirement_key"]) & set(pseudonyms["requirement_key"])


def test_pseudonyms_keep_no_order_of_the_identifiers(pseudonyms):
    ranks = pseudonyms.select(pl.col("requirement_id", "requirement_key", "person_key").rank())

    assert abs(ranks.select(pl.corr("requirement_id", "requirement_key")).item()) < 0.15
    assert abs(ranks.select(pl.corr("requirement_key", "person_key")).item()) < 0.15


def test_the_analysis_file_is_what_the_contract_says(anonymised):
    check_frame(anonymised, AnonymisedRequirements, "anonymised_requirements")
    assert anonymised.height == SIZE
    assert anonymised["requirement_key"].is_sorted()
    assert anonymised["synthetic"].all()


def test_no_identifier_and_no_date_is_in_the_analysis_file(analysed, anonymised):
    identifiers = {value for name in ("requirement_id", "crn", "cluster_id", "event_id", "disposal_id")
                   for value in analysed[name]}
    values = {value for column in anonymised.iter_columns() if column.dtype == pl.String for value in column}

    assert not identifiers & values
    assert not any(dtype.is_temporal() for dtype in anonymised.dtypes)


def test_the_note_request_is_what_the_contract_says_and_has_no_link_status(request_table):
    check_frame(request_table, NoteRequest, "note_request")
    assert not {"linked_any", "linked_structured", "linked_cjit", "treatment_status"} & set(request_table.columns)


def test_the_sample_has_the_shares_of_unlinked_and_linked_that_are_set(analysed, request_table, settings):
    sampled = analysed.filter(pl.col("requirement_id").is_in(request_table["requirement_id"].implode()))

    assert sampled.filter(~pl.col("linked_structured")).height == round(300 * settings.notes.unlinked_sample_share)
    assert sampled.filter("linked_structured").height == round(100 * settings.notes.linked_decoy_share)


def test_decoys_stand_anywhere_in_the_note_request(analysed, pseudonyms, settings):
    half = settings.notes.model_copy(update={"unlinked_sample_share": 0.5, "linked_decoy_share": 0.9})
    table = request_notes(analysed, pseudonyms, half, OBSERVATION_END).with_row_index()
    places = table.join(analysed.select("requirement_id", "linked_structured"), on="requirement_id")
    mean = places.group_by("linked_structured").agg(pl.col("index").mean()).sort("linked_structured")["index"].to_list()

    assert abs(mean[0] - mean[1]) < 0.25 * table.height
    assert not table["requirement_key"].is_sorted()
    assert not table["requirement_id"].is_sorted()


def test_the_note_request_does_not_depend_on_the_order_of_the_rows(analysed, pseudonyms, request_table, settings):
    again = request_notes(analysed.reverse(), pseudonyms.reverse(), settings.notes, OBSERVATION_END)

    assert_frame_equal(again, request_table)


def test_the_analysis_file_says_who_is_on_the_note_request(anonymised, request_table):
    flagged = anonymised.filter("note_sampled")["requirement_key"]

    assert set(flagged) == set(request_table["requirement_key"])


def test_the_window_of_notes_ends_with_the_requirement_or_with_observation(analysed, pseudonyms, settings):
    everybody = settings.notes.model_copy(update={"unlinked_sample_share": 1.0, "linked_decoy_share": 1.0})
    table = request_notes(analysed, pseudonyms, everybody, OBSERVATION_END).drop("crn").join(
        analysed.select("requirement_id", "start_date", "termination_date"), on="requirement_id"
    )
    ended = pl.col("termination_date").is_not_null() & (pl.col("termination_date") <= OBSERVATION_END)

    assert table.height == SIZE
    assert table.filter("terminated")["window_end"].to_list() == table.filter(ended)["termination_date"].to_list()
    assert table.filter(~pl.col("terminated"))["window_end"].unique().to_list() == [OBSERVATION_END]
    assert table["window_start"].to_list() == table["start_date"].to_list()
    assert table.filter(~pl.col("terminated") & pl.col("termination_date").is_not_null()).height > 0


@pytest.fixture
def consort_inputs(analysed, extract) -> dict:
    exclusions = [EXCLUSIONS[number % 9] if number % 9 < len(EXCLUSIONS) else None for number in range(SIZE)]
    offenders = [{"crn": f"X{number:06d}", "soft_deleted": "1" if number < 3 else "0"} for number in range(200)]
    clients = [("N1", "Y"), ("N1", "Y"), ("N2", "N"), ("N3", "Y"), ("N4", "N"), ("N4", "Y"), ("N5", "Y")]
    rows = [{"CLIENTID": client, "CONSENT": consent} for client, consent in clients]
    return {
        "offender": extract("offender", *offenders),
        "offender_clusters": pl.DataFrame({
            "crn": [f"X{number:06d}" for number in range(200)],
            "cluster_id": [f"P{number // 2 * 2 if number < 20 else number}" for number in range(200)],
            "linkable": [number >= 30 for number in range(200)],
        }),
        "clients": [extract("adult_community", *rows[:4]), extract("cjit", *rows[4:])],
        "standardised_clients": pl.DataFrame({
            "person_id": ["N1", "N1", "N3", "N4", "N5"], "linkable": [True, True, True, True, False],
        }),
        "person_key": pl.DataFrame({"cluster_id": ["P40", "P41"], "client_id": ["N1", "N4"]}),
        "requirement": extract("requirement", *({"requirement_id": str(number)} for number in range(SIZE + 25))),
        "combined_requirements": analysed.with_columns(exclusion=pl.Series(exclusions, dtype=pl.String)),
        "quarantined_rows": pl.DataFrame({
            "extract": ["requirement", "requirement", "requirement", "offender"], "row_number": [3, 3, 8, 5],
        }),
    }


def test_the_consort_counts_are_what_the_contract_says_and_add_up(consort_inputs):
    counts = check_frame(count_consort(**consort_inputs), ConsortCounts, "consort_counts")
    analysed = consort_inputs["combined_requirements"].filter(pl.col("exclusion").is_null())

    assert find_broken_chains(counts, analysed.height) == []
    rows = {(stream, step): (before, removed, after) for _, stream, step, before, removed, after in counts.rows()}
    assert rows["requirements", "row not as agreed (quarantined)"] == (SIZE + 27, 2, SIZE + 25)
    assert rows["requirements", "of a type that is not studied"] == (SIZE + 25, 25, SIZE)
    assert rows["requirements", EXCLUSIONS[-1]][2] == analysed.height
    assert rows["requirements", "merged: requirements of the same person"][2] == analysed["cluster_id"].n_unique()


def test_offenders_are_counted_from_identifiers_to_linked_people(consort_inputs):
    counts = count_consort(**consort_inputs).filter(stream="offenders")

    assert counts["removed"].to_list() == [1, 3, 8, 19, 168]
    assert counts["before"].to_list()[0] == 201
    assert counts["after"].to_list()[-1] == 2


def test_clients_are_counted_from_identifiers_to_linked_ones(consort_inputs):
    counts = count_consort(**consort_inputs).filter(stream="clients")

    assert counts.select("before", "removed", "after").rows() == [(5, 1, 4), (4, 1, 3), (3, 1, 2)]


@pytest.mark.parametrize("column", ["before", "removed", "after"])
def test_a_count_that_is_one_off_is_found(column, consort_inputs):
    counts = count_consort(**consort_inputs)
    analysed = consort_inputs["combined_requirements"]["exclusion"].null_count()

    for order in counts["order"]:
        wrong = counts.with_columns(pl.col(column) + (pl.col("order") == order).cast(pl.Int64))
        assert find_broken_chains(wrong, analysed), (column, order)


def test_a_missing_stream_and_a_wrong_total_are_found(consort_inputs):
    counts = count_consort(**consort_inputs)
    analysed = consort_inputs["combined_requirements"]["exclusion"].null_count()

    assert find_broken_chains(counts.filter(pl.col("stream") != "clients"), analysed) == ["1 stream(s) missing"]
    assert find_broken_chains(counts, analysed + 1) == ["1 count(s) of analysed requirements not reached"]


def test_a_region_that_is_not_english_never_crosses(anonymised):
    wales = anonymised.with_columns(region=pl.lit("Wales"))

    with pytest.raises(TableDoesNotMatchSchema, match=f"region: .* broken by {SIZE} row") as error:
        check_frame(wales, CROSSINGS["anonymised_requirements"].table, "anonymised_requirements")
    assert not re.search("Wales", str(error.value))
