"""What a disturbed run came to. Belongs here: facts, messages, what counts as ending well. Not faults themselves."""

from collections import Counter
from dataclasses import dataclass, field
from signal import SIGKILL

from benchmarks.faults.quarter_folder import Refresh

KILLED, FINISHED, SAID_WHY = "killed", "finished", "said why"


@dataclass
class Outcome:
    """`facts` are printed; `ends` counts how its commands ended; `wrong` is what should not have been.

    `content`: what was made, where that is gone by now.
    """

    facts: dict[str, object] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    content: dict[str, str] = field(default_factory=dict)

    def note(self, end: tuple[str, str]) -> None:
        """Count an end, which may be wrong."""
        how, why_wrong = end
        self.ends[how] += 1
        if why_wrong:
            self.wrong.append(why_wrong)

    def disturbed_at(self, goes_on: bool, made: int, of: int) -> None:
        """Note after how many tables a run is disturbed; wrong where it does not go on, or none or all are there."""
        self.facts |= {"tables_before": made, "tables": of}
        if not (goes_on and 0 < made < of):
            self.wrong.append(f"it was not disturbed in the middle: {made} of {of} tables were there")


def ended_well(run: Refresh) -> tuple[str, str]:
    """How a command ended, and what was wrong with it: an error without a word, or with a traceback."""
    code, said = run.wait(), run.said()
    if "Traceback (most recent call last)" in said:
        return "traceback", f"a traceback in {run.log}"
    if code == -SIGKILL:
        return KILLED, ""
    if code == 0:
        return FINISHED, ""
    return (SAID_WHY, "") if run.last_words().strip() else ("silent", f"exit code {code} without a word: {run.log}")
