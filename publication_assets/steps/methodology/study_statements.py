"""Reads what the published study says line by line, and whether this code does it.

Belongs here: the list study_to_code.csv beside this file, and what of it departs from the study. Does not belong here:
docs/quality/study-to-code.md (pathways/documents/study_to_code.py), how the methodology paper lays departures out.

The list stands with the modelling zone and not in reference/, which all zones share: another word in it must not link a
quarter anew.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

STATEMENTS = Path(__file__).with_name("study_to_code.csv")
AS_STATED, DIFFERENTLY, NOT_DONE = "as stated", "differently", "not done"
STATUSES = (AS_STATED, DIFFERENTLY, NOT_DONE)
METHODOLOGY, REPORT, ROUND_2023 = "methodology", "report", "round of 2023"
SOURCES = (METHODOLOGY, REPORT, ROUND_2023)


class StatementsNotUsable(Exception):
    """The list of statements has a row that cannot stand; names rows and what is wrong with them."""


@dataclass(frozen=True)
class Statement:
    """A statement of the study and what became of it.

    id: such as M2.5.2b. source: one of SOURCES. section: of the source, such as 2.5.2. statement: in our words, short.
    done_by: what does it, separated by "; ": module:name, "setting NAME", "table NUMBER" or a file; empty when nothing
    does. choice: the open question of docs/quality/assumptions.md that it rests on, or empty. status: one of STATUSES.
    because: why, empty when done as stated. effect: where one sees what the departure does to figures.
    """

    id: str
    source: str
    section: str
    statement: str
    done_by: str
    choice: str
    status: str
    because: str
    effect: str

    @property
    def names(self) -> list[str]:
        """What does it, one by one."""
        return [name for name in self.done_by.split("; ") if name]

    @property
    def departs(self) -> bool:
        """Whether it is done differently or not at all."""
        return self.status != AS_STATED


def study_statements(file: Path = STATEMENTS) -> list[Statement]:
    """Every statement, in the order of the sources. Raises StatementsNotUsable."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows, columns = csv.DictReader(lines), [field.name for field in fields(Statement)]
        if rows.fieldnames != columns:
            raise StatementsNotUsable(f"{file.name} has other columns than {', '.join(columns)}.")
        statements = [Statement(**row) for row in rows]
    if found := _faults(statements):
        raise StatementsNotUsable(f"{file.name}: {'; '.join(found)}.")
    return statements


def departures(statements: Sequence[Statement], *sources: str) -> list[Statement]:
    """Statements of `sources` (all, when none is named) that are done differently or not at all, in their order."""
    return [each for each in statements if each.departs and each.source in (sources or SOURCES)]


def _faults(statements: Sequence[Statement]) -> list[str]:
    faults, seen = [], set()
    for each in statements:
        wrong = {
            "is there twice": each.id in seen,
            "has no status or an unknown one": each.status not in STATUSES,
            "is of no known source": each.source not in SOURCES,
            "says nothing": not each.statement or not each.section,
            "departs and does not say why": each.departs and not each.because,
            "departs and does not say with what effect": each.departs and not each.effect,
            "is done as stated and says why not": not each.departs and bool(each.because),
            "is done and nothing is named that does it": each.status != NOT_DONE and not each.names,
        }
        seen.add(each.id)
        faults += [f"{each.id} {fault}" for fault, holds in wrong.items() if holds]
    return faults
