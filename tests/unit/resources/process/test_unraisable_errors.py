"""What Python cannot raise is told of without its message or traceback: they may quote data."""

import subprocess
import sys

import pytest

from resources.process.data_root import REPOSITORY

PROGRAM = """
import weakref
from resources.process.shield import withhold_unraisable
class Signal(BaseException): pass
class Thing: pass
withhold_unraisable()
def gone(_):
    raise {error}("X320741")
thing = Thing()
kept = weakref.ref(thing, gone)
del thing
"""


@pytest.mark.parametrize(
    ("error", "said"), [("ValueError", "ValueError in the background, passed over.\n"), ("Signal", "")]
)
def test_an_error_in_a_callback_of_the_garbage_collector_says_its_type_alone_and_a_signal_nothing(error, said):
    command = [sys.executable, "-c", PROGRAM.format(error=error)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stderr == said
