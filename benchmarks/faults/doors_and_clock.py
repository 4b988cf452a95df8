"""Two refreshes from two doors at once, and a clock that is set back."""

import random
import shutil
import sys

from benchmarks.faults.outcome import SAID_WHY, Outcome, ended_well
from benchmarks.faults.quarter_folder import QUARTER, REFRESH, QuarterFolder

DAGSTER = (
    *(sys.executable, "-m", "dagster", "job", "execute", "-m", "linkage_assets.definitions", "-j", "linkage_zone"),
    *("--tags", f'{{"dagster/partition": "{QUARTER}"}}'),
)


def two_doors(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """In the middle of a refresh, the same is asked for again, by the command and by a job of Dagster."""
    outcome = Outcome()
    first = folder.run("first_door")
    made = folder.reach(first, undisturbed.number_between(draw))
    outcome.disturbed_at(first.goes_on, made, len(undisturbed.tables()))
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


def clock_set_back(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """The clock goes back by a day in the middle of a refresh: all that was sent and made is from tomorrow.

    The clock is that of every process of the refresh (libfaketime, Debian's package faketime); files keep their dates.
    """
    outcome, faketime = Outcome(), shutil.which("faketime")
    if not faketime:
        outcome.facts["left_out"] = "faketime is not here: make other-clock"
        outcome.note(ended_well(folder.run("undisturbed")))
        return outcome
    before = folder.run("until_the_clock_goes_back")
    made = folder.reach(before, undisturbed.number_between(draw))
    outcome.disturbed_at(before.goes_on, made, len(undisturbed.tables()))
    before.process.kill()
    outcome.note(ended_well(before))
    behind = folder.run("a_day_earlier", (faketime, "-f", "-1d", *REFRESH), NO_FAKE_STAT="1")
    outcome.note(ended_well(behind))
    again = folder.run("the_right_time_again")
    outcome.note(ended_well(again))
    outcome.facts |= {"ended_a_day_earlier": behind.wait() == 0, "ended": again.wait() == 0}
    if behind.wait() != 0 or again.wait() != 0:
        outcome.wrong.append("a refresh did not end")
    return outcome
