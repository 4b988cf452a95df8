"""The quarter after the small one, in a folder of its own: it runs, computes nothing twice, and says what a run of it
alone says."""

import json
import os
import shutil
import subprocess
import sys

import polars as pl
import pytest

from contracts.crossings import crossing_file
from pathways.refresh.receipts_of_run import receipts_of
from pathways.refresh.refresh import prepare_dagster_home, zone_environment
from pathways.refresh.zone_order import ZONES
from resources.process.data_root import REPOSITORY

FIRST, SECOND = "2023Q1", "2023Q2"
# Made from last quarter's tables, as their declaration says, and what is made from them.
OF_TWO_QUARTERS = {"linkage_drift", "source_drift", "linkage_quality", "extract_ages"}


@pytest.fixture(scope="module")
def folder(small_quarter, tmp_path_factory, run_pathways):
    var = tmp_path_factory.mktemp("two_quarters") / "var"
    shutil.copytree(small_quarter, var)
    done = run_pathways("extracts", "--quarter", SECOND, var=var)
    assert done.returncode == 0, done.stdout + done.stderr
    return var


@pytest.fixture(scope="module")
def second(folder, run_pathways):
    return run_pathways("refresh", "--quarter", SECOND, var=folder)


def receipts(var, zone="linkage") -> dict[str, dict]:
    return {receipt.table: receipt.model_dump() for folder, receipt in receipts_of(var, SECOND) if folder == zone}


def test_the_second_quarter_continues_the_first_and_is_published(folder, second):
    assert second.returncode == 0, second.stdout + second.stderr
    assert {FIRST, SECOND} <= {path.name for path in (folder / "publication").iterdir()}
    marker = json.loads((folder / "extracts" / SECOND / "SYNTHETIC.json").read_text(encoding="utf-8"))
    assert (marker["scale"], marker["seed"]) == (0.02, 1)


def test_run_again_with_nothing_new_it_computes_nothing(folder, second, run_pathways):
    done = run_pathways("refresh", "--quarter", SECOND, var=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": 0 tables to make") == len(ZONES)


def test_few_notes_are_read_that_the_first_quarter_had_not(folder, second):
    labels = [pl.read_parquet(folder / "nlp" / quarter / "note_labels.parquet") for quarter in (FIRST, SECOND)]
    new = labels[1].join(labels[0], on="note_hash", how="anti")
    assert 0 < new.height < 0.35 * labels[1].height


def test_links_are_as_true_as_in_the_first_quarter(folder, second):
    truth = [
        json.loads((folder / "truth" / quarter / "compared.json").read_text(encoding="utf-8"))
        for quarter in (FIRST, SECOND)
    ]
    assert truth[1]["linkage_precision"] >= 0.98
    for measure in ("linkage_recall", "structured_recall", "label_sensitivity"):
        assert truth[1][measure] == pytest.approx(truth[0][measure], abs=0.06), measure


def test_what_is_taken_over_is_what_a_run_of_the_second_quarter_alone_makes(folder, second, tmp_path, give_secrets):
    """Scores of pairs are taken over from the first quarter; here nothing is there to take over."""
    for part in ("extracts", "truth"):
        shutil.copytree(folder / part / SECOND, tmp_path / part / SECOND)
    shutil.copytree(folder / "linkage" / "models", tmp_path / "linkage" / "models")
    give_secrets(tmp_path)
    done = run_zone(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    alone, after_first = receipts(tmp_path), receipts(folder)
    compared = set(alone) - OF_TWO_QUARTERS
    assert {"scored_pairs", "linked_pairs", "person_key", "combined_requirements"} <= compared
    assert [name for name in sorted(compared) if alone[name]["sha256"] != after_first[name]["sha256"]] == []
    requests = [pl.read_parquet(crossing_file(var, "note_request", SECOND)) for var in (tmp_path, folder)]
    assert requests[0].equals(requests[1])


def run_zone(var) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pathways.refresh.run_zone", "linkage_assets", SECOND]
    environment = {**os.environ, **zone_environment(var, prepare_dagster_home(var))}
    return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)
