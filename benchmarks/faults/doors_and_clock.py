"""Two refreshes from two doors at once, and a clock that is set back."""

import os
import random
import shutil
import sys
from time import sleep, time

from benchmarks.faults.outcome import SAID_WHY, Outcome, ended_well
from benchmarks.faults.quarter_folder import GIVEN, QUARTER, REFRESH, QuarterFolder

DAY = 86_400
DAGSTER = (
    *(sys.executable, "-m", "dagster", "job", "execute", "-m", "linkage_assets.definitions", "-j", "linkage_zone"),
    *("--tags", f'{{"dagster/partition": "{QUARTER}"}}'),
)


def two_doors(_: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """While a refresh runs, the same is asked for again, by the command and by a job of Dagster."""
    outcome = Outcome()
    first = folder.run("first_door")
    while not folder.tables() and first.goes_on:
        sleep(0.05)
    sleep(draw.uniform(0, 3))
    home = str(folder.root / "dagster")
    others = [folder.run("command"), folder.run("dagster", DAGSTER, DAGSTER_HOME=home)]
    ends = [ended_well(run) for run in others]
    outcome.note(ended_well(first))
    if first.wait() != 0:
        outcome.note(ended_well(folder.run("again")))
    # Dagster's own command prints a run that failed with its traceback; what counts is that it says why, and its words
    outcome.facts |= {"command": ends[0][0], "dagster": ends[1][0]}
    outcome.facts["refused_with"] = [run.last_words()[:200] for run in others]
    if ends[0][0] != SAID_WHY:
        outcome.wrong.append("a second refresh by the command was not refused")
    return outcome


def clock_set_back(_: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """The clock goes back by a day in the middle of a refresh: all that was sent and made is from tomorrow.

    With libfaketime (Debian's package faketime) the clock is another for every process; without it, the files are from
    tomorrow instead, which is the same to whatever compares the two.
    """
    outcome, faketime = Outcome(), shutil.which("faketime")
    outcome.facts["how"] = "faketime" if faketime else "files from tomorrow"
    before = folder.run("until_the_clock_goes_back")
    tables = draw.randrange(20, 60)
    while len(folder.tables()) < tables and before.goes_on:
        sleep(0.05)
    before.process.kill()
    outcome.note(ended_well(before))
    if faketime:
        run = folder.run("a_day_earlier", (faketime, "-f", "-1d", *REFRESH))
    else:
        for path in folder.root.rglob("*"):
            os.utime(path, (time() + DAY, time() + DAY), follow_symlinks=False)
        run = folder.run("a_day_earlier")
    outcome.note(ended_well(run))
    if run.wait() != 0:
        outcome.wrong.append(f"the refresh did not end: {run.log}")
    for path in (path for part in GIVEN for path in (folder.root / part).rglob("*")):
        os.utime(path, (time() - DAY, time() - DAY))
    again = folder.run("the_right_time_again")
    outcome.note(ended_well(again))
    outcome.facts["ended"] = again.wait() == 0
    return outcome
