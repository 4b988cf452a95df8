"""Labelling through fifty kills of client and server: the same labels, none lost, none doubled, no text logged.

The real path: vLLM on the CPU with the fixture model. A start of vLLM costs half a minute, so that of the fifty

- most are kill -9 of the process that labels, at a random byte of what it says to the server or hears from it, or a
  random moment later;
- some cut the connections at a random byte of a request or an answer, for a while or longer than the client first
  waits: what is seen of a server that dies and comes back;
- one is kill -9 of vLLM, which the engine that owns it starts again.

`benchmarks/notes/label_kills.py --kills 50` kills the processes themselves fifty times.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from time import monotonic, sleep
from typing import Any

import polars as pl
import pytest

from nlp_assets.engines.open_engine import FIXTURE_WEIGHTS
from nlp_assets.serving.completions_client import CompletionsClient
from nlp_assets.serving.vllm.vllm_process import VllmProcess, llm_python
from nlp_assets.steps.labels.label_notes import DECIMALS
from nlp_assets.steps.notes.prompt import render
from tests.faults.fragile_wire import FragileWire
from tests.faults.killed_labelling import DISTINCT, MARK, MODEL, PROMPT, engine_on, label, label_over, notes
from tests.faults.marked_processes import MARK as MARK_OF_PROCESSES
from tests.faults.marked_processes import is_alive, left_in_the_end, living, new_mark
from tests.label_server_here import needs_vllm

pytestmark = needs_vllm

KILLS = ["client"] * 29 + ["connections"] * 20 + ["server"]
SEED = 20261122
# Reaching the server costs a client about 12,000 bytes, four notes about 9,000. Kills must come before the last note.
# How far a life gets is said in bytes and chunks, not in seconds: it is the same on a fast machine and on a slow one.
MOST_BYTES, BYTES_OF_FOUR_NOTES = 65_000, 9_000
PATIENCE_SECONDS = 600
PROBABILITIES = ["p1", "off_choice"]
# A difference in the seventh decimal may fall on the two sides of a rounding to DECIMALS.
ROUNDING = 1.01 * 10**-DECIMALS
OF_OTHERS = 0o077
PORTS, LOOPBACK = ("tcp", "tcp6", "udp", "udp6"), "0100007F:"

# A process that has imported everything and is copied for each client: starting Python costs seconds, fifty times.
CLIENTS = multiprocessing.get_context("forkserver")
CLIENTS.set_forkserver_preload(["tests.faults.killed_labelling"])


class LifeEnds(Exception):
    """Ends a labelling from inside, as Ctrl-C would."""


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """A running vLLM of this machine."""
    process = VllmProcess(
        llm_python(os.environ), FIXTURE_WEIGHTS, MODEL, tmp_path_factory.mktemp("server") / "vllm.log"
    )
    process.start(lambda _: None)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def undisturbed(process, tmp_path_factory):
    """What a run that nothing disturbs says, asked in other batches and another order of requests."""
    file = tmp_path_factory.mktemp("undisturbed") / "labels.sqlite"
    return label(engine_on(process), file, notes_per_request=50, requests_in_flight=1, notes_per_chunk=400)


@dataclass
class Run:
    """One labelling run, continued by one client after another. `rows_at_kill`: rows in the store at each kill."""

    process: VllmProcess
    file: Path
    draw: random.Random
    rows_at_kill: list[int] = field(default_factory=list)
    exit_codes: list[int | None] = field(default_factory=list)

    def __post_init__(self):
        self.wire = FragileWire(self.process.endpoint.socket)
        self._client = None

    def kill_client(self):
        self._reach_a_random_byte()
        if self.draw.random() < 0.5:
            self.wire.allow(self.draw.randrange(BYTES_OF_FOUR_NOTES))
            sleep(self.draw.uniform(0, 0.1))
        self._end_client()

    def kill_connections(self):
        self._reach_a_random_byte()
        self.wire.cut()
        self.rows_at_kill.append(self.rows())
        if self.draw.random() < 0.3:
            sleep(0.5)
        self.wire.mend()

    def kill_server(self):
        """A life in this process, which owns the server, as a refresh does."""
        if self._client:
            self._end_client()
        first, moments = self.process.endpoint, self._kill_vllm_in_the_third_chunk()

        def after_a_chunk(*_):
            if self.process.endpoint != first:
                raise LifeEnds
            next(moments)

        with pytest.raises(LifeEnds):
            label(engine_on(self.process), self.file, after_a_chunk)
        self.wire.target = self.process.endpoint.socket

    def rows(self) -> int:
        if not self.file.exists():
            return 0
        with closing(sqlite3.connect(self.file)) as file:
            return file.execute("SELECT count(*) FROM keyed_score").fetchone()[0]

    def _reach_a_random_byte(self):
        self.wire.allow(self.draw.randrange(MOST_BYTES))
        if self._client and not self._client.is_alive():
            self._end_client()
        if self._client is None:
            key = self.process.endpoint.api_key
            self._client = CLIENTS.Process(target=label_over, args=(self.wire.port, key, self.file))
            self._client.start()
        assert self.wire.spent.wait(PATIENCE_SECONDS), "the client says nothing more"

    def _end_client(self):
        assert self._client is not None
        self._client.kill()
        self._client.join()
        self.exit_codes.append(self._client.exitcode)
        self._client = None
        self.rows_at_kill.append(self.rows())
        self.wire.cut()
        self.wire.mend()

    def _kill_vllm_in_the_third_chunk(self) -> Iterator[None]:
        """A step after each chunk. The kill comes a random share of a chunk's time after the second, and at the end of
        the third at the latest. Chunks still end between the kill and the moment it is noticed.
        """
        yield  # the first chunk holds the way to the server
        began = monotonic()
        yield
        planned = Timer(self.draw.random() * (monotonic() - began), self._kill_vllm)
        planned.start()
        while True:
            yield
            planned.join()

    def _kill_vllm(self):
        guard = guard_of(self.process).pid
        server = int(Path(f"/proc/{guard}/task/{guard}/children").read_text(encoding="utf-8").split()[0])
        os.killpg(server, signal.SIGKILL)
        self.rows_at_kill.append(self.rows())


@pytest.fixture(scope="module")
def killed_fifty_times(process, undisturbed, tmp_path_factory):
    """A run after its fifty kills, not yet finished."""
    draw = random.Random(SEED)
    run = Run(process, tmp_path_factory.mktemp("killed") / "labels.sqlite", draw)
    for kind in draw.sample(KILLS, len(KILLS)):
        getattr(run, f"kill_{kind}")()
    if run._client:
        run._end_client()
    return run


def differences(labels: pl.DataFrame, others: pl.DataFrame) -> dict:
    """How many notes differ, by column; how far probabilities do beyond rounding."""
    assert labels.columns == others.columns and labels["note_hash"].equals(others["note_hash"])
    exact = [name for name in labels.columns if name not in PROBABILITIES]
    counts = {name: labels[name].ne_missing(others[name]).sum() for name in exact}
    moved: dict[str, Any] = {name: (labels[name] - others[name]).abs().max() for name in PROBABILITIES}
    return {name: count for name, count in counts.items() if count} | {
        name: most for name, most in moved.items() if most is None or most > ROUNDING
    }


def test_the_kills_land_all_over_the_run(killed_fifty_times):
    assert len(killed_fifty_times.rows_at_kill) >= len(KILLS)
    midway = [rows for rows in killed_fifty_times.rows_at_kill if 0 < rows < DISTINCT]
    assert len(set(midway)) >= 20 and max(midway) > DISTINCT / 3
    assert set(killed_fifty_times.exit_codes) == {-signal.SIGKILL}


def test_after_fifty_kills_no_label_is_lost_doubled_or_another(killed_fifty_times, undisturbed):
    run, told = killed_fifty_times, []
    kept = run.rows()
    labels = label(engine_on(run.process), run.file, lambda done, total, _: told.append((done, total)))
    assert differences(labels, undisturbed) == {}
    assert labels.height == DISTINCT and set(labels["status"]) == {"ok"}
    assert run.rows() == DISTINCT
    assert told[-1] == (DISTINCT - kept, DISTINCT - kept)


def guard_of(process: VllmProcess) -> subprocess.Popen:
    assert process._process is not None
    return process._process


def behind(process: VllmProcess) -> set[int]:
    """The server's processes: its guard, and all that this started."""
    found, new = set(), {guard_of(process).pid}
    while new:
        found |= new
        files = [file for parent in new for file in Path(f"/proc/{parent}/task").glob("*/children")]
        new = {int(child) for file in files for child in file.read_text(encoding="utf-8").split()}
    return found


def ports_of(processes: set[int]) -> list[str]:
    """Addresses, as the kernel writes them, at which these processes hold a port of this machine."""
    pages = [Path(f"/proc/net/{name}").read_text(encoding="utf-8").splitlines()[1:] for name in PORTS]
    rows = [row.split() for page in pages for row in page]
    address_of = {f"socket:[{row[9]}]": row[1] for row in rows}
    files = [file for number in processes for file in Path(f"/proc/{number}/fd").glob("*")]
    return [address_of[target] for file in files if (target := str(file.readlink())) in address_of]


def test_nobody_else_can_reach_the_server_or_its_engine(process):
    socket = Path(process.endpoint.socket)
    assert stat.S_ISSOCK(socket.stat().st_mode) and stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    inside = list(socket.parent.rglob("*"))
    assert len(inside) > 1 and [path.name for path in inside if path.stat().st_mode & OF_OTHERS] == []
    processes = behind(process)
    assert len(processes) > 2
    is_alone = "Network: of its own" in process.log.read_text(encoding="utf-8")
    assert ports_of(processes) == [] if is_alone else all(port.startswith(LOOPBACK) for port in ports_of(processes))


def test_without_the_socket_neither_the_key_nor_a_guess_of_a_note_gets_an_answer(process):
    """The key is asked for below /v1 only: the counters of the cache tell whether somebody's guess was read before."""
    client = process.endpoint.http_client("")
    assert client.get("/metrics", headers={"Authorization": ""}).status_code == 200
    assert client.get("/v1/models", headers={"Authorization": ""}).status_code == 401
    client.close()


def test_no_note_text_is_in_any_file_of_the_server_or_the_store(process, killed_fifty_times):
    client = CompletionsClient(process.endpoint)
    client.choose_model(MODEL)
    assert client.score([render(PROMPT, f"{MARK} attended."), f"{MARK} spoke. " * 3000])[1] is None
    client.close()
    folders = (process.log.parent, killed_fifty_times.file.parent)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"vllm.log", "labels.sqlite"}
    assert [path.name for path in files if MARK.encode() in path.read_bytes()] == []


def test_engine_and_folder_go_with_a_guard_that_is_killed(process):
    """The last test of this file: it ends the server. A killed guard can end nothing itself."""
    processes = behind(process)
    assert len(processes) > 2
    guard_of(process).kill()
    guard_of(process).wait()
    deadline = monotonic() + PATIENCE_SECONDS
    while (left := [number for number in processes if is_alive(number)]) and monotonic() < deadline:
        sleep(0.05)
    assert left == []
    process.stop()
    assert not Path(process.endpoint.socket).parent.exists()


def test_a_command_that_is_killed_while_it_labels_leaves_no_server_and_so_no_note_text(tmp_path):
    notes().select(pl.int_range(pl.len()).alias("id"), pl.col("note_text").alias("text")).write_csv(tmp_path / "n.csv")
    mark = new_mark()
    environment = {**os.environ, "PATHWAYS_VAR": str(tmp_path), MARK_OF_PROCESSES: mark}
    command = [sys.executable, "-m", "pathways", "label", "--notes", str(tmp_path / "n.csv"), "--engine", "fixture"]
    run = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    said = []
    for line in run.stderr:
        said.append(line)
        if "label server started" in line:
            break
    before = living(mark)
    run.kill()
    run.wait()
    assert "VLLM::EngineCor" in before.values(), "".join(said)
    assert left_in_the_end(mark, before) == []
