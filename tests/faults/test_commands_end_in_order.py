"""A command that is stopped, or whose disk, folder or port refuses: one message, the exit code, nothing left running.

The refreshes share a folder, so that each goes on where the one before it was stopped.
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
from time import sleep

import pytest

from tests.faults.marked_processes import MARK, left_in_the_end, living, new_mark

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT_BYTES = 40_000
WITH_GRANDCHILDREN = 5  # the command, its guard, Dagster, and processes that Dagster started
STOPPED = "What was finished is kept: run the same command again to go on."


@dataclass
class Ended:
    """How a command ended: exit code, what it said after the signal, processes left."""

    code: int
    said: str
    left: list[str]


def start(var: Path, *arguments: str, before: Callable[[], None] | None = None) -> tuple[subprocess.Popen[str], str]:
    """A command in a session of its own, standard error among its output, and its mark."""
    mark = new_mark()
    command = subprocess.Popen(
        [sys.executable, "-m", "pathways", *arguments],
        cwd=REPOSITORY,
        text=True,
        start_new_session=True,
        env={**os.environ, "PATHWAYS_VAR": str(var), MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=before,  # noqa: PLW1509  # no thread runs here
    )
    return command, mark


def started(var: Path, *arguments: str, at: str) -> tuple[subprocess.Popen[str], str]:
    """Start a command and wait until it has printed `at`, with other processes behind it; the command and its mark."""
    command, mark = start(var, *arguments)
    assert command.stdout is not None
    seen = []
    for line in command.stdout:
        seen.append(line)
        if at in line:
            break
    assert seen and at in seen[-1], "".join(seen)
    assert len(living(mark)) > 1, "the command runs alone: there is nothing that could be left"
    return command, mark


def stopped(var: Path, *arguments: str, at: str, number: signal.Signals, whole_group: bool) -> Ended:
    """Start a command, send a signal when it has printed `at`, and wait for its end."""
    command, mark = started(var, *arguments, at=at)
    assert command.stdout is not None
    (os.killpg if whole_group else os.kill)(command.pid, number)
    code = command.wait(300)
    left = list(living(mark).values())
    return Ended(code, command.stdout.read(), left)


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
    assert (command.returncode, living(mark)) == (1, {})
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
    at = "Dagster is starting"
    ended = stopped(tmp_path, "ui", "--port", "0", at=at, number=signal.SIGTERM, whole_group=False)
    assert (ended.code, ended.left) == (128 + signal.SIGTERM, [])
    assert ended.said.count("Stopped by SIGTERM") == 1 and "Traceback" not in ended.said


def test_the_user_interface_leaves_nothing_running_when_it_is_killed(tmp_path):
    command, mark = started(tmp_path, "ui", "--port", "0", at="Dagster is starting")
    while len(living(mark)) < WITH_GRANDCHILDREN and command.poll() is None:
        sleep(0.05)
    before = living(mark)
    command.kill()
    command.wait()
    assert left_in_the_end(mark, before) == []
