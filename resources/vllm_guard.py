"""Runs a server as a child and ends it, with all it started, when whoever asked for it is gone.

    python vllm_guard.py <pid of the asking process> <command> <argument>...

Belongs here: the life and death of one child process. Does not belong here: what the child is. Standard library only.
A server that outlives a killed run would hold memory and note text: so the guard looks at its parent twice a second,
and the kernel ends the server if the guard itself is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
SECONDS_TO_STOP = 5.0


def main(asking_process: int, command: list[str]) -> int:
    """Run `command` until it ends, the asking process ends, or SIGTERM. Returns the command's exit status."""
    stop_asked = []
    signal.signal(signal.SIGTERM, lambda *_: stop_asked.append(True))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    libc = ctypes.CDLL(None, use_errno=True)
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
    )
    while server.poll() is None and not stop_asked and os.getppid() == asking_process:
        time.sleep(0.5)
    _end_group(server)
    return server.wait()


def _end_group(server: subprocess.Popen) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline and _group_alive(server):
            time.sleep(0.1)


def _group_alive(server: subprocess.Popen) -> bool:
    server.poll()
    try:
        os.killpg(server.pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
