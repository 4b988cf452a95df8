"""Which counts may be shown, and what stands in the cells of those that may not.

Belongs here: primary and secondary suppression of counts and the wording of withheld cells. Does not belong here:
tables.

    count 0                              shown
    count 1 to threshold - 1             [c]
    count from threshold                 shown, unless it would give away a count that is not

A percentage or estimate is [c] when a count it is computed from is, and [u] when its base is under the minimum.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from modelling_assets.steps.declared_table import DECIMALS, Cell, Sum

CONFIDENTIAL, UNRELIABLE, LOW, SHOWN = "[c]", "[u]", "[low]", "shown"


class CannotProtect(Exception):
    """A small count can be derived although everything that could be hidden is. Names the count, never its value."""


def hidden_counts(counts: dict[str, int], sums: Iterable[Sum], public: set[str], threshold: int) -> set[str]:
    """Names of the public counts to hide.

    counts: every count, public or not. sums: what adds up to what. public: names that are shown or known to readers.
    A count from 1 to threshold - 1 is hidden; then, as long as such a count (also one that is not public, such as the
    complement of a public one) follows from what is still shown, the smallest count that closes the way is hidden too.
    """
    sums = list(sums)
    small = {name for name, number in counts.items() if 0 < number < threshold}
    hidden = small & public
    while exposed := _exposed(counts, sums, public - hidden, small, threshold):
        hidden.add(_smallest_shield(counts, sums, public - hidden, exposed))
    return hidden


def _exposed(counts, sums: list[Sum], visible: set[str], small: set[str], threshold: int) -> list[str]:
    """Small counts that the visible counts determine, or leave too few possibilities for, with what is determined on
    the way."""
    exposed: set[str] = set()
    for block in _blocks(sums, visible):
        unknown = sorted({name for total in block for name in (total.total, *total.parts)} - visible)
        if small.isdisjoint(unknown):
            continue
        position = {name: index for index, name in enumerate(unknown)}
        equations = np.zeros((len(block), len(unknown)))
        for row, total in enumerate(block):
            for name, sign in ((total.total, 1), *((part, -1) for part in total.parts)):
                if name in position:
                    equations[row, position[name]] = sign
        _, strengths, directions = np.linalg.svd(equations)
        free = directions[int((strengths > 1e-9).sum()) :]
        determined = {name for name in unknown if np.abs(free[:, position[name]]).max(initial=0) < 1e-9}
        if determined & small:
            exposed |= determined
        for total in block:
            parts = set(total.parts) - visible
            if total.total in visible and parts & small and sum(counts[part] for part in parts) < threshold:
                exposed |= parts & small
    return sorted(exposed)


def _blocks(sums: list[Sum], visible: set[str]) -> list[list[Sum]]:
    """Sums grouped so that two groups share no count that is not visible."""
    blocks: list[tuple[set[str], list[Sum]]] = []
    for total in sums:
        unknown, members = {total.total, *total.parts} - visible, [total]
        if not unknown:
            continue
        apart = []
        for names, others in blocks:
            if names & unknown:
                unknown, members = names | unknown, others + members
            else:
                apart.append((names, others))
        blocks = [*apart, (unknown, members)]
    return [members for _, members in blocks]


def _smallest_shield(counts, sums: list[Sum], visible: set[str], exposed: list[str]) -> str:
    touching = [total for total in sums if not {total.total, *total.parts}.isdisjoint(exposed)]
    parts = {part for total in touching for part in total.parts if part in visible and counts[part] > 0}
    shields = parts or {total.total for total in touching if total.total in visible}
    if not shields:
        raise CannotProtect(f"{exposed[0]} follows from what is published. Publish fewer of the counts around it.")
    return min(shields, key=lambda name: (counts[name], name))


def shown_and_status(cell: Cell, counts: dict[str, int], hidden: set[str], minimum_base: int) -> tuple[str, str]:
    """What stands in a cell, and why: ("1,234", "shown"), ("[c]", "[c]") and so on."""
    if cell.quantity in hidden or hidden.intersection(cell.depends_on):
        return CONFIDENTIAL, CONFIDENTIAL
    if cell.depends_on and 0 < counts[cell.depends_on[-1]] < minimum_base:
        return UNRELIABLE, UNRELIABLE
    if cell.value is None:
        text = cell.text or "[x]"
        return text, text if text.startswith("[") else SHOWN
    number = rounded(cell.value, DECIMALS[cell.unit])
    if number == 0 and cell.value > 0:
        return LOW, LOW
    return f"{number:,}", SHOWN


def rounded(value: float, decimals: int) -> Decimal:
    """`value` rounded half up, as published."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
