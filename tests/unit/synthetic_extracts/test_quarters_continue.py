"""A quarter continues the one before: what is untouched stays the same, and what is new, late or changed is true."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from contracts.extracts import ALL_EXTRACTS
from resources.extracts.synthetic_mark import write_mark
from synthetic_extracts.draws import day_number
from synthetic_extracts.next_quarter.as_of import tables_on, truth_on
from synthetic_extracts.next_quarter.first_quarter import base_world
from synthetic_extracts.write_extracts import QuarterNotContinued, scale_and_seed, write_extracts

FIRST, SECOND = "2023Q1", "2023Q2"
FIRST_END, SECOND_END = date(2023, 3, 31), date(2023, 6, 30)
SCALE, SEED = 0.04, 1
KEYS = {
    "offender": "crn",
    "event_disposal": "event_id",
    "requirement": "requirement_id",
    "main_offence": "event_id",
    "risk": "event_id",
    "pre_sentence_report": "report_id",
    "prison_spell": "booking_id",
    "defendant": "defendant_id",
    "case": "case_id",
    "offence": "offence_id",
    "result": "result_id",
    "contact_note": "contact_id",
}
# Of every hundred rows of the first quarter, how many at least are in the second, byte for byte. Ends that came in
# between change the rest.
SAME_ROWS = {"cjit": 75, "requirement": 90, "event_disposal": 90, "adult_secure": 85, "yp_secure": 75}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Both quarters with all that the systems hold, so that what is not sent goes on too."""
    folder = tmp_path_factory.mktemp("extracts")
    for quarter in (FIRST, SECOND):
        write_extracts(folder, quarter, SCALE, SEED, besides=True)
    return folder


def read(root, quarter, name) -> pl.DataFrame:
    path = next((root / "extracts" / quarter).rglob(f"{name}.*"))
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)


@pytest.fixture(scope="module")
def first(root):
    return {extract.name: read(root, FIRST, extract.name) for extract in ALL_EXTRACTS}


@pytest.fixture(scope="module")
def second(root):
    return {extract.name: read(root, SECOND, extract.name) for extract in ALL_EXTRACTS}


@pytest.fixture(scope="module")
def truth(root):
    return {
        quarter: {path.stem: pl.read_parquet(path) for path in (root / "truth" / quarter).glob("*.parquet")}
        for quarter in (FIRST, SECOND)
    }


def days(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.to_date()


def lines(root, quarter, extract) -> set[bytes]:
    return set((root / "extracts" / quarter / extract.system / f"{extract.name}.csv").read_bytes().splitlines())


def test_on_its_last_day_the_world_that_goes_on_is_the_first_quarter_to_the_row(first, truth):
    world = base_world(FIRST, SCALE, SEED, with_notes=True)
    shown = tables_on(world.tables, day_number(FIRST_END))
    for name, table in shown.items():
        file = pl.read_csv(table.write_csv().encode(), infer_schema=False) if name != "contact_note" else table
        assert_frame_equal(file, first[name])
    known = truth_on(world, day_number(FIRST_END), shown)
    for name, table in known.items():
        assert_frame_equal(table, truth[FIRST][name], check_dtypes=False)


def test_rows_that_did_not_change_are_the_same_lines(root):
    for extract in ALL_EXTRACTS:
        if extract.name == "contact_note":
            continue
        before, now = lines(root, FIRST, extract), lines(root, SECOND, extract)
        assert 100 * len(before & now) >= SAME_ROWS.get(extract.name, 95) * len(before), extract.name


def test_notes_that_were_there_are_there_with_the_same_words(first, second):
    both = first["contact_note"].join(second["contact_note"], on="contact_id", suffix="_now")
    assert both.height >= 0.99 * first["contact_note"].height
    assert (both["notes"].eq_missing(both["notes_now"])).all()


def test_every_key_is_of_one_row(second):
    for name, key in KEYS.items():
        assert second[name][key].is_unique().all(), name
    ids = pl.concat(second[name].select("CLIENTID", "EPISODID") for name in ("adult_community", "adult_secure", "cjit"))
    assert ids.drop_nulls().unique().group_by("EPISODID").len()["len"].max() == 1


def test_about_five_in_a_hundred_requirements_and_notes_are_new(first, second):
    for name in ("requirement", "contact_note", "event_disposal"):
        new = second[name].join(first[name], on=KEYS[name], how="anti").height
        assert 0.04 <= new / first[name].height <= 0.065, name


def test_new_sentences_are_of_the_quarter_but_for_a_few_that_come_late(first, second):
    new = second["event_disposal"].join(first["event_disposal"], on="event_id", how="anti")
    sentenced = new.select(days("disposal_date"))["disposal_date"]
    late = (sentenced <= FIRST_END).sum()
    assert sentenced.max() <= SECOND_END
    assert 0 < late <= 0.15 * len(sentenced)


def test_some_new_sentences_are_of_people_already_known(first, second):
    new = second["event_disposal"].join(first["event_disposal"], on="event_id", how="anti")
    known = new.join(first["offender"], on="crn", how="semi").height
    assert 0.1 <= known / new.height <= 0.35


def test_notes_and_results_of_days_before_arrive_late(first, second):
    for name, day in (("contact_note", "contact_date"), ("result", "appearance_date")):
        new = second[name].join(first[name], on=KEYS[name], how="anti").select(days(day))[day]
        assert 0 < (new <= FIRST_END).sum() <= 0.2 * len(new), name
        assert new.max() <= SECOND_END


def test_what_was_open_ends_in_the_quarter_and_says_how(first, second):
    for name, end, why in (
        ("requirement", "termination_date", "termination_reason"),
        ("prison_spell", "release_date", "release_reason"),
        ("event_disposal", "disposal_termination_date", "disposal_termination_reason"),
    ):
        was_open = first[name].filter(pl.col(end).is_null()).join(second[name], on=KEYS[name], suffix="_now")
        ended = was_open.drop_nulls(f"{end}_now")
        assert 0 < ended.height < was_open.height, name
        assert ended.select(days(f"{end}_now").is_between(date(2023, 4, 1), SECOND_END).all()).item(), name
        assert ended[f"{why}_now"].null_count() == 0, name


def test_open_episodes_are_discharged(first, second):
    episodes = first["adult_community"].filter(pl.col("DISD").is_null() & pl.col("TRIAGED").is_not_null())
    was_open = episodes.select("EPISODID").unique()
    now = second["adult_community"].join(was_open, on="EPISODID").unique("EPISODID")
    discharged = now.drop_nulls("DISD")
    assert 0.1 * now.height < discharged.height < 0.6 * now.height
    assert discharged["DISRSN"].null_count() < 0.05 * discharged.height


def test_dates_of_birth_postcodes_outcomes_and_reasons_are_corrected(first, second):
    for name, column in (("offender", "dob"), ("result", "result_text"), ("requirement", "termination_reason")):
        both = first[name].join(second[name], on=KEYS[name], suffix="_now").drop_nulls(column)
        changed = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_now"))).height
        assert 0 < changed <= 0.02 * both.height, name
    spells = ["crn", "start_date", "address_status"]
    both = first["offender_address"].join(second["offender_address"], on=spells, suffix="_now").drop_nulls("postcode")
    assert 0 < both.filter(pl.col("postcode").ne_missing(pl.col("postcode_now"))).height <= 0.02 * both.height


def test_who_is_deleted_stays_as_a_row_that_says_so_and_leaves_nothing_else(first, second, truth):
    gone = second["offender"].filter(pl.col("soft_deleted") == "1")["crn"]
    assert 1 <= len(gone) <= 0.01 * second["offender"].height
    assert set(gone) <= set(first["offender"]["crn"])
    for name in ("offender_address", "event_disposal", "requirement", "pre_sentence_report", "contact_note"):
        assert not second[name]["crn"].is_in(gone.implode()).any(), name
    assert not truth[SECOND]["person_truth"]["crn"].is_in(gone.implode()).any()
    for name in ("result", "contact_note"):
        assert first[name].join(second[name], on=KEYS[name], how="anti").height > 0, name


def test_the_records_of_a_merged_identifier_move_to_the_one_that_stays(first, second, truth):
    moved = (
        first["requirement"]
        .join(second["requirement"], on="requirement_id", suffix="_now")
        .filter(pl.col("crn") != pl.col("crn_now"))
    )
    assert moved.height >= 1
    person = dict(truth[FIRST]["person_truth"].select("crn", "true_person_id").rows())
    assert [person[crn] for crn in moved["crn"]] == [person[crn] for crn in moved["crn_now"]]
    deleted = second["offender"].filter(pl.col("soft_deleted") == "1")["crn"]
    assert moved["crn"].is_in(deleted.implode()).all()


def test_truth_is_of_the_records_on_file(second, truth):
    required = second["requirement"].filter(pl.col("requirement_type").is_in(["ATR", "DRR"])).sort("requirement_id")
    known = truth[SECOND]["requirement_truth"]
    assert known["requirement_id"].to_list() == required["requirement_id"].to_list()
    assert known["crn"].to_list() == required["crn"].to_list()
    assert (known["termination"].is_null() == required["termination_date"].is_null()).all()
    standing = second["offender"].filter(pl.col("soft_deleted") == "0")
    assert set(truth[SECOND]["person_truth"]["crn"]) == set(standing["crn"])
    assert set(truth[SECOND]["note_truth"]["contact_id"]) == set(second["contact_note"]["contact_id"])
    says = truth[SECOND]["note_truth"].filter(pl.col("label") == 1)["requirement_id"].unique()
    assert known.filter(pl.col("requirement_id").is_in(says.implode()))["in_any_treatment"].all()


def test_people_whose_year_was_cut_off_go_on_being_observed(second, truth):
    before, now = (truth[quarter]["requirement_truth"] for quarter in (FIRST, SECOND))
    both = before.join(now, on="requirement_id", suffix="_now")
    assert both.filter(pl.col("truly_reconvicted") & ~pl.col("truly_reconvicted_now")).height == 0
    newly = both.filter(~pl.col("truly_reconvicted") & pl.col("truly_reconvicted_now"))
    assert 0 < newly.height < 0.05 * both.height
    convicted = second["result"].filter(days("appearance_date") > FIRST_END)
    chain = convicted.join(second["offence"], on="offence_id").join(second["defendant"], on="defendant_id")
    assert newly.filter("reconviction_on_record_now").height > 0
    assert chain["crn"].is_in(newly["crn"].implode()).sum() > 0


def test_shares_go_on_as_they_were(truth):
    shares = {
        quarter: tables["requirement_truth"]
        .filter("analysed")
        .select(
            pl.col("in_structured", "in_any_treatment", "truly_reconvicted").mean(),
            running=pl.col("termination").is_null().mean(),
            remained=(pl.col("treatment_status") == "remained").mean(),
        )
        .row(0)
        for quarter, tables in truth.items()
    }
    assert shares[SECOND] == pytest.approx(shares[FIRST], abs=0.025)


def test_a_quarter_is_the_same_from_any_start_and_goes_on_in_the_next(root, tmp_path, second):
    write_extracts(tmp_path, SECOND, SCALE, SEED, besides=True)
    for path in sorted(path for path in (root / "extracts" / SECOND).rglob("*") if path.is_file()):
        assert path.read_bytes() == (tmp_path / path.relative_to(root)).read_bytes(), path.name
    write_extracts(tmp_path, "2023Q3", SCALE, SEED)
    third = read(tmp_path, "2023Q3", "requirement")
    kept = second["requirement"].join(third, on="requirement_id", how="semi").height
    assert second["requirement"].height * 0.99 <= kept < third.height


def test_scale_and_seed_are_those_of_last_quarter_and_another_world_is_refused(tmp_path):
    assert scale_and_seed(tmp_path, SECOND, None, None) == (0.1, 1)
    assert scale_and_seed(tmp_path, SECOND, 0.3, 4) == (0.3, 4)
    (tmp_path / "extracts" / FIRST).mkdir(parents=True)
    write_mark(tmp_path / "extracts" / FIRST, {"scale": 0.02, "seed": 9})
    for later in (SECOND, "2023Q4"):
        assert scale_and_seed(tmp_path, later, None, None) == (0.02, 9)
    assert scale_and_seed(tmp_path, SECOND, 0.02, 9) == (0.02, 9)
    for scale, seed in ((0.1, None), (None, 1)):
        with pytest.raises(QuarterNotContinued, match=r"2023Q1 was written with --scale 0.02 --seed 9"):
            scale_and_seed(tmp_path, SECOND, scale, seed)
    assert scale_and_seed(tmp_path, FIRST, 0.1, None) == (0.1, 1)
