"""A machine that is lost in the middle of a refresh, whose tables lie in a bucket: another machine goes on.

The bucket is moto's, on this machine. The other machine has the extracts and the secrets, and no table.
"""

import random

from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import REFRESH, QuarterFolder
from resources.store.kept_files import STORE
from tests.bucket_here import ADDRESS, bucket_here
from tests.faults.marked_processes import left_in_the_end


def machine_lost(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """Kill a refresh with all behind it once some tables are there, and go on in another folder with the bucket."""
    outcome = Outcome()
    with bucket_here() as given:
        given |= {STORE: ADDRESS}
        first = folder.run("machine_that_is_lost", REFRESH, **given)
        made = folder.reach(first, undisturbed.number_between(draw))
        outcome.disturbed_at(first.goes_on, made, len(undisturbed.tables()))
        behind = first.behind()
        first.process.kill()
        outcome.note(ended_well(first))
        assert (left := left_in_the_end(first.mark, behind)) == [], left
        other = folder.with_same_extracts(folder.root.with_name("machine_that_goes_on"), folder.logs / "other")
        run = other.run("goes_on", REFRESH, **given)
        outcome.note(ended_well(run))
        again = other.run("nothing_to_make", REFRESH, **given)
        outcome.note(ended_well(again))
    outcome.facts |= {
        "went_on": run.wait() == 0,
        "again": again.said().count(": 0 tables to make"),
    }
    outcome.content = other.content()
    if run.wait() != 0 or again.wait() != 0:
        outcome.wrong.append("the other machine did not end")
    return outcome
