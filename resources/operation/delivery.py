"""Which extracts of a quarter are there, and which are late. Files are looked for, and not opened.

Belongs here: delivery. Does not belong here: what is in an extract (resources/extracts), and starting anything
(starts.py).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from resources.deletion.deleted_quarters import deleted
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import last_touched
from resources.settings.operation_settings import Operation
from resources.zone.partitions import QUARTER_NAMES, quarter_before, quarter_end

CLOCKS_DIFFER_SECONDS = 60  # of two machines that share a folder


def quarters_begun(root: Path) -> list[str]:
    """Quarters with a folder of extracts, in order."""
    return [quarter for quarter in QUARTER_NAMES if (root / "extracts" / quarter).is_dir()]


def quarters_expected(begun: Sequence[str], today: date) -> list[str]:
    """Quarters `begun`, and the one that ended last, of which nothing may have come yet."""
    return sorted({*begun, quarter_before(today)} & set(QUARTER_NAMES))


def not_there(root: Path, quarter: str, extracts: Sequence[Extract], besides: bool) -> list[str]:
    """Extracts of a quarter that are not there, such as "ndelius/offender"; `besides`: also what may be absent."""
    wanted = [each for each in extracts if besides or not each.absent_means]
    names = [f"{each.system}/{each.name}" for each in wanted]
    return sorted(name for name in names if extract_file(root, quarter, name) is None)


def not_delivered(
    root: Path, quarter: str, extracts: Sequence[Extract], operation: Operation, today: date, now: float
) -> str:
    """Why a quarter cannot start yet, at `now` (seconds since 1970); empty when it can.

    An extract that may be absent is waited for until all are due: one that came a day later would be another release.
    """
    wait = today <= day_after(quarter, operation.extracts_due_days)
    if absent := not_there(root, quarter, extracts, besides=wait):
        return f"{quarter} waits for {len(absent)} of its {len(extracts)} extracts: {', '.join(absent)}."
    files = [extract_file(root, quarter, f"{each.system}/{each.name}") for each in extracts]
    untouched = [now - last_touched(path) for path in files if path]
    if any(seconds < -CLOCKS_DIFFER_SECONDS for seconds in untouched):
        return (
            f"Extracts of {quarter} were written after now: the clock of this machine was set back. Correct it. Until "
            "then the quarter waits."
        )
    if any(seconds < operation.minutes_untouched * 60 for seconds in untouched):
        return (
            f"Extracts of {quarter} were written in the last {operation.minutes_untouched:g} minutes and may not be "
            "whole yet."
        )
    return ""


def late_extracts(
    root: Path, extracts: Sequence[Extract], operation: Operation, today: date, once_begun: bool = False
) -> list[str]:
    """A sentence for each quarter whose extracts are late: how many, since when, and which.

    `once_begun`: nothing is late before a first quarter has a folder, as of sources that not everybody has.
    """
    begun = quarters_begun(root)
    said: list[str] = []
    if once_begun and not begun:
        return said
    for quarter in quarters_expected(begun, today):
        due = day_after(quarter, operation.extracts_due_days)
        if today > due and not deleted(root, quarter) and (absent := not_there(root, quarter, extracts, besides=False)):
            which = f"{', '.join(absent)} ({len(absent)} of {len(extracts)} extracts)"
            said.append(f"{quarter}: late since {in_words(due)}: {which}.")
    return said


def day_after(quarter: str, days: int) -> date:
    """The day so many days after the end of a quarter."""
    return quarter_end(quarter) + timedelta(days=days)


def in_words(day: date) -> str:
    """A day such as 20 April 2023."""
    return f"{day.day} {day:%B %Y}"
