"""How a command ends that does not end by itself: stopped by a signal, or by an error that nobody expected.

Belongs here: one message that says what to do, the exit code, and that nothing is left running. Does not belong here:
errors that a command expects, starting and ending other programs (resources/process/child_processes.py).

A signal becomes an exception where Python next has control. Where a library keeps control, a thread ends the process
after a while, so that it always ends within five seconds.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from time import sleep
from typing import NoReturn

from resources.process.child_processes import adopt_orphans, end_descendants
from resources.process.shield import is_fault, is_our_own, withhold_details, withhold_unraisable
from resources.process.storage_faults import GO_ON, storage_fault

SIGNALS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "SIGHUP (the terminal was closed)"}
SECONDS_TO_UNWIND = 1.0


class Stopped(BaseException):
    """A signal asked this process to stop. No Exception, so that only the end of a command handles it."""

    def __init__(self, number: int):
        super().__init__(f"signal {number}")
        self.number = number


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Around a whole command: signals and errors end it with one message and nothing left running."""
    adopt_orphans()
    _listen_once()
    try:
        yield
    except Stopped as stopped:
        _end(stopped.number)
    except BaseException as error:
        if not is_fault(error):
            raise
        end_descendants()
        _say(said_of(error))
        raise SystemExit(1) from None


def said_of(error: BaseException) -> str:
    """An error as a user is told it: what the storage refused, our own message, or no more than its type and place."""
    return storage_fault(error) or str(error if is_our_own(error) else withhold_details(error))


@cache
def _listen_once() -> None:
    """Have signals raise Stopped, and a thread that hears of them even while a library keeps control."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # such as under nohup
            signal.signal(number, _raise_stopped)
    withhold_unraisable()
    threading.Thread(target=_end_in_time, args=(heard,), daemon=True).start()


def _raise_stopped(number: int, _frame: object) -> NoReturn:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


def _end_in_time(heard: int) -> None:
    while byte := os.read(heard, 1):
        if byte[0] in map(int, SIGNALS):
            _say_stopped(byte[0])
            sleep(SECONDS_TO_UNWIND)
            _end(byte[0])


_to_be_said = threading.Lock()


def _say_stopped(number: int) -> None:
    if _to_be_said.acquire(blocking=False):  # once, whoever hears of the signal first
        _say(f"Stopped by {SIGNALS[signal.Signals(number)]}. {GO_ON}")


def _end(number: int) -> NoReturn:
    """End what was started, and end at once: exit handlers could wait for what is no longer there."""
    _say_stopped(number)
    end_descendants()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(128 + number)


def _say(message: str) -> None:
    with suppress(OSError, ValueError):  # whoever read it is gone
        print(message, file=sys.stderr, flush=True)
