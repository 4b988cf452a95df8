"""The guard ends its child with the process that asked for it. The child is `sleep`, not a server."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GUARD = Path(__file__).resolve().parents[3] / "resources" / "vllm_guard.py"
ASK = (
    "import os, subprocess, sys, time\n"
    "command = ['sh', '-c', 'sleep 300 & echo $$; wait']\n"
    "guard = subprocess.Popen([sys.executable, sys.argv[1], str(os.getpid()), *command])\n"
    "print(guard.pid, flush=True)\n"
    "time.sleep(300)\n"
)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def is_gone_soon(pid):
    deadline = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not is_alive(pid)


def group_of(pid):
    return [
        int(folder.name) for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and is_alive(folder.name) and os.getpgid(int(folder.name)) == pid
    ]


def asked():
    asking = subprocess.Popen([sys.executable, "-c", ASK, str(GUARD)], stdout=subprocess.PIPE, text=True)
    numbers = [int(asking.stdout.readline()) for _ in range(2)]
    guard = next(number for number in numbers if os.getpgid(number) == os.getpgid(asking.pid))
    child = next(number for number in numbers if number != guard)
    return asking, guard, child


def test_a_killed_process_takes_its_server_and_all_it_started_with_it():
    asking, guard, child = asked()
    assert len(group_of(child)) == 2
    asking.kill()
    asking.wait()
    assert is_gone_soon(child) and is_gone_soon(guard)
    assert group_of(child) == []


def test_a_stopped_guard_ends_its_server():
    asking, guard, child = asked()
    os.kill(guard, signal.SIGTERM)
    assert is_gone_soon(child)
    asking.kill()
    asking.wait()


def test_a_killed_guard_ends_its_server():
    asking, guard, child = asked()
    os.kill(guard, signal.SIGKILL)
    assert is_gone_soon(child)
    asking.kill()
    asking.wait()
