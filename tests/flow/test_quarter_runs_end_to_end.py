"""One small synthetic quarter through all three zones, on the real engines."""

import json
import random
import shutil
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from contracts.crossings import CROSSINGS, crossing_file
from contracts.extracts import ALL_EXTRACTS
from contracts.zones import PUBLISHED_FILES as FILES
from pathways.lineage.lineage import lineage_of_cell
from pathways.lineage.verify import faults_of_quarter
from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import extract_hash
from resources.zone.schema_check import check_frame
from tests.conftest import one_at_a_time

QUARTER = "2023Q1"
# What can be made again, what makes files differ between installations, and what says who is at work. Of readings, rows
# are sealed and not every byte. The number of a last receipt may be lower than it is: a kill leaves it so, and the next
# look puts it right.
NOT_OF_THE_RECORD = (
    *("*.lock", "*.log", "linkage/models/*/charts.html", "*/secrets/table_salt.key", "*/secrets/release_2023Q2.key"),
    *("*/labels.sqlite*", "*/readings/*", "*/readings/*/*", "*/last_receipts/*/*"),
)


@pytest.fixture(scope="module")
def manifest(small_quarter):
    return json.loads((small_quarter / "publication" / QUARTER / "manifest.json").read_text(encoding="utf-8"))


def test_the_publication_has_manifest_workbook_and_reports(small_quarter):
    folder = small_quarter / "publication" / QUARTER
    files = {
        "manifest.json",
        "tables.ods",
        "tables.xlsx",
        "open_data.zip",
        "report.html",
        "report.pdf",
        "regions.html",
        "figure_data.ods",
        "methodology.html",
        "methodology.pdf",
        "linkage_quality.html",
        "note_reading.html",
        "against_published.html",
        "lineage.html",
        "prov.json",
        "transparency_linkage.html",
        "transparency_notes.html",
        "impact_assessment.html",
        "ro-crate-metadata.json",
    }
    assert {path.name for path in folder.iterdir()} >= files
    assert all(path.stat().st_size > 1000 for path in folder.iterdir() if path.is_file())


def test_every_file_of_the_publication_is_in_its_table_with_its_hash(small_quarter):
    folder = small_quarter / "publication" / QUARTER
    listed = pl.concat(pl.read_parquet(small_quarter / "modelling" / QUARTER / f"{name}.parquet") for name in FILES)
    lying = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(listed["file"]) == set(lying)
    for file, digest in listed.select("file", "sha256").iter_rows():
        assert sha256(lying[file].read_bytes()).hexdigest() == digest


def test_the_open_data_hold_every_published_cell(small_quarter):
    cells = pl.read_parquet(small_quarter / "modelling" / QUARTER / "published_tables.parquet")
    for table, own in cells.group_by("table"):
        file = small_quarter / "publication" / QUARTER / "open_data" / f"table_{table[0]}.csv"
        data = pl.read_csv(file, infer_schema=False)
        assert data.height == own.height
        assert data.select("row_group", "row_label", "measure").is_unique().all()


def test_the_manifest_says_what_every_table_cost(manifest):
    assert {"linked_pairs", "note_labels", "pooled_odds_ratios", "publication"} <= set(manifest["assets"])
    for asset in manifest["assets"].values():
        assert {"rows", "seconds", "peak_mb", "version"} <= set(asset)


def test_the_manifest_gives_the_headline_for_all_and_by_type(manifest):
    headline = manifest["headline"]
    for measure in ("requirements", "linked_percent", "engaged_percent", "any_treatment_percent"):
        assert set(headline[measure]) == {"all", "ATR", "DRR"}
    assert headline["requirements"]["all"] == headline["requirements"]["ATR"] + headline["requirements"]["DRR"]


def test_synthetic_extracts_and_what_read_the_notes_are_named_as_such(manifest, small_quarter):
    assert manifest["synthetic_extracts"]["synthetic"] is True
    assert all(engine["model"].startswith("all-MiniLM-L6-v2") for engine in manifest["labels"])
    report = (small_quarter / "publication" / QUARTER / "report.html").read_text(encoding="utf-8")
    assert "synthetic" in report.lower()
    assert "trained on invented notes" in report


def test_links_are_precise_against_the_truth(small_quarter):
    found = json.loads((small_quarter / "truth" / QUARTER / "compared.json").read_text(encoding="utf-8"))
    assert found["linkage_precision"] >= 0.98


@pytest.mark.parametrize("table", CROSSINGS)
def test_every_crossing_table_is_what_its_contract_says(small_quarter, table):
    frame = pl.read_parquet(crossing_file(small_quarter, table, QUARTER))
    check_frame(frame, CROSSINGS[table].table, table)


def test_consort_counts_chain_from_received_to_analysed(small_quarter):
    counts = pl.read_parquet(crossing_file(small_quarter, "consort_counts", QUARTER)).sort("order")
    assert counts.filter(pl.col("before") - pl.col("removed") != pl.col("after")).is_empty()
    for _, stream in counts.group_by("stream", maintain_order=True):
        assert stream["after"].to_list()[:-1] == stream["before"].to_list()[1:]


def test_the_consort_counts_end_with_the_records_that_are_analysed(small_quarter):
    counts = pl.read_parquet(crossing_file(small_quarter, "consort_counts", QUARTER)).sort("order")
    analysed = pl.read_parquet(crossing_file(small_quarter, "anonymised_requirements", QUARTER))
    requirements, people = (counts.filter(stream=name)["after"][-1] for name in ("requirements", "people"))
    assert (requirements, people) == (analysed.height, analysed["person_key"].n_unique())


def test_the_note_request_holds_unlinked_requirements_and_linked_decoys(small_quarter):
    requested = pl.read_parquet(crossing_file(small_quarter, "note_request", QUARTER))
    analysed = pl.read_parquet(crossing_file(small_quarter, "anonymised_requirements", QUARTER))
    sampled = analysed.filter("note_sampled")
    assert set(sampled["requirement_key"]) == set(requested["requirement_key"])
    assert set(sampled["linked_structured"].unique()) == {True, False}


def test_nothing_that_was_read_lies_beside_the_tables_after_a_refresh(small_quarter):
    with one_at_a_time():  # others refresh it too
        assert list(small_quarter.glob("*/*/readings")) == []


def test_a_second_refresh_computes_nothing(small_quarter, refresh_small_quarter):
    done = refresh_small_quarter(small_quarter)
    assert done.returncode == 0
    for zone in ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets"):
        assert f"{zone}: 0 tables to make" in done.stdout


def test_any_published_cell_is_walked_back_to_the_content_of_extracts(small_quarter):
    with one_at_a_time():
        cells = pl.read_parquet(small_quarter / "modelling" / QUARTER / "published_tables.parquet")
        names = [f"{extract.system}/{extract.name}" for extract in ALL_EXTRACTS]
        sent = {name: extract_hash(path) for name in names if (path := extract_file(small_quarter, QUARTER, name))}
        for cell in cells.sample(20, seed=1).iter_rows(named=True):
            found = lineage_of_cell(small_quarter, QUARTER, cell["table"], cell["row_label"], cell["measure"])
            assert (cell["row_key"], cell["measure_key"], cell["shown"]) in {
                (each["row_key"], each["measure_key"], each["shown"]) for each in found["cells"]
            }
            assert "ndelius/requirement" in found["extracts"]
            assert found["extracts"].items() <= sent.items()
            assert found["out_of_date"] == found["settings_edited_since"] == []


def kind_of(path: Path, root: Path) -> str:
    """Folder and ending of a file, the same for each table that crosses and each last receipt."""
    folders = path.relative_to(root).parts[:-1]
    return "/".join([*("*" if folder in CROSSINGS else folder for folder in folders), path.suffix])


def test_one_changed_byte_is_found_in_every_kind_of_file_of_a_quarter(small_quarter, tmp_path):
    with one_at_a_time():
        for part in ("linkage", "nlp", "modelling", "crossings", "extracts", "publication"):
            shutil.copytree(small_quarter / part, tmp_path / part)
    assert faults_of_quarter(tmp_path, QUARTER)[1] == []
    drawn, kinds = random.Random(1), defaultdict[str, list[Path]](list)
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size):
        if not any(path.match(pattern) for pattern in NOT_OF_THE_RECORD):
            kinds[kind_of(path, tmp_path)].append(path)
    assert len(kinds) > 25
    for kind, files in kinds.items():
        for path in drawn.sample(files, min(len(files), 2)):
            whole = path.read_bytes()
            place = drawn.randrange(len(whole))
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert faults_of_quarter(tmp_path, QUARTER)[1], f"{kind}: {path.name}, byte {place}"
            path.write_bytes(whole)
    assert faults_of_quarter(tmp_path, QUARTER)[1] == []
