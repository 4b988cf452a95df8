"""Runs other programs so that nothing of them is left when this process ends, however it ends.

Belongs here: starting a child, and ending children, their children and what those started. Does not belong here: which
programs, signals to this process (pathways/ending.py).

A child has a process group of its own: Ctrl-C reaches this process alone, which ends the child in order. The kernel
kills the child when this process is killed. Orphans of a child become children of this process, which finds them so.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SECONDS_TO_END = 2.5
LOOK_EVERY_SECONDS = 0.05


def adopt_orphans() -> None:
    """Have the kernel make this process the parent of what its children leave behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def run_child(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, *, read_output: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a program in `folder` to its end. With `read_output`, what it prints on standard output is returned.

    When this process is told to stop meanwhile, all that it started is ended and the exception goes on.
    """
    child = subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE if read_output else None,
        process_group=0, preexec_fn=end_with_parent,
    )  # fmt: skip
    try:
        printed, _ = child.communicate()
    except BaseException:
        end_descendants()
        raise
    return subprocess.CompletedProcess(command, child.returncode, printed)


def end_descendants(seconds: float = SECONDS_TO_END) -> None:
    """End every process that this one started, directly or not: asked first, killed after `seconds`."""
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 1.0)):
        deadline = time.monotonic() + patience
        asked: set[int] = set()
        while (alive := descendants()) and time.monotonic() < deadline:
            for process in alive - asked:
                _send(process, number)
            asked |= alive
            time.sleep(LOOK_EVERY_SECONDS)
        if not alive:
            return


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
    found = {}
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


def end_with_parent() -> None:
    """Have the kernel end this process when its parent is killed: nothing must go on alone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
