"""The release's keys, the analysis file under them, and the note request."""

import re
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from contracts.crossings import CROSSINGS, AnonymisedRequirements, NoteRequest
from linkage_assets.schemas.combining import AnalysedRequirements
from linkage_assets.schemas.pseudonyms import ReleaseKeys
from linkage_assets.steps.release.anonymise import anonymise, assign_release_keys
from linkage_assets.steps.release.draw_for_notes import draw_for_notes
from linkage_assets.steps.release.request_notes import request_notes
from resources.zone.schema_check import TableDoesNotMatchSchema, check_frame

OBSERVATION_END = date(2023, 3, 31)
SIZE = 400
SECRET, OTHER_SECRET = bytes(32), bytes([1] * 32)


@pytest.fixture
def analysed() -> pl.DataFrame:
    """400 analysed requirements of 200 people; every fourth is linked to structured treatment."""
    numbers = range(SIZE)
    linked = [number % 4 == 0 for number in numbers]
    start = [date(2019, 1, 1) + timedelta(days=number) for number in numbers]
    columns = {
        "requirement_pseudonym": [f"MR{number:03d}" for number in numbers],
        "person_pseudonym": [f"MP{number // 2:03d}" for number in numbers],
        "linkable": [True] * SIZE,
        "order_pseudonym": [f"MO{number}" for number in numbers],
        "copy_number": [1] * SIZE,
        "disposal_date": start,
        "start_date": start,
        "termination_date": [None if number % 3 == 0 else start[number] + timedelta(days=1200) for number in numbers],
        "requirement_type": ["ATR"] * SIZE,
        "disposal_type": ["Community order"] * SIZE,
        "sentence_year": [day.year for day in start],
        "length_months": [6.0] * SIZE,
        "length_band": ["4 to 6 months"] * SIZE,
        "mental_health_order": [False] * SIZE,
        "region": ["North West"] * SIZE,
        "linked_any": linked,
        "linked_structured": linked,
        "linked_cjit": [False] * SIZE,
        "treatment_status": ["Completed" if flag else None for flag in linked],
        "time_band": ["Within 3 weeks" if flag else None for flag in linked],
        "days_to_treatment": [7 if flag else None for flag in linked],
        "in_treatment_at_sentence": [False] * SIZE,
        "substance_group": ["Alcohol only" if flag else None for flag in linked],
        "prison_12m": [False] * SIZE,
        "reconvicted": [False] * SIZE,
        "convicted_again": [False] * SIZE,
        "followed_in_full": [True] * SIZE,
    }
    schema = {name: column.dtype.type for name, column in AnalysedRequirements.to_schema().columns.items()}
    empty = {name: [None] * SIZE for name in schema if name not in columns}
    frame = pl.DataFrame(columns | empty, schema_overrides=schema).select(list(schema))
    return check_frame(frame, AnalysedRequirements, "analysed_requirements")


@pytest.fixture
def ids(analysed) -> pl.DataFrame:
    """What probation calls each requirement: numbers that run with the pseudonyms, as real ones do not."""
    return analysed.select(
        "requirement_pseudonym",
        requirement_id=pl.col("requirement_pseudonym").str.replace("MR", "2500000"),
        crn=pl.col("person_pseudonym").str.replace("MP", "X000"),
    )


def drawn(ids, observed_to=OBSERVATION_END, secret=SECRET) -> pl.DataFrame:
    """The draws of requirements of one type."""
    requirement = ids.select("requirement_id", requirement_type=pl.lit("ATR"))
    return draw_for_notes(requirement, ["ATR"], secret, observed_to)


@pytest.fixture
def draws(ids) -> pl.DataFrame:
    return drawn(ids)


@pytest.fixture
def keys(analysed) -> pl.DataFrame:
    return assign_release_keys(analysed, SECRET)


@pytest.fixture
def request_table(analysed, ids, draws, keys, settings) -> pl.DataFrame:
    return request_notes(analysed, ids, draws, keys, settings.notes, OBSERVATION_END, SECRET)


@pytest.fixture
def links(analysed) -> pl.DataFrame:
    """Linked requirements are so at every threshold, and some of the others at a low one."""
    number = pl.int_range(pl.len())
    band = pl.when("linked_structured").then(0.999).when(number % 4 == 1).then(0.5)
    return analysed.select("requirement_pseudonym", linked_up_to_threshold=band)


@pytest.fixture
def anonymised(analysed, keys, request_table, links) -> pl.DataFrame:
    return anonymise(analysed, keys, request_table, links, synthetic=True)


def test_keys_are_one_per_requirement_and_one_per_person(keys):
    check_frame(keys, ReleaseKeys, "release_keys")
    assert keys["requirement_key"].n_unique() == SIZE
    assert keys.group_by("person_pseudonym").agg(pl.col("person_key").n_unique())["person_key"].max() == 1
    assert keys["person_key"].n_unique() == SIZE // 2


def test_keys_do_not_depend_on_the_order_of_the_rows(analysed, keys):
    assert_frame_equal(assign_release_keys(analysed.reverse(), SECRET), keys)


def test_no_key_of_the_release_is_a_working_pseudonym(keys):
    pseudonyms = {name[2:] for column in ("requirement_pseudonym", "person_pseudonym") for name in keys[column]}
    assert not pseudonyms & {key[1:] for column in ("requirement_key", "person_key") for key in keys[column]}


def test_another_secret_gives_other_keys_to_everyone(analysed, keys):
    other = assign_release_keys(analysed, OTHER_SECRET)
    assert not set(other["requirement_key"]) & set(keys["requirement_key"])
    assert not set(other["person_key"]) & set(keys["person_key"])


def test_keys_keep_no_order_of_the_pseudonyms(keys):
    ranks = keys.select(pl.col("requirement_pseudonym", "requirement_key", "person_key").rank())

    assert abs(ranks.select(pl.corr("requirement_pseudonym", "requirement_key")).item()) < 0.15
    assert abs(ranks.select(pl.corr("requirement_key", "person_key")).item()) < 0.15


def test_the_analysis_file_is_what_the_contract_says(anonymised):
    check_frame(anonymised, AnonymisedRequirements, "anonymised_requirements")
    assert anonymised.height == SIZE
    assert anonymised["requirement_key"].is_sorted()
    assert anonymised["synthetic"].all()


def test_the_analysis_file_says_up_to_which_threshold_each_requirement_is_linked(analysed, keys, anonymised, links):
    expected = keys.join(links, on="requirement_pseudonym").select("requirement_key", "linked_up_to_threshold")

    assert_frame_equal(anonymised.select(expected.columns), expected.sort("requirement_key"))


def test_no_identifier_no_working_pseudonym_and_no_date_is_in_the_analysis_file(analysed, ids, anonymised):
    names = ("requirement_pseudonym", "person_pseudonym", "order_pseudonym")
    identifiers = {value for name in names for value in analysed[name]} | {
        value for name in ("requirement_id", "crn") for value in ids[name]
    }
    values = {value for column in anonymised.iter_columns() if column.dtype == pl.String for value in column}

    assert not identifiers & values
    assert not any(dtype.is_temporal() for dtype in anonymised.dtypes)


def test_the_note_request_is_what_the_contract_says_and_has_no_link_status(request_table):
    check_frame(request_table, NoteRequest, "note_request")
    assert not {"linked_any", "linked_structured", "linked_cjit", "treatment_status"} & set(request_table.columns)


def test_the_note_request_gives_each_key_its_own_number(keys, ids, request_table):
    known = keys.join(ids, on="requirement_pseudonym").select("requirement_key", "requirement_id", "crn")

    columns = ["requirement_key", "requirement_id", "crn"]
    assert request_table.join(known, on=columns, how="semi").height == request_table.height


def test_the_note_request_draws_the_same_requirements_under_other_pseudonyms(
    analysed, ids, draws, request_table, settings
):
    turned = {"requirement_pseudonym": "MR" + pl.col("requirement_pseudonym").str.reverse()}
    renamed, named = analysed.with_columns(**turned), ids.with_columns(**turned)
    new_keys = assign_release_keys(renamed, SECRET)
    table = request_notes(renamed, named, draws, new_keys, settings.notes, OBSERVATION_END, SECRET)

    assert_frame_equal(table.drop("requirement_key"), request_table.drop("requirement_key"))


def test_most_of_a_sample_is_drawn_again_when_some_requirements_are_new(analysed, ids, draws, keys, settings):
    """The labels of notes already read are taken over: a draw anew each quarter would read three notes in four anew."""
    earlier = analysed.filter(pl.int_range(pl.len()) % 20 != 3)
    then, now = (
        request_notes(part, ids, draws, keys, settings.notes, OBSERVATION_END, SECRET) for part in (earlier, analysed)
    )

    known = now.join(then, on="requirement_id", how="semi").height
    assert known >= 0.9 * then.height


def test_one_in_twenty_of_the_draws_changes_every_quarter(ids, draws):
    later = drawn(ids, OBSERVATION_END + timedelta(days=91))
    changed = (draws["note_draw"] != later["note_draw"]).mean()
    assert 0.02 < changed < 0.10
    years_later = drawn(ids, OBSERVATION_END + timedelta(days=1826))
    assert (draws["note_draw"] != years_later["note_draw"]).all()


def test_who_leaves_the_request_is_linked_less_often_than_who_was_never_on_it(settings):
    """Who is newly linked may leave it. Without the draws that change, nobody else would."""
    size = 20_000
    number = pl.int_range(size, eager=True)
    ids = pl.DataFrame({"number": number}).select(
        requirement_pseudonym=pl.format("MR{}", "number"),
        requirement_id=pl.format("25{}", "number"),
        crn=pl.format("X{}", "number"),
    )
    keys = ids.select("requirement_pseudonym", requirement_key=pl.col("requirement_pseudonym"))
    before = number % 2 == 0
    after = before | (number % 200 == 1)  # one in a hundred of the others is linked since
    listed = [
        ids["requirement_id"].is_in(
            request_notes(
                ids.select(
                    "requirement_pseudonym",
                    linked_structured=linked,
                    start_date=pl.date(2022, 1, 1),
                    termination_date=pl.lit(None, dtype=pl.Date),
                ),
                ids,
                drawn(ids, day),
                keys,
                settings.notes,
                day,
                SECRET,
            )["requirement_id"].implode()
        )
        for linked, day in ((before, OBSERVATION_END), (after, OBSERVATION_END + timedelta(days=91)))
    ]
    left, never = listed[0] & ~listed[1], ~listed[0] & ~listed[1]
    assert left.sum() > 100
    linked_later = [after.filter(chosen).to_numpy().mean() for chosen in (left, never)]
    assert linked_later[0] < 0.8 * linked_later[1]


def test_the_draw_cannot_be_worked_out_without_the_secret(ids, draws):
    """The notes zone holds ids, code and settings. What it works out with another secret says nothing of the order."""
    other = drawn(ids, secret=OTHER_SECRET)
    ranks = draws.join(other, on="requirement_id").select(pl.col("note_draw", "note_draw_right").rank())
    assert abs(ranks.select(pl.corr("note_draw", "note_draw_right")).item()) < 0.15
    assert not set(draws["note_draw"]) & set(other["note_draw"])


def test_another_release_draws_the_same_requirements_in_another_order(analysed, ids, draws, keys, settings):
    first, second = (
        request_notes(analysed, ids, draws, keys, settings.notes, OBSERVATION_END, secret)["requirement_id"].to_list()
        for secret in (SECRET, OTHER_SECRET)
    )
    assert sorted(first) == sorted(second) and first != second


def test_the_sample_has_the_shares_of_unlinked_and_linked_that_are_set(analysed, ids, request_table, settings):
    sampled = analysed.join(ids, on="requirement_pseudonym").join(request_table, on="requirement_id", how="semi")

    assert sampled.filter(~pl.col("linked_structured")).height == round(300 * settings.notes.unlinked_sample_share)
    assert sampled.filter("linked_structured").height == round(100 * settings.notes.linked_decoy_share)


def test_decoys_stand_anywhere_in_the_note_request(analysed, ids, draws, keys, settings):
    half = settings.notes.model_copy(update={"unlinked_sample_share": 0.5, "linked_decoy_share": 0.9})
    table = request_notes(analysed, ids, draws, keys, half, OBSERVATION_END, SECRET).with_row_index()
    linked = analysed.join(ids, on="requirement_pseudonym").select("requirement_id", "linked_structured")
    places = table.join(linked, on="requirement_id")
    mean = places.group_by("linked_structured").agg(pl.col("index").mean()).sort("linked_structured")["index"].to_list()

    assert abs(mean[0] - mean[1]) < 0.25 * table.height
    assert not table["requirement_key"].is_sorted()
    assert not table["requirement_id"].is_sorted()


def test_the_note_request_does_not_depend_on_the_order_of_the_rows(analysed, ids, draws, keys, request_table, settings):
    turned = [frame.reverse() for frame in (analysed, ids, draws, keys)]
    again = request_notes(turned[0], turned[1], turned[2], turned[3], settings.notes, OBSERVATION_END, SECRET)

    assert_frame_equal(again, request_table)


def test_the_analysis_file_says_who_is_on_the_note_request(anonymised, request_table):
    flagged = anonymised.filter("note_sampled")["requirement_key"]

    assert set(flagged) == set(request_table["requirement_key"])


def test_the_window_of_notes_ends_with_the_requirement_or_with_observation(analysed, ids, draws, keys, settings):
    everybody = settings.notes.model_copy(update={"unlinked_sample_share": 1.0, "linked_decoy_share": 1.0})
    dates = analysed.join(ids, on="requirement_pseudonym").select("requirement_id", "start_date", "termination_date")
    table = request_notes(analysed, ids, draws, keys, everybody, OBSERVATION_END, SECRET)
    table = table.join(dates, on="requirement_id")
    ended = pl.col("termination_date").is_not_null() & (pl.col("termination_date") <= OBSERVATION_END)

    assert table.height == SIZE
    assert table.filter("terminated")["window_end"].to_list() == table.filter(ended)["termination_date"].to_list()
    assert table.filter(~pl.col("terminated"))["window_end"].unique().to_list() == [OBSERVATION_END]
    assert table["window_start"].to_list() == table["start_date"].to_list()
    assert table.filter(~pl.col("terminated") & pl.col("termination_date").is_not_null()).height > 0


def test_a_region_that_is_not_english_never_crosses(anonymised):
    wales = anonymised.with_columns(region=pl.lit("Wales"))

    with pytest.raises(TableDoesNotMatchSchema, match=f"region: .* broken by {SIZE} row") as error:
        check_frame(wales, CROSSINGS["anonymised_requirements"].table, "anonymised_requirements")
    assert not re.search("Wales", str(error.value))
