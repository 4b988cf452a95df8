"""docs/holdings.md: whose each table is, on which basis it is held, and how long it is kept."""

import re

from contracts.crossings import CROSSINGS
from contracts.holdings import ABOUT
from pathways.documents.holdings_page import PAGE, page_text

TEXT = page_text()


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == TEXT, "run `python -m pathways.documents.holdings_page`"


def test_every_table_has_a_row_with_its_owner_basis_and_end_of_keeping():
    bases, ends = (re.findall(r"^\d+\. (.*)$", part, re.MULTILINE) for part in TEXT.split("Kept:", 1))
    found, owner = {}, ""
    for line in TEXT.splitlines():
        owner = line.removeprefix("Owner: ") if line.startswith("Owner: ") else owner
        cells = line.strip("| ").split(" | ")
        if cells[0] in ABOUT:
            found[cells[0]] = (owner, bases[int(cells[2]) - 1], ends[int(cells[3].strip(" |")) - 1])
    assert found == {name: (about.owner, about.legal_basis, about.retention) for name, about in ABOUT.items()}


def test_what_crosses_says_to_whom():
    for name, crossing in CROSSINGS.items():
        (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| {name} |")]
        assert all(reader in row for reader in crossing.read_by)
