"""Writes docs/holdings.md: every table, who answers for it, what it holds, on which basis, and how long it is kept.

    python -m pathways.documents.holdings_page

Belongs here: the layout of that page. Does not belong here: what is declared of a table (contracts/holdings.py).
"""

from itertools import groupby
from pathlib import Path

from contracts.crossings import CROSSINGS
from contracts.holdings import ABOUT
from resources.lineage.table_catalogue import AboutTable
from resources.process.data_root import REPOSITORY

PAGE = REPOSITORY / "docs" / "holdings.md"
INTRODUCTION = """# Holdings

Every table that a run makes: who answers for it, what it holds, the legal basis, and how long it is kept. The page of
a table under Assets in Dagster says the same. This page is written from `contracts/holdings.py` by
`python -m pathways.documents.holdings_page`.

There are {tables} tables. {crossing} of them cross from one zone to another: `contracts/crossings.py` says why. A row
names its legal basis, and how long the table is kept, by number.
"""
HEADER = "| table | holds | basis | kept | crosses to |\n|---|---|---|---|---|"


def write_page() -> Path:
    """Write the page and return its path."""
    PAGE.write_text(page_text(), encoding="utf-8")
    return PAGE


def page_text() -> str:
    """The page, in Markdown."""
    bases = list(dict.fromkeys(about.legal_basis for about in ABOUT.values()))
    ends = list(dict.fromkeys(about.retention for about in ABOUT.values()))
    lines = [INTRODUCTION.format(tables=len(ABOUT), crossing=len(CROSSINGS)), "Legal basis:", ""]
    lines += [f"{number}. {words}" for number, words in enumerate(bases, 1)]
    lines += ["", "Kept:", "", *(f"{number}. {words}" for number, words in enumerate(ends, 1))]
    for (zone, owner), tables in groupby(ABOUT.items(), lambda each: (each[1].zone, each[1].owner)):
        lines += ["", f"## {zone}", "", f"Owner: {owner}", "", HEADER]
        lines += [_row(name, about, bases, ends) for name, about in tables]
    return "\n".join(lines) + "\n"


def _row(name: str, about: AboutTable, bases: list[str], ends: list[str]) -> str:
    to = ", ".join(f"`{reader}`" for reader in CROSSINGS[name].read_by) if name in CROSSINGS else ""
    basis, end = bases.index(about.legal_basis) + 1, ends.index(about.retention) + 1
    return f"| {name} | {about.words} | {basis} | {end} | {to} |"


if __name__ == "__main__":
    print(write_page())
