"""What a table was made from, and what is made from it: receipts read as a graph.

Belongs here: walking it. Does not belong here: reading receipts (resources/receipts), which cells a table has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from resources.receipts.receipts import Receipt

Kind = Literal["table", "extract", "file", "settings"]
PREFIXES: dict[str, Kind] = {"extract": "extract", "file": "file", "settings": "settings"}
MISSING = ""  # what a receipt says of an input that was not there


@dataclass(frozen=True)
class Source:
    """One thing that a table was made from: "extract:ndelius/offender" is an extract, "settings:linkage" a section of
    study.toml, a bare name a table. `sha256`: its content then, empty where it was not there.
    """

    kind: Kind
    name: str
    sha256: str


@dataclass
class Step:
    """A table on the way: its receipt, its zone, and how many tables lie between it and where the walk began."""

    zone: str
    receipt: Receipt
    distance: int
    sources: list[Source] = field(default_factory=list[Source])


def sources_of(receipt: Receipt) -> list[Source]:
    """What a table was made from, as its receipt says, sorted by kind and name."""
    found: list[Source] = []
    for written, sha256 in receipt.made_from.items():
        prefix, colon, name = written.partition(":")
        kind = PREFIXES.get(prefix, "table") if colon else "table"
        found.append(Source(kind, name if colon else written, sha256))
    return sorted(found, key=lambda source: (source.kind, source.name))


def walk_back(
    receipts: Mapping[str, tuple[str, Receipt]], table: str, only: Mapping[str, frozenset[str]] | None = None
) -> list[Step]:
    """The table and all that it was made from, nearest first, then by name. `receipts`: table to zone and receipt.
    `only`: of a table that holds more than is asked about, the tables that count.
    """
    counting = only or {}
    steps: dict[str, Step] = {}
    new, distance = [table], 0
    while new:
        for name in new:
            zone, receipt = receipts[name]
            found = sources_of(receipt)
            if name in counting:
                found = [source for source in found if source.kind != "table" or source.name in counting[name]]
            steps[name] = Step(zone, receipt, distance, found)
        named = {source.name for name in new for source in steps[name].sources if source.kind == "table"}
        new, distance = sorted(name for name in named if name in receipts and name not in steps), distance + 1
    return list(steps.values())


def walk_forward(receipts: Mapping[str, tuple[str, Receipt]], source: str) -> list[str]:
    """Tables made from a source, directly or through others, sorted. `source` as in a receipt: a table's name, or
    "extract:ndelius/offender".
    """
    found: set[str] = set()
    new = {source}
    while new:
        new = {name for name, (_, receipt) in receipts.items() if new & receipt.made_from.keys()} - found
        found |= new
    return sorted(found)


def extracts_of_steps(steps: Iterable[Step]) -> dict[str, str]:
    """Extracts that the steps were made from, with the hash of their content, sorted by name."""
    found = {source.name: source.sha256 for step in steps for source in step.sources if source.kind == "extract"}
    return dict(sorted(found.items()))


def no_longer_so(receipts: Mapping[str, tuple[str, Receipt]], steps: Iterable[Step]) -> list[str]:
    """Tables on the way, sorted, whose inputs are no longer what they were made from: a refresh makes them again."""
    return sorted(
        step.receipt.table
        for step in steps
        if any(
            source.kind == "table"
            and source.sha256 != MISSING
            and (source.name not in receipts or receipts[source.name][1].sha256 != source.sha256)
            for source in step.sources
        )
    )
