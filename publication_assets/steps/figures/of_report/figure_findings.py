"""What the title of a figure says: a finding that holds by the limits that the figure shows, or nothing.

Belongs here: the rules for such a sentence, and its words. Does not belong here: the figures, and what is said where
nothing holds: then the title names the statistics. A group is said to differ from all by the rule of
clear_differences.py, two estimates from each other by that of `difference` there.
"""

from collections.abc import Sequence

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.clear_differences import ClearDifferences, clear_differences, difference
from publication_assets.steps.documents.comparisons import group_words, listed
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import noun_of

MOST_NAMED = 3  # groups in a title; where more differ, their number is said


def regions_finding(cells: ShownCells, table: str, measure: str, did: str, whole: str) -> str:
    """E.g. "ATRs were linked more often than in England in 3 regions and less often in 2; DRRs no clear difference".

    measure: the family of columns, a member for each type. did: what is counted, e.g. "were linked".
    """
    found = _of_types(cells, table, cells.levels(table), measure, whole)
    if not any(each.above or each.below for each in found.values()):
        nouns = " and ".join(found)
        return f"In no region do {nouns} differ clearly from England in how often they {did}" if found else ""
    said, than = [], " than in England"
    for noun, each in found.items():
        parts = []
        for word, groups in (("more", each.above), ("less", each.below)):
            if groups:
                regions = "" if said or parts else " region" if len(groups) == 1 else " regions"
                parts.append(f"{word} often{than} in {len(groups)}{regions}")
                than = ""
        verb = f" {did}" if not said else ""
        said.append(f"{noun}{verb} {' and '.join(parts)}" if parts else f"{noun} in none clearly")
    return "; ".join(said)


def groups_finding(cells: ShownCells, table: str, rows: Sequence[str], measure: str, did: str, whole: str) -> str:
    """Groups that differ from all in the same direction for every type, e.g. "ATRs and DRRs were linked
    more often than overall for settled; less often for no fixed address"."""
    found = _of_types(cells, table, rows, measure, whole)
    if not found:
        return ""
    said, than = [], " than overall"
    for word in ("above", "below"):
        alike = _in_all([[group[0] for group in getattr(each, word)] for each in found.values()])
        if alike:
            groups = listed([group_words(label) for label in alike]) if len(alike) <= MOST_NAMED else ""
            how = f"{'more' if word == 'above' else 'less'} often{than}"
            said.append(f"{how} for {groups}" if groups else f"{how} in {len(alike)} of {len(rows)} groups")
            than = ""
    return f"{' and '.join(found)} {did} {'; '.join(said)}" if said else ""


def types_finding(cells: ShownCells, pairs: Sequence[tuple[str, str, str]], did: str, everywhere: str) -> str:
    """Whether ATRs differ from DRRs in the same direction in every row, e.g. "DRRs were in treatment more often than
    ATRs on every day". pairs: table, row and column, in which "{kind}" is a type."""
    signs = set()
    for table, row, measure in pairs:
        atr, drr = (_estimate(cells, table, row.format(kind=kind), measure.format(kind=kind)) for kind in TYPES)
        signs.add(difference(atr, drr))
    if signs not in ({1}, {-1}):
        return ""
    more, less = (noun_of(kind) for kind in (TYPES if signs == {1} else TYPES[::-1]))
    return f"{more} {did} more often than {less} {everywhere}"


def rows_finding(cells: ShownCells, table: str, first: str, second: str, measure: str) -> str:
    """How a row compares with another for every type: "more", "less", or nothing where that is not
    clear."""
    signs = set()
    for kind in TYPES:
        one, other = (_estimate(cells, table, row, f"{measure}/{kind}") for row in (first, second))
        signs.add(difference(one, other))
    return {frozenset({1}): "more", frozenset({-1}): "less"}.get(frozenset(signs), "")


def highest_row(cells: ShownCells, table: str, rows: Sequence[str], measure: str) -> str:
    """The row whose estimate is clearly above that of every other, or nothing. A row without limits decides nothing."""
    values = {row: _estimate(cells, table, row, measure) for row in rows}
    known = {row: found for row, found in values.items() if None not in found}
    for row, found in known.items():
        if len(known) > 1 and all(difference(found, other) == 1 for name, other in known.items() if name != row):
            return row
    return ""


def _of_types(
    cells: ShownCells, table: str, rows: Sequence[str], measure: str, whole: str
) -> dict[str, ClearDifferences]:
    """What differs, by type; empty where one of them cannot be compared, or not all of it is shown."""
    found = {noun_of(kind): clear_differences(cells, table, [*rows], f"{measure}/{kind}", whole) for kind in TYPES}
    known = {noun: each for noun, each in found.items() if each is not None and each.complete}
    return known if len(known) == len(found) else {}


def _estimate(cells: ShownCells, table: str, row: str, measure: str) -> list[float | None]:
    """An estimate and its limits."""
    return cells.estimate(table, row, measure)


def _in_all(lists: list[list[str]]) -> list[str]:
    """What is in every list, in the order of the first."""
    return [each for each in lists[0] if all(each in other for other in lists[1:])]
