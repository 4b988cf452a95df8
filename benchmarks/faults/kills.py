"""kill -9 at random moments over a refresh of all zones, each time run again.

The moments are drawn over the undisturbed run. One that fell between two of its tables comes between the same two
tables here, so the kills lie all over the refresh on a machine of any speed, and however often it starts again.
Killed is the command, or one process behind it, by chance.
"""

import os
import random
import signal
from collections import Counter
from time import sleep

from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import QuarterFolder, Refresh
from tests.faults.marked_processes import left_in_the_end

SECONDS_TO_START = 8.0  # of a refresh, until its first zone computes


def kills(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random, began: float, count: int) -> Outcome:
    """Kill a refresh of `folder` `count` times; `began`: when that of `undisturbed` did."""
    written = undisturbed.moments_of_tables()
    moments = sorted(draw.uniform(began, written[-1]) for _ in range(count))
    killed: Counter[str] = Counter()
    outcome, run = Outcome(), None
    for moment in moments:
        before = [time for time in written if time <= moment]
        run = _reach(folder, run, len(before), outcome)
        if run is None:
            break
        late = moment - (before[-1] if before else began)
        sleep(min(late, SECONDS_TO_START) if run.is_new else late)
        killed[_kill_one(run.refresh, draw)] += 1
        if not run.refresh.goes_on:
            outcome.note(ended_well(run.refresh))
    if run and run.refresh.goes_on:
        run.refresh.wait()
        outcome.note(ended_well(run.refresh))
    outcome.facts |= {"kills": killed.total(), "killed": dict(killed)}
    return outcome


class _Life:
    """One run of the refresh; `is_new`: its folder had all the tables of the moment when it started."""

    def __init__(self, refresh: Refresh, is_new: bool):
        self.refresh, self.is_new = refresh, is_new


def _reach(folder: QuarterFolder, life: _Life | None, tables: int, outcome: Outcome) -> _Life | None:
    """A run of the folder once so many tables are there; None when all is made."""
    while True:
        if life is None or not life.refresh.goes_on:
            if life is not None and life.refresh.wait() == 0:
                return None
            life = _Life(folder.run("killed"), len(folder.tables()) >= tables)
        while len(folder.tables()) < tables and life.refresh.goes_on:
            sleep(0.05)
        if life.refresh.goes_on:
            return life
        outcome.note(ended_well(life.refresh))


def _kill_one(run: Refresh, draw: random.Random) -> str:
    """Kill the command, or a process behind it; which of the two. What was behind a killed command ends by itself."""
    behind = run.behind()
    others = sorted(number for number in behind if number != run.process.pid)
    victim = draw.choice(others) if others and draw.random() < 0.5 else run.process.pid
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return "nothing, as it had ended"
    if victim != run.process.pid:
        return "a process behind it"
    run.wait()
    assert (left := left_in_the_end(run.mark, behind)) == [], left
    return "the command"
