"""A whole refresh killed in the middle of labelling, and run again: the same publication, byte for byte.

The undisturbed run is the small quarter that other tests use. As the two runs share nothing but the extracts and the
secrets, this also holds that the same extracts, settings, seeds and secrets give identical tables.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import polars as pl
import pytest

from contracts.zones import RECEIPTS
from resources.receipts.receipt_book import ReceiptBook
from tests.faults.marked_processes import MARK, left_in_the_end, living, new_mark

REPOSITORY = Path(__file__).resolve().parents[2]
QUARTER = "2023Q1"
PATIENCE_SECONDS = 600
DOCUMENTS = (
    "tables.ods",
    "tables.xlsx",
    "open_data.zip",
    "report.html",
    "report.pdf",
    "regions.html",
    "figure_data.ods",
    "methodology.html",
    "methodology.pdf",
    "note_reading.html",
    "against_published.html",
)


def scores(var: Path) -> int:
    """Scores that have been committed."""
    store = var / "nlp" / "labels.sqlite"
    if not store.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as file:
            return file.execute("SELECT count(*) FROM keyed_score").fetchone()[0]
    except sqlite3.OperationalError:  # the table is not there yet
        return 0


def kill_while_labelling(var: Path) -> tuple[int, int, list[str]]:
    """Start a refresh and kill -9 it alone once some labels are committed.

    However fast it is, it gets no further than to the end of these labels: their table waits for the lock held here.
    Returns how many were, how many processes were behind it then, and which of them do not end by themselves.
    """
    mark, book = new_mark(), ReceiptBook(var, "nlp")
    with (var / "killed.log").open("w") as log, book.one_writer("note_labels", QUARTER):
        run = subprocess.Popen(
            [sys.executable, "-m", "pathways", "refresh", "--quarter", QUARTER],
            cwd=REPOSITORY,
            env={**os.environ, "PATHWAYS_VAR": str(var), MARK: mark},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        deadline = monotonic() + PATIENCE_SECONDS
        while scores(var) == 0 and run.poll() is None and monotonic() < deadline:
            sleep(0.02)
        before = living(mark)
        run.kill()
        run.wait()
    left = left_in_the_end(mark, before)
    return scores(var), len(before) - 1, left


OF_THE_RUN = ("release_manifest", "lineage_page", "research_object")  # list what the run made, when and by whom


def tables(var: Path) -> dict[str, bytes]:
    """Every table and document that a refresh makes, but those that say when and by whom."""
    paths = [path for path in var.rglob("*.parquet") if path.relative_to(var).parts[0] not in ("extracts", "truth")]
    paths = [path for path in paths if path.stem not in {*RECEIPTS.values(), *OF_THE_RUN}]
    paths += [var / "publication" / QUARTER / name for name in DOCUMENTS]
    return {str(path.relative_to(var)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def resumed(small_extracts, give_secrets, tmp_path_factory, run_pathways):
    """Folder of a quarter whose refresh was killed while labelling and then run again; what the kill found and left."""
    var = tmp_path_factory.mktemp("killed")
    for part in ("extracts", "truth"):
        shutil.copytree(small_extracts / part, var / part)
    give_secrets(var)
    killed = kill_while_labelling(var)
    done = run_pathways("refresh", "--quarter", QUARTER, var=var)
    assert done.returncode == 0, done.stdout + done.stderr
    return var, killed, done.stdout


def test_the_kill_came_in_the_middle_of_labelling(resumed):
    var, (committed, _, _) = resumed[:2]
    assert 0 < committed < scores(var)


def test_no_zone_and_so_no_note_text_outlives_the_kill(resumed):
    _, behind, left = resumed[1]
    assert behind > 1
    assert left == []


def test_a_killed_refresh_goes_on_where_it_was(resumed):
    assert "linkage_assets: 0 tables to make" in resumed[2]


def test_no_label_is_lost_or_doubled(resumed):
    var = resumed[0]
    labels = pl.read_parquet(var / "nlp" / QUARTER / "note_labels.parquet")
    wanted = pl.read_parquet(var / "nlp" / QUARTER / "filtered_notes.parquet")["note_hash"].unique()
    assert labels["note_hash"].is_unique().all()
    assert set(labels["note_hash"]) == set(wanted)


def test_every_table_and_document_equals_that_of_an_undisturbed_run(resumed, small_quarter):
    ours, undisturbed = tables(resumed[0]), tables(small_quarter)
    assert ours.keys() == undisturbed.keys()
    assert [name for name in ours if ours[name] != undisturbed[name]] == []


def test_a_second_refresh_at_the_same_time_is_refused(small_extracts, run_pathways, tmp_path):
    shutil.copytree(small_extracts / "extracts", tmp_path / "extracts")
    first = subprocess.Popen(
        [sys.executable, "-m", "pathways", "refresh", "--quarter", QUARTER],
        cwd=REPOSITORY,
        env={**os.environ, "PATHWAYS_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert first.stdout is not None
    first.stdout.readline()  # the first line comes when the lock is held
    second = run_pathways("refresh", "--quarter", QUARTER, var=tmp_path)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert second.returncode != 0
    assert "Another refresh is running" in second.stderr
