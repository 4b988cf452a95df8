"""A command that is stopped, or whose disk, folder or port refuses: one message, the exit code, nothing left running.

Processes are found by a mark in their environment, which whatever a command starts inherits. The refreshes share a
folder, so that each goes on where the one before it was stopped.
"""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MARK = "PATHWAYS_TEST_OF_ENDING"
LIMIT_BYTES = 40_000
STOPPED = "What was finished is kept: run the same command again to go on."


@dataclass
class Ended:
    """How a command ended: exit code, what it said after the signal, seconds that took, processes left."""

    code: int
    said: str
    seconds: float
    left: list[str]


def living(mark: str) -> list[str]:
    """Programs that run with `mark` in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "comm").read_text(encoding="utf-8").strip())
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


def start(var: Path, *arguments: str, before: Callable[[], None] | None = None) -> tuple[subprocess.Popen[str], str]:
    """A command in a session of its own, standard error among its output, and its mark."""
    mark = f"{os.getpid()}-{monotonic()}"
    command = subprocess.Popen(
        [sys.executable, "-m", "pathways", *arguments], cwd=REPOSITORY, text=True, start_new_session=True,
        env={**os.environ, "PATHWAYS_VAR": str(var), MARK: mark}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=before,
    )  # fmt: skip
    return command, mark


def stopped(var: Path, *arguments: str, at: str, number: signal.Signals, whole_group: bool) -> Ended:
    """Start a command, send a signal when it has printed `at`, and wait for its end."""
    command, mark = start(var, *arguments)
    assert command.stdout is not None
    seen = []
    for line in command.stdout:
        seen.append(line)
        if at in line:
            break
    assert seen and at in seen[-1], "".join(seen)
    assert len(living(mark)) > 1, "the command runs alone: there is nothing that could be left"
    sent = monotonic()
    (os.killpg if whole_group else os.kill)(command.pid, number)
    code = command.wait(60)
    seconds, left = monotonic() - sent, living(mark)
    return Ended(code, command.stdout.read(), seconds, left)


@pytest.fixture(scope="module")
def var(small_extracts, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ended")
    shutil.copytree(small_extracts / "extracts", folder / "extracts")
    return folder


@pytest.fixture(scope="module")
def by_sigterm(var) -> Ended:
    return stopped(var, "refresh", at=" MB", number=signal.SIGTERM, whole_group=False)


def test_a_refresh_told_to_end_says_so_and_leaves_nothing_running(by_sigterm):
    assert (by_sigterm.code, by_sigterm.left) == (128 + signal.SIGTERM, [])
    assert by_sigterm.said.count("Stopped by SIGTERM") == 1 and STOPPED in by_sigterm.said
    assert "Traceback" not in by_sigterm.said and "Interrupted" not in by_sigterm.said


def test_ctrl_c_stops_the_zone_with_the_refresh_and_the_next_run_goes_on(by_sigterm, var):
    receipts = (var / "linkage" / "2023Q1").glob("*.json")
    kept = {table: table.stat().st_mtime_ns for table in (file.with_suffix(".parquet") for file in receipts)}
    ended = stopped(var, "refresh", at=" MB", number=signal.SIGINT, whole_group=True)
    assert (ended.code, ended.left) == (128 + signal.SIGINT, [])
    assert ended.said.count("Stopped by Ctrl-C") == 1 and "Traceback" not in ended.said
    assert kept and {table: table.stat().st_mtime_ns for table in kept} == kept


def test_a_full_disk_in_the_middle_of_a_zone_is_one_message_and_frees_the_lock(by_sigterm, var, run_pathways):
    command, mark = start(
        var, "refresh", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))
    )
    said, _ = command.communicate()
    assert (command.returncode, living(mark)) == (1, [])
    assert re.search("Nothing more can be written|The disk cannot be read or written", said), said
    assert "Traceback" not in said and "Another refresh is running" not in said


@pytest.mark.parametrize("command", ["refresh", "extracts", "train-linkage"])
def test_a_place_that_cannot_be_written_is_named_with_what_to_do(command, run_pathways, tmp_path):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    more = ("--name", "spring") if command == "train-linkage" else ()
    done = run_pathways(command, *more, var=tmp_path / "a file" / "var")
    assert done.returncode == 1
    assert done.stderr.startswith("A folder is needed at ") and "PATHWAYS_VAR" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_port_that_is_taken_is_said_before_dagster_starts(run_pathways, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run_pathways("ui", "--port", str(other.getsockname()[1]), var=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "The port is taken by another program. Stop that, or give another with --port.\n"


def test_the_user_interface_leaves_nothing_running(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    ended = stopped(tmp_path, "ui", "--port", port, at="Dagster is starting", number=signal.SIGTERM, whole_group=False)
    assert (ended.code, ended.left) == (128 + signal.SIGTERM, [])
    assert ended.said.count("Stopped by SIGTERM") == 1 and "Traceback" not in ended.said
