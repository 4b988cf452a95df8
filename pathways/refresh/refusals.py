"""What blocking checks refuse, in words for the console: measure, value, band, what to do, and how to accept it.

Belongs here: the words. Does not belong here: judging (resources/zone/gates.py), and writing a decision (accept.py).
"""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from resources.receipts.receipts import CheckRecord
from resources.zone.gates import Measure

NOT_ACCEPTABLE = "This cannot be accepted: mend its cause and run the same command again."


def refusal_lines(refusals: Iterable[tuple[str, str, CheckRecord]], quarter: str) -> Iterator[str]:
    """Lines that say what checks refuse in a quarter, given table, check and record; last how to go on against it."""
    for table, check, record in refusals:
        yield from lines_of(table, check, record, quarter)


def refused(root: Path, quarter: str) -> list[tuple[str, str, CheckRecord]]:
    """Table, check and record of all that the last run of a quarter left refused, in all zones under `root`."""
    from pathways.refresh.receipts_of_run import receipts_of
    from pathways.refresh.zone_order import JUSTICE_ZONE, ZONE_NAMES

    return [
        (receipt.table, check, record)
        for _, receipt in receipts_of(root, quarter, (*ZONE_NAMES, JUSTICE_ZONE))
        for check, record in receipt.checks.items()
        if record and not record.passed
    ]


def lines_of(table: str, check: str, record: CheckRecord, quarter: str) -> list[str]:
    """Lines about one check that refuses."""
    measures = [Measure(**entry) for entry in record.refused]
    said = [f"  {measure.in_words()}\n    what to do: {measure.what_to_do}" for measure in measures]
    lines = [f"{check} refuses table {table} of {quarter}.", *(said or [f"  {record.message}"])]
    if not record.acceptable:
        return [*lines, f"  {NOT_ACCEPTABLE}"]
    lines.append("  To go on all the same, somebody who may decide it records so, for this quarter and value only:")
    return [*lines, *(f"    {accept_command(quarter, check, measure.name)}" for measure in measures)]


def accept_command(quarter: str, check: str, measure: str) -> str:
    """The command that accepts a measure."""
    return (
        f"pathways accept --quarter {quarter} --check {check} --measure {shlex.quote(measure)} "
        '--by "NAME" --reason "WHY"'
    )
