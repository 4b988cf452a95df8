"""Says which rows of a published table differ clearly from all of it, by the limits that the table shows.

Belongs here: the rule for calling a group different, and its words. Does not belong here: any particular table. The
rule: the limits of the group leave out the share of all, both as exact as the counts that are shown. A group inside
its limits is not ranked: its place among the others may be chance. Nothing is said where no group is shown with its
limits, or where all is withheld.
"""

from dataclasses import dataclass
from math import hypot

from publication_assets.steps.documents.comparisons import group_words, listed
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.disclosure.disclosure_control import CONFIDENTIAL, UNRELIABLE
from publishing.tables.declared import and_limits

WITHHELD = (CONFIDENTIAL, UNRELIABLE)


@dataclass(frozen=True)
class ClearDifferences:
    """Groups above and below the share of all, in the order of the table: label, share and limits as published. They
    are not ranked: groups on the same side may not differ from each other.

    whole: the share of all, with its sign. complete: no group is withheld.
    """

    above: list[tuple[str, str, str]]
    below: list[tuple[str, str, str]]
    whole: str
    complete: bool

    def in_words(self, than: str, before: str, written: dict[str, str] | None = None) -> str:
        """E.g. "more often than in England (50%) in North East (75%, 66% to 82%); less often in South West (25%, 18% to
        34%)"; where no group differs clearly "no clear difference from the share in England (50%)".

        than: what all is called; before: stands before groups, which are called what `written` says.
        """
        parts, beside = [], f" than {than} ({self.whole})"
        for word, groups in (("more often", self.above), ("less often", self.below)):
            named = [
                f"{group_words((written or {}).get(row, row))} ({share}, {limits})" for row, share, limits in groups
            ]
            if named:
                parts.append(f"{word}{beside} {before}{listed(named)}")
                beside = ""
        return "; ".join(parts) or f"no clear difference from the share {than} ({self.whole})"


def clear_differences(
    cells: ShownCells, table: str, rows: list[str], measure: str, whole: str
) -> ClearDifferences | None:
    """Rows whose limits leave out the share of the row `whole`; None where nothing can be compared."""
    of_all, known = cells.estimate(table, whole, measure)[0], {}
    for row in rows:
        value, low, high = cells.estimate(table, row, measure)
        if value is not None and low is not None and high is not None:
            known[row] = (value, low, high)
    if of_all is None or len(known) < 2:
        return None
    above = [row for row in known if known[row][1] > of_all]
    below = [row for row in known if known[row][2] < of_all]

    def told(row: str) -> tuple[str, str, str]:
        share, low, high = (cells.percent(table, row, name) for name in and_limits(measure))
        return cells.label(table, row), share, f"{low} to {high}"

    return ClearDifferences(
        [told(row) for row in above],
        [told(row) for row in below],
        cells.percent(table, whole, measure),
        not any(cells.text(table, row, measure) in WITHHELD for row in rows),
    )


def difference(first: list[float | None], second: list[float | None]) -> int | None:
    """Whether an estimate is clearly below (-1) or above (1) another, or neither (0); None where a number is withheld.

    Each is estimate, lower and upper limit. The interval of the difference is that of Newcombe (1998) from the limits
    of both; intervals that overlap a little can still be of estimates that differ.
    """
    if None in (*first, *second):
        return None
    (one, low, high), (other, other_low, other_high) = ([each or 0.0 for each in part] for part in (first, second))
    below, above = hypot(one - low, other_high - other), hypot(high - one, other - other_low)
    return 1 if one - other > below else -1 if other - one > above else 0
