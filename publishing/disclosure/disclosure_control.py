"""Which counts may be shown, and what stands in the cells of those that may not.

Belongs here: primary and secondary suppression of counts, rounding, and the wording of withheld cells. Does not belong
here: tables, and what a reader could work out (possible_counts.py).

    count 0                              shown
    count 1 to threshold - 1             [c]
    count from threshold                 shown, unless it would give away a count that is not

A figure is [c] when a count it is computed from is, and [u] when its base is under the minimum. A small count is given
away when a reader who knows every sum, and that no withheld count is 0, could narrow it down: what is possible must
reach at least the threshold above it. The same count is withheld in every table or in none.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from math import log2

from publishing.disclosure.possible_counts import PossibleCounts
from publishing.tables.counted_table import DECIMALS, HAS_BASE, Cell, Sum
from resources.records.shown_counts import rounded as rounded_count

CONFIDENTIAL, UNRELIABLE, LOW, SHOWN = "[c]", "[u]", "[low]", "shown"
PRIMARY, SECONDARY = "primary", "secondary"
DECIMALS_AT_ONE = 3  # of a limit of an odds ratio that would be printed as 1.00
UNSEEN = 1e-3  # price of moving a count that is not shown: nearly nothing, so that the shortest way is found


class CannotProtect(Exception):
    """A small count can be derived although everything that could be hidden is. Names the count, never its value."""

    def __init__(self, count: str):
        super().__init__(f"{count} follows from what is published. Publish fewer of the counts around it.")
        self.count = count


def hidden_counts(
    counts: Mapping[str, int],
    sums: Iterable[Sum],
    public: Collection[str],
    threshold: int,
    known: Collection[str] = (),
    differences: Collection[str] = (),
    loss: Mapping[str, int] | None = None,
    floors: Mapping[str, int] | None = None,
) -> dict[str, str]:
    """Names of the public counts to hide, sorted: "primary" when the count is small, "secondary" when it protects one.

    counts: every count, public or not. sums: what adds up to what. public: names that are shown, or of which a figure
    that is shown is made. known: names that readers know anyway; differences: names of no group of people; neither
    needs protection. loss: cells that go with each public count; counts that take few cells along are hidden first.
    floors: what readers know counts to be at least; a count that is not withheld or known is at least 0, others 1.
    Small counts that are not public, such as the complement of a public one, are protected too. Raises CannotProtect.
    """
    harmless = {*known, *differences}
    small = sorted(name for name, number in counts.items() if 0 < number < threshold and name not in harmless)
    hidden = {name: PRIMARY for name in small if name in public}
    least = {name: int(name in public and number > 0) for name, number in counts.items()} | dict.fromkeys(known, 0)
    least |= {name: min(floor, counts[name]) for name, floor in (floors or {}).items()}
    possible = PossibleCounts(counts, sums, least)
    moving = {
        name: UNSEEN if name not in public or name in hidden else _price(name, counts[name], loss or {})
        for name in possible.names
        if name not in known and (name not in public or counts[name] > 0)
    }
    unseen = {name: price for name, price in moving.items() if price == UNSEEN}
    safe: set[str] = set()
    for name in small:
        if name not in possible or name in safe:
            continue
        change = possible.cheapest_change(name, threshold, unseen) or possible.cheapest_change(name, threshold, moving)
        if change is None:
            raise CannotProtect(name)
        for shield in sorted(change.keys() - unseen.keys(), key=lambda shield: (moving[shield], shield)):
            fewer = unseen | {other: moving[other] for other in change if other != shield and other in moving}
            change = possible.cheapest_change(name, threshold, fewer) or change
        for shield in change.keys() - unseen.keys():
            hidden[shield], moving[shield], unseen[shield] = SECONDARY, UNSEEN, UNSEEN
        safe |= {other for other, moved in change.items() if moved >= threshold}
    return dict(sorted(hidden.items()))


def _price(name: str, count: int, loss: Mapping[str, int]) -> float:
    """What hiding a count takes from the reader: the cells that go with it, larger counts weighing more."""
    return loss.get(name, 1) * log2(1 + count)


def shown_and_status(
    cell: Cell, counts: Mapping[str, int], hidden: Collection[str], minimum_base: int, rounding_base: int = 0
) -> tuple[str, str]:
    """What stands in a cell, and why: ("1,234", "shown"), ("[c]", "[c]") and so on."""
    if cell.quantity in hidden or any(name in hidden for name in cell.depends_on):
        return CONFIDENTIAL, CONFIDENTIAL
    if cell.depends_on and cell.unit in HAS_BASE and 0 < counts[cell.depends_on[-1]] < minimum_base:
        return UNRELIABLE, UNRELIABLE
    value = published_value(cell, counts, rounding_base)
    if value is None:
        text = cell.text or "[x]"
        return text, text if text.startswith("[") else SHOWN
    if value == 0 and cell.value:
        return LOW, LOW
    return f"{value:,}", SHOWN


def published_value(cell: Cell, counts: Mapping[str, int], rounding_base: int = 0) -> Decimal | None:
    """The number that a cell publishes when nothing withholds it: rounded; None when it has none.

    rounding_base: counts are rounded to its multiples, each for itself, and shares are computed from rounded counts;
    0 leaves counts as they are.
    """
    if cell.value is None:
        return None
    value = cell.value
    if rounding_base and cell.is_share:
        part, base = (rounded_count(counts[name], rounding_base) for name in (cell.depends_on[0], cell.depends_on[-1]))
        if base == 0:
            return None
        value = 100 * part / base
    if rounding_base and cell.unit == "count":
        return Decimal(rounded_count(int(value), rounding_base))
    near = rounded(value, DECIMALS[cell.unit])
    # Whether an interval includes 1 is what readers look for.
    at_one = cell.unit == "odds ratio" and near == 1 and value != 1
    return rounded(value, DECIMALS_AT_ONE) if at_one and _is_limit(cell) else near


def _is_limit(cell: Cell) -> bool:
    return cell.measure.key.partition("/")[0].endswith(("_lower", "_upper"))


def rounded(value: float, decimals: int) -> Decimal:
    """`value` rounded half up, as published. Zero has no sign."""
    near = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return near or abs(near)
