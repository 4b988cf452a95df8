"""What a whole small set of extracts looks like: files, columns, exact counts, truth, sameness."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME, LINKAGE_EXTRACTS
from resources.extracts.extract_reader import read_extract
from resources.extracts.synthetic_mark import synthetic_mark
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
    return round(count * SCALE)


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
    assert len(marker["files"]) == len(ALL_EXTRACTS)
    assert synthetic_mark(root / "extracts" / QUARTER) is not None


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


def test_treatment_dates_are_written_the_ndtms_way_by_most_agencies(root):
    text = pl.read_csv(root / "extracts" / QUARTER / "ndtms" / "adult_community.csv", infer_schema=False)[
        "TRIAGED"
    ].drop_nulls()
    share = text.str.contains(r"^\d\d/\d\d/\d{4}$").sum() / text.len()
    assert 0.75 < share < 0.98


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
    with pytest.raises(ValueError, match=r"scale|table_format|1999Q9"):
        write_extracts(**{"root": tmp_path, "quarter": QUARTER, "scale": 0.01, "seed": 1, "with_notes": False, **wrong})
    assert list(tmp_path.iterdir()) == []
