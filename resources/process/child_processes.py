"""Runs other programs so that nothing of them is left when this process ends, however it ends.

Belongs here: starting a program under a guard, and ending children, their children and what those started. Does not
belong here: which programs, signals to this process (ending.py). Standard library only: the guard is this
file, run as a script by a Python without packages.

Between this process and the program stands its guard. It adopts what the program's children leave behind, so that
nothing gets out of its sight. When this process is gone, killed without a word, the guard kills the program and all
that it started; when the guard is killed, the kernel kills the program and this process the rest. A signal of the
kernel alone would not do: it comes when the thread ends that started the program, and reaches no grandchild. Guard and
program have process groups of their own: Ctrl-C reaches this process alone, which ends them in order.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SECONDS_TO_END, SECONDS_TO_END_BY_GUARD = 2.5, 1.5
SECONDS_TO_DIE = 1.0
LOOK_EVERY_SECONDS, LOOK_FOR_PARENT_EVERY_SECONDS = 0.05, 0.5
NO_FOLDER = "-"


class ProgramKilled(Exception):
    """A program was ended by a signal that it could not answer; says so, and what to do."""


def adopt_orphans() -> None:
    """Have the kernel make this process the parent of what its children leave behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def guarded(command: Sequence[str], folder: Path | None = None) -> list[str]:
    """Command line of a guard that runs `command` and ends it with this process, and then removes `folder`.

    Start it in a process group of its own. Its exit code is the program's, 128 + n when signal n ended that. SIGTERM
    has it end the program.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(folder or NO_FOLDER), *command]


def run_child(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, *, read_output: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a program in `folder` to its end. With `read_output`, what it prints on standard output is returned.

    When this process is told to stop meanwhile, all that it started is ended and the exception goes on. Raises
    ProgramKilled when a signal ended it that no program hears of: it could not say so itself.
    """
    guard = subprocess.Popen(
        guarded(command),
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE if read_output else None,
        process_group=0,
    )
    try:
        printed, _ = guard.communicate()
    except BaseException:
        end_descendants()
        raise
    if guard.returncode < 0:  # it was killed, and could not end what the program had started
        end_descendants()
    _require_ended_by_itself(guard.returncode)
    return subprocess.CompletedProcess(command, guard.returncode, printed)


def _require_ended_by_itself(code: int) -> None:
    number = code - 128 if code > 128 else -code
    if number > 0 and number not in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        name = signal.Signals(number).name if number in {*signal.Signals} else f"signal {number}"
        raise ProgramKilled(
            f"A process of this command was ended from outside ({name}), as a system does that runs out of memory. "
            "What was made is kept; run the same command again to go on."
        )


def end_descendants(seconds: float = SECONDS_TO_END) -> None:
    """End every process that this one started, directly or not.

    Its children are asked to end, and end what they started; what is left after `seconds` is killed.
    """
    asked: set[int] = set()
    deadline = time.monotonic() + seconds
    while (alive := descendants()) and time.monotonic() < deadline:
        for process in children() - asked:
            _send(process, signal.SIGTERM)
            asked.add(process)
        time.sleep(LOOK_EVERY_SECONDS)
    deadline = time.monotonic() + SECONDS_TO_DIE
    while alive and time.monotonic() < deadline:
        for process in alive:
            _send(process, signal.SIGKILL)
        time.sleep(LOOK_EVERY_SECONDS)
        alive = descendants()


def children() -> set[int]:
    """Living processes whose parent is this one, those that it adopted among them."""
    return {process for process, parent in _parents().items() if parent == os.getpid()}


def descendants() -> set[int]:
    """Processes started by this one, directly or not, that are still there; those that have ended are reaped."""
    _reap()
    parents = _parents()
    found: set[int] = set()
    new = {os.getpid()}
    while new := {process for process, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def _parents() -> dict[int, int]:
    """Every living process and its parent."""
    found: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
        except (OSError, ValueError):  # it ended meanwhile
            continue
        if state != "Z":
            found[int(place.parent.name)] = int(parent)
    return found


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


class _AskedToEnd(BaseException):
    """A signal asked the guard to end."""


def guard(asking_process: int, folder: str, command: Sequence[str]) -> int:
    """What a guard does: see the top of this file. Returns its exit code."""
    adopt_orphans()
    code, patience = 128 + signal.SIGTERM, SECONDS_TO_END_BY_GUARD
    try:
        _listen()
        ended = _watch(asking_process, command)
        code, patience = (code, 0.0) if ended is None else (ended if ended >= 0 else 128 - ended, patience)
    except _AskedToEnd:
        pass
    end_descendants(patience)
    if folder != NO_FOLDER:
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _watch(asking_process: int, command: Sequence[str]) -> int | None:
    """Run the program until it ends or the asking process does. Returns how it ended, None when it has not."""
    program = subprocess.Popen(command, process_group=0, preexec_fn=partial(end_with_parent, os.getpid()))  # noqa: PLW1509  # a guard has one thread
    while os.getppid() == asking_process:
        try:
            return program.wait(LOOK_FOR_PARENT_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    return None


def _listen() -> None:
    # Handlers, as a program would inherit that a signal is ignored: Dagster's servers are stopped by SIGINT.
    signal.signal(signal.SIGINT, _go_on)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # such as under nohup
            signal.signal(number, _raise_asked)


def _go_on(*_: object) -> None:
    """The handler of a signal that ends nothing."""


def _raise_asked(*_: object) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _go_on)
    raise _AskedToEnd


def end_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when the thread that started it ends, as it does when its parent is killed.

    `parent`: the process that was its parent at the start; where it is gone already, this one ends at once.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent not in (None, os.getppid()):
        os._exit(1)


if __name__ == "__main__":
    sys.exit(guard(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
