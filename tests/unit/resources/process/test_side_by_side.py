"""Work that is divided is computed on every core, says the same as in one process, and leaves no process behind."""

import os

from resources.process.child_processes import descendants
from resources.process.side_by_side import in_parts, on_every_core


def divided() -> list[tuple[int, int]]:
    return in_parts(_square, ((number,) for number in range(6)))


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_divided_work_says_the_same_in_many_processes_and_none_is_left():
    alone = divided()
    with on_every_core():
        together = divided()
    assert [square for square, _ in together] == [square for square, _ in alone] == [0, 1, 4, 9, 16, 25]
    assert {process for _, process in alone} == {os.getpid()}
    others = {process for _, process in together} - {os.getpid()}
    assert bool(others) == (len(os.sched_getaffinity(0)) > 1)
    assert not others & descendants()


def test_an_error_in_divided_work_leaves_no_process_either():
    before = descendants()
    try:
        with on_every_core():
            in_parts(int, (("1",), ("x",)))
    except ValueError:
        pass
    assert descendants() <= before
