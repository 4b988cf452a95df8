"""Finds processes by a mark in their environment, which whatever a command starts inherits.

Belongs here: who carries a mark and lives. Does not belong here: starting and ending.
"""

import os
from itertools import count
from pathlib import Path
from time import monotonic, sleep

MARK = "PATHWAYS_TEST_OF_ENDING"
PATIENCE_SECONDS = 60
_numbers = count()


def new_mark() -> str:
    """A mark that no other process carries; it is the value of the variable MARK."""
    return f"{os.getpid()}-{next(_numbers)}"


def living(mark: str) -> dict[int, str]:
    """Programs that run with `mark` in their environment, by process; what has ended has no environment any more."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}\0".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "comm").read_text(encoding="utf-8").strip()
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


def left_in_the_end(mark: str) -> list[str]:
    """Programs with the mark that do not end by themselves."""
    deadline = monotonic() + PATIENCE_SECONDS
    while living(mark) and monotonic() < deadline:
        sleep(0.05)
    return list(living(mark).values())
