"""A program that is killed cannot say so: whoever started it does, once, with what to do."""

import signal
import sys

import pytest

from resources.process.child_processes import ProgramKilled, run_child
from resources.process.shield import is_our_own

KILLS_ITSELF = "import os; print('half a li', end='', flush=True); os.kill(os.getpid(), 9)"
KILLS_ITS_GUARD = "import os; os.kill(os.getppid(), 9)"


@pytest.mark.parametrize("program", [KILLS_ITSELF, KILLS_ITS_GUARD])
@pytest.mark.parametrize("read_output", [False, True])
def test_a_program_that_was_killed_is_an_error_that_says_what_to_do(program, read_output, tmp_path):
    with pytest.raises(ProgramKilled, match=r"ended from outside \(SIGKILL\).* run the same command again") as told:
        run_child([sys.executable, "-c", program], tmp_path, read_output=read_output)
    assert is_our_own(told.value)  # so that a command prints its words


@pytest.mark.parametrize(
    "code", [1, 128 + signal.SIGTERM]
)  # of a program that failed, and of one that was told to stop
def test_a_program_that_could_say_why_it_ended_has_the_last_word(code, tmp_path):
    assert run_child([sys.executable, "-c", f"raise SystemExit({code})"], tmp_path).returncode == code
