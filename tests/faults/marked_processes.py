"""Finds what a command has started: by a mark in the environment, which it inherits, and by parentage.

Belongs here: who carries a mark and lives. Does not belong here: starting and ending.

vLLM's engine writes its title over its environment: it is known as the child of a process with the mark, and has to be
looked for before that is killed.
"""

import os
from itertools import count
from pathlib import Path
from time import monotonic, sleep

MARK = "PATHWAYS_TEST_OF_ENDING"
PATIENCE_SECONDS = 300
_numbers = count()


def new_mark() -> str:
    """A mark that no other process carries; it is the value of the variable MARK."""
    return f"{os.getpid()}-{next(_numbers)}"


def living(mark: str) -> dict[int, str]:
    """Programs that run with `mark` in their environment and what those have started, by process."""
    marked, parents, names = set(), {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        number = int(process.name)
        try:
            state, parent = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            names[number] = (process / "comm").read_text(encoding="utf-8").strip()
            if f"{MARK}={mark}\0".encode() in (process / "environ").read_bytes():
                marked.add(number)
        except OSError:  # it ended meanwhile, or is another user's
            continue
        if state != "Z":
            parents[number] = int(parent)
    found: set[int] = set()
    new = marked & parents.keys()
    while new:
        found |= new
        new = {number for number, parent in parents.items() if parent in new} - found
    return {number: names[number] for number in found}


def left_in_the_end(mark: str, before: dict[int, str]) -> list[str]:
    """Programs with the mark, and of those that ran `before`, that do not end by themselves."""
    deadline = monotonic() + PATIENCE_SECONDS
    while (left := living(mark) | {number: name for number, name in before.items() if is_alive(number)}) and (
        monotonic() < deadline
    ):
        sleep(0.05)
    return list(left.values())


def is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
