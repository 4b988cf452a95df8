"""The notes zone of the small quarter with its notes read over the prompt path: by the fixture model, behind a real
vLLM that the zone starts on this machine.

The zone is killed when all notes have been read and its server still runs. Run again, it needs no server any more.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import dagster as dg
import polars as pl
import pytest

from contracts.crossings import crossing_file
from pathways.refresh.refresh import prepare_dagster_home, zone_environment
from resources.process.data_root import REPOSITORY
from resources.receipts.receipt_book import ReceiptBook
from resources.records.shown_counts import counts_base, rounded
from tests.conftest import RECORDER
from tests.faults.marked_processes import MARK, left_in_the_end, living, new_mark
from tests.label_server_here import needs_vllm
from tests.outbound_recorder import CANNOT_RECORD

pytestmark = needs_vllm

QUARTER = "2023Q1"
COUNTS = "label server counts: "
READ = ("note_labels", "excluded_labels", "injection_flips")
PATIENCE_SECONDS = 600
ZONE = [sys.executable, "-m", "pathways.refresh.run_zone", "nlp_assets", QUARTER]


def environment(var: Path) -> dict[str, str]:
    return {**os.environ, **zone_environment(var, prepare_dagster_home(var)), "PATHWAYS_ENGINE": "fixture"}


def written(var: Path) -> list[int]:
    """When the receipt of each table that needs notes read was written; 0 where there is none."""
    receipts = [var / "nlp" / QUARTER / f"{name}.json" for name in READ]
    return [receipt.stat().st_mtime_ns if receipt.exists() else 0 for receipt in receipts]


def is_zone(process: int) -> bool:
    """Whether it is the zone, and not the recorder before it nor a program that it started."""
    command = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    return command[1:3] == ZONE[1:3]


def kill_when_all_is_read(var: Path, recorder: list[str]) -> tuple[int, set[str], list[str]]:
    """Start the zone and kill -9 it once the last note has been read. It goes no further however fast it is: what comes
    next waits for the lock held here.

    Returns how the command ended, the programs that were there at the kill, and those that do not end.
    """
    mark, before, book = new_mark(), written(var), ReceiptBook(var, "nlp")
    with (var / "killed.log").open("w") as log, book.one_writer("note_reading_quality", QUARTER):
        run = subprocess.Popen(
            [*recorder, *ZONE], cwd=REPOSITORY, env={**environment(var), MARK: mark}, stdout=log, stderr=log
        )
        deadline = monotonic() + PATIENCE_SECONDS
        while any(map(int.__eq__, before, written(var))) and run.poll() is None and monotonic() < deadline:
            sleep(0.05)
        there = living(mark)
        for process in filter(is_zone, there):
            os.kill(process, signal.SIGKILL)
        code = run.wait()
    return code, set(there.values()), left_in_the_end(mark, there)


@pytest.fixture(scope="module")
def killed(small_quarter, tmp_path_factory):
    """The quarter's folder after the kill; programs there at the kill and left by it; what would have gone out, or None
    where this kernel lets nobody record.
    """
    var, record = tmp_path_factory.mktemp("fixture") / "var", tmp_path_factory.mktemp("record") / "record.txt"
    shutil.copytree(small_quarter, var)
    code, there, left = kill_when_all_is_read(var, [sys.executable, "-I", str(RECORDER), str(record)])
    if code != CANNOT_RECORD:
        return var, there, left, record.read_text(encoding="utf-8")
    return var, *kill_when_all_is_read(var, [])[1:], None


@pytest.fixture(scope="module")
def again(killed):
    """What the zone says when it is run again."""
    done = subprocess.run(ZONE, cwd=REPOSITORY, env=environment(killed[0]), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (killed[0] / "killed.log").read_text(encoding="utf-8") + done.stdout + done.stderr
    return done.stdout


def test_the_server_that_reads_the_notes_does_not_outlive_the_zone(killed):
    _, there, left, _ = killed
    assert any(program.startswith("VLLM") for program in there), there
    assert left == []


def test_nothing_goes_out_while_vllm_serves(killed):
    if killed[3] is None:
        pytest.skip("this kernel lets nobody record connections")
    assert killed[3] == ""


def test_what_the_server_counted_is_passed_on_as_a_line_a_table_and_in_dagsters_records_without_its_cache(
    killed, monkeypatch
):
    var, base = killed[0], counts_base()
    said = [line for line in (var / "killed.log").read_text(encoding="utf-8").splitlines() if COUNTS in line]
    assert len(said) >= len(READ)
    home = prepare_dagster_home(var)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("note_labels"))
    assert event and event.asset_materialization
    told: dict[str, Any] = {name: value.value for name, value in event.asset_materialization.metadata.items()}
    notes = pl.read_parquet(var / "nlp" / QUARTER / "note_labels.parquet").height
    assert told["label_server_requests_answered"] >= rounded(notes, base)
    assert told["label_server_prompt_tokens"] > told["label_server_generated_tokens"] > 0
    assert told["label_server_seconds_answering"] > 0
    assert not any("cache" in name for name in (*told, *said))


def test_what_was_read_is_kept_and_the_zone_goes_on_without_a_server(again):
    assert "label server" not in again and "0 tables to make" not in again


def test_every_note_is_labelled_and_the_labels_say_that_the_fixture_read(killed, again):
    folder = killed[0] / "nlp" / QUARTER
    labels, notes = (pl.read_parquet(folder / f"{name}.parquet") for name in ("note_labels", "filtered_notes"))
    assert set(labels["note_hash"]) == set(notes["note_hash"]) and labels["note_hash"].is_unique().all()
    assert labels["label"].null_count() == 0 and 0 < labels["label"].sum() < labels.height
    assert labels.select("engine", "engine_kind").unique().rows() == [("vllm_prompt", "fixture")]
    quality = pl.read_parquet(crossing_file(killed[0], "note_reading_quality", QUARTER))
    assert quality.filter(section="engine", measure="engine kind")["words"].to_list() == ["fixture"]


def test_no_note_is_in_the_log_of_the_server(killed):
    log = (killed[0] / "nlp" / "vllm.log").read_bytes()
    notes = pl.read_parquet(killed[0] / "nlp" / QUARTER / "filtered_notes.parquet")["note_text"].drop_nulls().unique()
    assert log and notes.len()
    assert [note for note in notes.sort() if note[:40].encode() in log] == []
