"""Nothing of a program is left when the process that started it ends, however that, its guard or the program ends.

Processes are found by a mark in their environment, which whatever they start inherits.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
MARK = "PATHWAYS_TEST_OF_CHILDREN"
PATIENCE_SECONDS = 300
ASK = """
import sys
from pathlib import Path
from resources.process.child_processes import ProgramKilled, adopt_orphans, run_child
adopt_orphans()
try:
    print(run_child(sys.argv[1:], Path("/")).returncode, flush=True)
except ProgramKilled:
    print("killed", flush=True)
"""
# Starts one child, and another in a session of its own whose parent is gone at once; then says so.
FAMILY = """
import subprocess, sys, time
subprocess.Popen(["sleep", "3600"])
subprocess.run(["sh", "-c", "setsid sleep 3600 >/dev/null 2>&1 &"])
print("started", flush=True)
time.sleep(3600)
"""
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN){FAMILY}"


@pytest.fixture
def mark():
    return f"{os.getpid()}-{time.monotonic()}"


def living(mark: str) -> dict[int, str]:
    """Processes with the mark and their command lines; those that have ended and wait for their parent are none."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


def nothing_is_left(mark: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while living(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not living(mark)


def ask(mark: str, code: str, *command: str) -> subprocess.Popen[str]:
    """A process that runs Python code, by default code that runs a command as a child."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *command],
        env={**os.environ, MARK: mark, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )


def family(mark: str, program: str = FAMILY) -> tuple[subprocess.Popen[str], int, int]:
    """The asking process, its guard and the program, after that has started its children."""
    asking = ask(mark, ASK, sys.executable, "-c", program)
    assert asking.stdout is not None and asking.stdout.readline() == "started\n"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while list((processes := living(mark)).values()).count("sleep 3600 ") < 2:
        assert time.monotonic() < deadline, processes
        time.sleep(0.05)
    (guard,) = (process for process, line in processes.items() if "child_processes.py" in line)
    (child,) = (process for process, line in processes.items() if "setsid" in line and parent_of(process) == guard)
    return asking, guard, child


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


@pytest.mark.parametrize("program", [FAMILY, STUBBORN])
def test_a_killed_process_takes_its_program_and_all_that_it_started_with_it(mark, program):
    asking, _, _ = family(mark, program)
    asking.kill()
    asking.wait()
    assert nothing_is_left(mark)


@pytest.mark.parametrize("program", [FAMILY, STUBBORN])
def test_a_guard_that_is_told_to_end_ends_the_program_and_all_that_it_started(mark, program):
    asking, guard, _ = family(mark, program)
    os.kill(guard, signal.SIGTERM)
    printed, _ = asking.communicate()
    assert (asking.returncode, printed) == (0, f"{128 + signal.SIGTERM}\n")
    assert living(mark) == {}


def test_when_the_guard_is_killed_the_process_behind_it_ends_the_rest(mark):
    asking, guard, _ = family(mark)
    os.kill(guard, signal.SIGKILL)
    printed, _ = asking.communicate()
    assert (asking.returncode, printed) == (0, "killed\n")
    assert living(mark) == {}


def test_what_a_killed_program_leaves_behind_is_ended_and_the_exit_code_says_which_signal_it_was(mark):
    asking, _, child = family(mark)
    os.kill(child, signal.SIGKILL)
    printed, _ = asking.communicate()
    assert (asking.returncode, printed) == (0, "killed\n")
    assert living(mark) == {}


def test_the_exit_code_is_the_programs(mark):
    printed, _ = ask(mark, ASK, "sh", "-c", "exit 7").communicate()
    assert printed == "7\n"


def test_a_program_goes_on_when_the_thread_that_started_it_has_ended(mark):
    code = """
import subprocess, threading
from resources.process.child_processes import guarded
programs, pipes = [], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
def start():
    command = guarded(["sh", "-c", "echo started; read line; echo $line"])
    programs.append(subprocess.Popen(command, **pipes, text=True, process_group=0))
    programs[0].stdout.readline()
thread = threading.Thread(target=start)
thread.start()
thread.join()
print(programs[0].communicate("still here")[0].strip(), flush=True)
"""
    printed, _ = ask(mark, code).communicate()
    assert printed == "still here\n"


def test_ctrl_c_still_means_something_to_the_program(mark):
    says = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    printed, _ = ask(mark, ASK, sys.executable, "-c", says).communicate()
    assert printed == "True\n0\n"


@pytest.mark.parametrize("how", ["the program ends", "the asking process is killed"])
def test_the_folder_of_a_program_is_removed_with_it(mark, tmp_path, how):
    folder = tmp_path / "private"
    folder.mkdir()
    (folder / "socket").touch()
    command = "exit 0" if how == "the program ends" else "echo started; sleep 3600"
    code = f"""
import subprocess
from pathlib import Path
from resources.process.child_processes import guarded
command = guarded(["sh", "-c", {command!r}], Path({str(folder)!r}))
subprocess.run(command, process_group=0)
"""
    asking = ask(mark, code)
    if how != "the program ends":
        assert asking.stdout is not None and asking.stdout.readline() == "started\n"
        assert folder.exists()
        asking.kill()
    asking.wait()
    assert nothing_is_left(mark)
    assert not folder.exists()
