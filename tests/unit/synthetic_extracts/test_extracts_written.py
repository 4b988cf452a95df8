"""What a whole small set of extracts looks like: files, columns, exact counts, truth, sameness."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME, LINKAGE_EXTRACTS
from resources.extract_reader import read_extract
from synthetic_extracts.write_extracts import write_extracts

QUARTER, LAST_DAY = "2023Q1", date(2023, 3, 31)
SCALE = 0.02
KEY_TABLES = ["offender", "offender_address", "event_disposal", "requirement", "main_offence", "prison_spell", "result"]
NDTMS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("extracts")
    write_extracts(folder, QUARTER, SCALE, seed=7, with_notes=False)
    return folder


@pytest.fixture(scope="module")
def read(root):
    return {e.name: read_extract(root / "extracts" / QUARTER, e, LAST_DAY) for e in LINKAGE_EXTRACTS}


@pytest.fixture(scope="module")
def truth(root):
    return {path.stem: pl.read_parquet(path) for path in (root / "truth" / QUARTER).glob("*.parquet")}


def expected(count: int) -> int:
    return int(round(count * SCALE))


def test_every_declared_extract_is_there_with_its_columns(root):
    for extract in ALL_EXTRACTS:
        folder = root / "extracts" / QUARTER / extract.system
        kind = "parquet" if extract.name == "contact_note" else "csv"
        path = folder / f"{extract.name}.{kind}"
        columns = pl.read_parquet(path).columns if kind == "parquet" else pl.read_csv(path, n_rows=0).columns
        assert columns == extract.column_names


def test_the_set_says_that_it_is_synthetic(root):
    marker = json.loads((root / "extracts" / QUARTER / "SYNTHETIC.json").read_text())
    assert marker["synthetic"] is True
    assert (marker["scale"], marker["seed"]) == (SCALE, 7)


def test_no_row_of_a_key_table_is_quarantined(read):
    assert {name: read[name].rows_quarantined for name in KEY_TABLES} == dict.fromkeys(KEY_TABLES, 0)


def test_the_counts_of_offenders_and_requirements_are_those_of_the_study(read):
    requirement = read["requirement"].frame
    assert requirement.filter(pl.col("requirement_type").is_in(["ATR", "DRR"])).height == expected(54244)
    assert read["offender"].frame.height == expected(44551)


def test_other_requirement_types_come_on_top(read):
    others = read["requirement"].frame.filter(~pl.col("requirement_type").is_in(["ATR", "DRR"]))
    assert {"RAR", "UPW", "MHTR"} <= set(others["requirement_type"])


def test_consenting_clients_are_as_many_as_wanted(read):
    ids = pl.concat([read[name].frame.filter(pl.col("CONSENT") == "Y").select("CLIENTID") for name in NDTMS])
    assert ids["CLIENTID"].n_unique() == expected(580086)


def test_one_person_in_fifty_refuses_and_has_nothing_but_an_id(read):
    refusers = pl.concat(
        [
            read[name].frame.filter(pl.col("CONSENT") == "N").select("CLIENTID", "DOB", "SEX", "FINITIAL", "UTLA")
            for name in NDTMS
        ]
    )
    share = refusers["CLIENTID"].n_unique() / (refusers["CLIENTID"].n_unique() + expected(580086))
    assert share == pytest.approx(0.02, abs=0.001)
    assert refusers.drop("CLIENTID").null_count().sum_horizontal().item() == 4 * refusers.height


def test_a_refuser_never_consents_elsewhere(read):
    by_consent = (
        pl.concat([read[name].frame.select("CLIENTID", "CONSENT") for name in NDTMS])
        .group_by("CLIENTID")
        .agg(pl.col("CONSENT").n_unique().alias("answers"))
    )
    assert by_consent["answers"].max() == 1


def test_treatment_dates_are_written_the_ndtms_way_by_most_agencies(root):
    text = pl.read_csv(root / "extracts" / QUARTER / "ndtms" / "adult_community.csv", infer_schema=False)[
        "TRIAGED"
    ].drop_nulls()
    share = text.str.contains(r"^\d\d/\d\d/\d{4}$").mean()
    assert 0.75 < share < 0.98


def test_episodes_end_after_they_start_and_are_over_by_the_quarter(read):
    episodes = read["adult_community"].frame.filter(pl.col("CONSENT") == "Y").drop_nulls("TRIAGED")
    assert episodes.filter(pl.col("DISD") < pl.col("TRIAGED")).height == 0
    assert episodes["TRIAGED"].max() <= LAST_DAY
    assert episodes.filter(pl.col("DISD").is_null() != pl.col("DISRSN").is_null()).height == 0


def test_terminated_requirements_have_a_reason_and_running_ones_do_not(read):
    rows = read["requirement"].frame.filter(pl.col("requirement_type").is_in(["ATR", "DRR"]))
    assert rows.filter(pl.col("termination_date").is_null() != pl.col("termination_reason").is_null()).height == 0
    assert rows["termination_date"].max() <= LAST_DAY


def test_sentences_lie_in_the_period(read):
    days = read["requirement"].frame["disposal_date"]
    assert days.min() >= date(2018, 8, 1)
    assert days.max() <= LAST_DAY


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


def test_a_result_text_is_sometimes_written_with_a_straight_and_sometimes_with_a_curly_apostrophe(tmp_path):
    write_extracts(tmp_path, QUARTER, 0.05, seed=3, with_notes=False)
    texts = set(
        pl.read_csv(tmp_path / "extracts" / QUARTER / "courts" / "result.csv", infer_schema=False)[
            "result_text"
        ].str.strip_chars()
    )
    assert {"One Day's Detention", "One Day\u2019s Detention"} <= texts


def test_each_identifier_and_each_requirement_has_its_truth(read, truth):
    assert set(truth["person_truth"]["crn"]) == set(read["offender"].frame["crn"])
    required = read["requirement"].frame.filter(pl.col("requirement_type").is_in(["ATR", "DRR"]))
    assert set(truth["requirement_truth"]["requirement_id"]) == set(required["requirement_id"])


def test_the_people_are_fewer_than_the_identifiers_by_the_known_duplicates(truth):
    assert truth["person_truth"]["true_person_id"].n_unique() == expected(44459)


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


def test_more_are_truly_treated_than_the_study_links(truth):
    shares = (
        truth["requirement_truth"].filter("analysed").group_by("requirement_type").agg(pl.col("in_structured").mean())
    )
    found = dict(shares.rows())
    assert found["ATR"] > 0.60
    assert 0.50 < found["DRR"] < found["ATR"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(root, tmp_path):
    write_extracts(tmp_path / "again", QUARTER, SCALE, seed=7, with_notes=False)
    write_extracts(tmp_path / "other", QUARTER, SCALE, seed=8, with_notes=False)
    for extract in LINKAGE_EXTRACTS:
        place = Path("extracts") / QUARTER / extract.system / f"{extract.name}.csv"
        assert (root / place).read_bytes() == (tmp_path / "again" / place).read_bytes()
    changed = Path("extracts") / QUARTER / "ndelius" / "offender.csv"
    assert (root / changed).read_bytes() != (tmp_path / "other" / changed).read_bytes()


def test_a_new_set_replaces_the_old_one_as_a_whole(tmp_path):
    write_extracts(tmp_path, QUARTER, 0.005, seed=1, table_format="parquet", with_notes=False)
    write_extracts(tmp_path, QUARTER, 0.005, seed=1, table_format="csv", with_notes=False)
    assert not list((tmp_path / "extracts" / QUARTER).rglob("*.parquet"))
    assert sorted(path.name for path in (tmp_path / "extracts").iterdir()) == [QUARTER]


def test_parquet_and_csv_hold_the_same_rows(tmp_path):
    for kind in ("parquet", "csv"):
        write_extracts(tmp_path / kind, QUARTER, 0.005, seed=1, table_format=kind, with_notes=False)
    for name in ("offender", "requirement", "adult_community", "risk"):
        frames = [
            read_extract(tmp_path / kind / "extracts" / QUARTER, EXTRACT_BY_NAME[name], LAST_DAY).frame
            for kind in ("parquet", "csv")
        ]
        assert frames[0].equals(frames[1])


@pytest.mark.parametrize("wrong", [{"scale": 0.0}, {"table_format": "xlsx"}, {"quarter": "1999Q9"}])
def test_what_cannot_be_written_is_refused_before_anything_is_touched(tmp_path, wrong):
    with pytest.raises(ValueError):
        write_extracts(**{"root": tmp_path, "quarter": QUARTER, "scale": 0.01, "seed": 1, "with_notes": False, **wrong})
    assert list(tmp_path.iterdir()) == []
