"""Chunked scoring killed while a chunk is being written, and run again: only what is missing is scored again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import polars as pl
import pytest

from record_linkage.scoring.score_in_chunks import ChunkFolder, score_in_chunks

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600
OFFENDERS = pl.DataFrame({"offender_record_id": [f"ndelius-{n:03d}" for n in range(90)], "dob": [*range(30)] * 3})
CLIENTS = pl.DataFrame({"client_record_id": [f"ndtms-{n:03d}" for n in range(100)], "dob": [*range(50)] * 2})

# The process stops for good when its fourth chunk is on disk but does not yet have its name.
KILLED = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_scoring_resumes as test
rename = os.replace
def stop_at_the_fourth(partial, path):
    if path.name == "chunk_0004.parquet":
        time.sleep(3600)
    rename(partial, path)
os.replace = stop_at_the_fourth
test.score_in_chunks(test.score, test.CLIENTS, [test.OFFENDERS], test.chunks_in(Path(sys.argv[1])))
"""


def score(clients: pl.DataFrame) -> pl.DataFrame:
    return OFFENDERS.join(clients, on="dob").sort("offender_record_id", "client_record_id")


def chunks_in(folder: Path) -> ChunkFolder:
    return ChunkFolder(folder, records_per_chunk=15, made_by="code 1")


def whole(folder: Path) -> list[tuple[str, int]]:
    """Name and inode of every whole chunk: a chunk that is written again is another file."""
    return sorted((path.name, path.stat().st_ino) for path in folder.rglob("chunk_*.parquet"))


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Folder of chunks after a kill, and the chunks that were whole by then."""
    folder = tmp_path_factory.mktemp("chunks")
    run = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), str(Path(__file__).parent)], cwd=REPOSITORY, start_new_session=True
    )
    deadline = monotonic() + PATIENCE_SECONDS
    while not list(folder.rglob("chunk_0004.partial")) and run.poll() is None and monotonic() < deadline:
        sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return folder, whole(folder)


def test_a_kill_leaves_whole_chunks_only(killed):
    assert [name for name, _ in killed[1]] == ["chunk_0001.parquet", "chunk_0002.parquet", "chunk_0003.parquet"]


def test_a_killed_scoring_goes_on_with_the_next_chunk_and_gives_the_same_pairs(killed):
    folder, before = killed
    given = []

    def score_and_note(clients):
        given.append(clients["client_record_id"][0])
        return score(clients)

    pairs = score_in_chunks(score_and_note, CLIENTS, [OFFENDERS], chunks_in(folder)).collect()
    assert given == ["ndtms-045", "ndtms-060", "ndtms-075", "ndtms-090"]
    assert whole(folder)[:3] == before
    assert pairs.sort("offender_record_id", "client_record_id").equals(score(CLIENTS))
